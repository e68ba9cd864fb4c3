import { effect } from "@preact/signals";
import { describe, expect, it, vi } from "vitest";
import { ApiFailure, ConnectionLost } from "../../src/api/failure";
import type { Reply } from "../../src/api/types";
import { Outbox, type Parcel, pauseAfter } from "../../src/state/outbox";
import type { Shelf } from "../../src/state/storage";
import { memoryShelf } from "../shelf";

const VERDICT: Reply = {
  id: "r1",
  position: 1,
  try: 1,
  valid: true,
  score: 1,
  standing: 1,
  max_score: 1,
  correct: true,
  interactions: {},
  feedback: null,
  solution: null,
  right: null,
  place: { state: "answered", tries_left: 0, answers: 1 },
  attempt: { state: "open", score: 1, max_score: 1 },
  next: null,
};

const HERE = { learner: "l1", attempt: "a1", position: 1 };
const refusal = (status: number, retryAfter: number | null = null, code = "no") =>
  new ApiFailure(status, [{ code, detail: "No.", attr: null }], retryAfter);

/** An outbox whose server plays back `replies`, and a note of everything that was sent. */
function scene(replies: (Reply | Error)[], shelf: Shelf<Parcel> = memoryShelf()) {
  const sent: Parcel[] = [];
  const waits: number[] = [];
  let keys = 0;
  const outbox = new Outbox({
    shelf,
    send: async (parcel) => {
      sent.push(parcel);
      const reply = replies.shift() ?? VERDICT;
      if (reply instanceof Error) throw reply;
      return reply;
    },
    newKey: () => {
      keys += 1;
      return `key-${keys}`;
    },
    wait: async (milliseconds) => void waits.push(milliseconds),
    hurry: () => undefined,
  });
  return { outbox, sent, waits, shelf };
}

describe("the outbox", () => {
  it("repeats an unanswered request under the same key until the server acknowledges it", async () => {
    const { outbox, sent } = scene([new ConnectionLost(), refusal(503), VERDICT]);
    expect(await outbox.post(HERE, { a: "1" })).toEqual(VERDICT);
    expect(sent.map((parcel) => parcel.key)).toEqual(["key-1", "key-1", "key-1"]);
  });

  it("keeps an answer before it is sent and lets it go when it is acknowledged", async () => {
    const { outbox, shelf } = scene([VERDICT]);
    const delivery = outbox.post(HERE, { a: "1" });
    expect(shelf.entries()).toHaveLength(1);
    await delivery;
    expect(shelf.entries()).toEqual([]);
  });

  it("says how long the item was in view, and repeats that with the answer", async () => {
    const { outbox, sent } = scene([new ConnectionLost(), VERDICT]);
    await outbox.post(HERE, { a: "1" }, 12.5);
    expect(sent.map(({ seconds }) => seconds)).toEqual([12.5, 12.5]);
  });

  it("joins a second click to the delivery under way", async () => {
    const { outbox, sent } = scene([VERDICT]);
    const deliveries = [outbox.post(HERE, { a: "1" }), outbox.post(HERE, { a: "1" })];
    await Promise.all(deliveries);
    expect(sent).toHaveLength(1);
  });

  it("gives the next try of the same item a key of its own", async () => {
    const { outbox, sent } = scene([VERDICT, VERDICT]);
    await outbox.post(HERE, { a: "1" });
    await outbox.post(HERE, { a: "1" });
    expect(sent.map((parcel) => parcel.key)).toEqual(["key-1", "key-2"]);
  });

  it("takes up after a reload what the earlier page left, under the old key", async () => {
    const { shelf } = scene([]);
    shelf.put("a1/1", { ...HERE, answer: { a: "7" }, key: "from-before" });
    const { outbox, sent } = scene([VERDICT], shelf);
    outbox.resume("l1");
    const [delivery] = outbox.underWayIn("a1");
    expect(delivery).toMatchObject({ position: 1, answer: { a: "7" } });
    expect(outbox.underWayIn("another")).toEqual([]);
    await delivery?.verdict;
    expect(sent).toEqual([{ ...HERE, answer: { a: "7" }, key: "from-before" }]);
  });

  it("does not send one learner's answer as another's", () => {
    const { shelf } = scene([]);
    shelf.put("a1/1", { ...HERE, answer: { a: "7" }, key: "k" });
    const { outbox, sent } = scene([], shelf);
    outbox.resume("somebody-else");
    expect(sent).toEqual([]);
    expect(shelf.entries()).toHaveLength(1);
  });

  it("lets go of an answer that is refused for good, and says why", async () => {
    const { outbox, shelf } = scene([refusal(409)]);
    await expect(outbox.post(HERE, { a: "1" })).rejects.toMatchObject({ status: 409 });
    expect(shelf.entries()).toEqual([]);
    expect(outbox.pending.value).toBe(0);
  });

  it("holds an answer back while the learner is signed out, and then sends it under its first key", async () => {
    const { outbox, sent, shelf } = scene([refusal(401), VERDICT]);
    await expect(outbox.post(HERE, { a: "1" })).rejects.toMatchObject({ status: 401 });
    expect(shelf.entries()).toHaveLength(1);
    await outbox.post(HERE, { a: "1" });
    expect(sent.map((parcel) => parcel.key)).toEqual(["key-1", "key-1"]);
  });

  it("waits longer after each failure, up to half a minute", () => {
    const waits = [1, 2, 3, 6, 20].map((tries) => pauseAfter(tries, new ConnectionLost()));
    expect(waits).toEqual([1000, 2000, 4000, 30_000, 30_000]);
  });

  it("waits as long as the server asks for", async () => {
    const { outbox, waits } = scene([refusal(429, 7), VERDICT]);
    await outbox.post(HERE, { a: "1" });
    expect(waits).toEqual([7000]);
  });

  it("holds an answer back while the page lacks its token", async () => {
    const { outbox, shelf } = scene([refusal(403, null, "csrf_failed")]);
    await expect(outbox.post(HERE, { a: "1" })).rejects.toMatchObject({ status: 403 });
    expect(shelf.entries()).toHaveLength(1);
  });

  it("forgets an answer that was held back when it is changed", async () => {
    const { outbox, shelf } = scene([refusal(401)]);
    await expect(outbox.post(HERE, { a: "1" })).rejects.toMatchObject({ status: 401 });
    outbox.withdraw(HERE);
    expect(shelf.entries()).toEqual([]);
  });

  it("keeps for the learner what came after the end, and does not send it again", async () => {
    const { outbox, sent } = scene([refusal(409, null, "attempt_expired")]);
    await expect(outbox.post(HERE, { a: "7" })).rejects.toMatchObject({ status: 409 });
    expect(outbox.tooLateIn("a1")).toMatchObject([{ position: 1, answer: { a: "7" } }]);
    outbox.resume("l1");
    expect(sent).toHaveLength(1);
  });

  it("says what stopped the last try, until the answer arrives", async () => {
    const seen: unknown[] = [];
    const { outbox } = scene([refusal(503)]);
    const delivery = outbox.post(HERE, { a: "1" });
    const stop = effect(() => {
      seen.push(outbox.troubleAt(HERE));
    });
    await delivery;
    await Promise.resolve();
    stop();
    expect(seen).toEqual([null, expect.objectContaining({ status: 503 }), null]);
  });

  it("remembers a verdict that came while nobody listened", async () => {
    const { shelf } = scene([]);
    shelf.put("a1/1", { ...HERE, answer: { a: "7" }, key: "k" });
    const { outbox } = scene([VERDICT], shelf);
    outbox.resume("l1");
    await outbox.deliver("l1", "a1", 1000);
    expect(outbox.arrivalAt(HERE)).toEqual({ answer: { a: "7" }, verdict: VERDICT });
  });

  it("gives up waiting for a delivery after the time, and keeps the answer", async () => {
    vi.useFakeTimers();
    const shelf = memoryShelf<Parcel>();
    const outbox = new Outbox({
      shelf,
      send: () => new Promise(() => undefined),
      newKey: () => "k",
      wait: async () => undefined,
      hurry: () => undefined,
    });
    void outbox.post(HERE, { a: "1" });
    const delivery = expect(outbox.deliver("l1", "a1", 5000)).rejects.toMatchObject({ positions: [1] });
    await vi.advanceTimersByTimeAsync(5000);
    await delivery;
    vi.useRealTimers();
    expect(shelf.entries()).toHaveLength(1);
  });

  it("delivers first what was held back, and throws what keeps it from arriving", async () => {
    const { outbox } = scene([refusal(401), refusal(401), VERDICT]);
    await expect(outbox.post(HERE, { a: "1" })).rejects.toMatchObject({ status: 401 });
    await expect(outbox.deliver("l1", "a1", 1000)).rejects.toMatchObject({ status: 401 });
    await outbox.deliver("l1", "a1", 1000);
    expect(outbox.arrivalAt(HERE)?.verdict).toEqual(VERDICT);
  });
});
