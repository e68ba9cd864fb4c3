import { beforeEach, describe, expect, it } from "vitest";
import { deviceStorage, keepsOnDevice, shelf } from "../../src/state/storage";

const readText = (stored: unknown): string | null => (typeof stored === "string" ? stored : null);

/** The browser's storage, in which nothing more can be put. */
function full(): Storage {
  const refuse = () => {
    throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
  };
  return new Proxy(localStorage, {
    get: (storage, name) => {
      if (name === "setItem") return refuse;
      const value: unknown = Reflect.get(storage, name);
      return typeof value === "function" ? value.bind(storage) : value;
    },
  });
}

describe("a shelf", () => {
  beforeEach(() => {
    localStorage.clear();
    keepsOnDevice.value = true;
  });

  it("keeps a value where a later page finds it", () => {
    shelf(localStorage, "test", readText).put("a", "1");
    expect(shelf(localStorage, "test", readText).entries()).toEqual([["a", "1"]]);
    expect(keepsOnDevice.value).toBe(true);
  });

  it("holds in memory what a full storage refuses, and says so", () => {
    localStorage.setItem("assay.test.a", JSON.stringify("old"));
    const one = shelf(full(), "test", readText);
    one.put("a", "new");
    one.put("b", "2");
    expect(one.get("a")).toBe("new");
    expect(one.entries()).toEqual([
      ["a", "new"],
      ["b", "2"],
    ]);
    expect(keepsOnDevice.value).toBe(false);
    expect(localStorage.getItem("assay.test.a")).toBeNull();
    one.remove("a");
    expect(one.get("a")).toBeNull();
  });

  it("works without any storage, and says so", () => {
    const forbidden = () => {
      throw new DOMException("Access is denied.", "SecurityError");
    };
    const one = shelf(deviceStorage(forbidden), "test", readText);
    expect(keepsOnDevice.value).toBe(false);
    one.put("a", "1");
    expect(one.get("a")).toBe("1");
    expect(keepsOnDevice.value).toBe(false);
  });
});
