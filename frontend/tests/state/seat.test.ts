import { describe, expect, it } from "vitest";
import { type News, Seat } from "../../src/state/seat";

/** Tabs on one line, whose time is counted by hand. */
function street() {
  const ears = new Set<(news: News) => void>();
  const notes: string[] = [];
  let time = 0;
  const open = (tab: string) => {
    const seat = new Seat({
      tab,
      now: () => {
        time += 1;
        return time;
      },
      connect: (hear) => {
        ears.add(hear);
        return {
          post: (news) => {
            for (const other of [...ears]) if (other !== hear) other(news);
          },
          close: () => void ears.delete(hear),
        };
      },
      pause: () => new Promise((resolve) => setTimeout(resolve, 50)),
      giveWay: async () => {
        await Promise.resolve();
        notes.push(`${tab} saved`);
      },
      onEnded: () => void notes.push(`${tab} heard of the end`),
    });
    seat.enter();
    return seat;
  };
  return { open, notes };
}

describe("two tabs of one attempt", () => {
  it("are told apart: the first works, the second is told", () => {
    const { open } = street();
    const [first, second] = [open("b"), open("a")];
    expect(first.standing.value).toBe("here");
    expect(second.standing.value).toBe("there");
  });

  it("change places when the second takes over, after the first has saved", async () => {
    const { open, notes } = street();
    const [first, second] = [open("a"), open("b")];
    await second.take().then(() => notes.push("b goes on"));
    expect(notes).toEqual(["a saved", "b goes on"]);
    expect(first.standing.value).toBe("taken");
    expect(second.standing.value).toBe("here");
    await first.take();
    expect(first.standing.value).toBe("here");
    expect(second.standing.value).toBe("taken");
    expect(open("c").standing.value).toBe("there");
  });

  it("hear when the attempt is handed in", () => {
    const { open, notes } = street();
    const [first] = [open("a"), open("b")];
    first.announceEnd();
    expect(notes).toEqual(["b heard of the end"]);
  });

  it("need nobody's leave when the first is gone or does not answer", async () => {
    const { open } = street();
    const first = open("a");
    first.leave();
    const second = open("b");
    expect(second.standing.value).toBe("here");
    await second.take();
    expect(second.standing.value).toBe("here");
  });
});
