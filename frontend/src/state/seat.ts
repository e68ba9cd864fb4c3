import { signal } from "@preact/signals";
import { uuid4 } from "./uuid";

/** Where an attempt is worked at: in this tab, in one that was there first, or in one that took over. */
export type Standing = "here" | "there" | "taken";

/** What the tabs of one attempt say to each other. `since`: when the sender began to hold the seat. */
export interface News {
  kind: "asks" | "holds" | "takes" | "gave" | "ended";
  tab: string;
  since: number;
}

/** A line to the other tabs that show the same attempt. */
export interface Line {
  post: (news: News) => void;
  close: () => void;
}

export interface SeatTools {
  tab: string;
  now: () => number;
  connect: (hear: (news: News) => void) => Line;
  /** Resolve when so much time has passed. */
  pause: (milliseconds: number) => Promise<void>;
  /** Bring to safety what was typed here, before another tab goes on. */
  giveWay: () => Promise<unknown>;
  /** The attempt was handed in by another tab. */
  onEnded: () => void;
}

/** A tab that sleeps or has crashed gives nothing; what it had typed is on the shelf. */
const PATIENCE = 2500;

/**
 * Lets one tab at a time work at an attempt.
 *
 * Two tabs that both take entries would overwrite each other's, and neither could tell what will be graded. The first
 * has the seat; a later one is told and may take it, whereupon the first saves what was typed and stops.
 */
export class Seat {
  readonly standing = signal<Standing>("here");
  private since: number;
  private line: Line | null = null;
  private given: () => void = () => undefined;

  constructor(private readonly tools: SeatTools) {
    this.since = tools.now();
  }

  enter(): void {
    this.line ??= this.tools.connect((news) => void this.hear(news));
    this.post("asks");
  }

  leave(): void {
    this.line?.close();
    this.line = null;
  }

  /** Go on in this tab. Resolves when the other has saved what was typed there. */
  async take(): Promise<void> {
    const given = new Promise<void>((resolve) => {
      this.given = resolve;
    });
    this.post("takes");
    await Promise.race([given, this.tools.pause(PATIENCE)]);
    this.since = this.tools.now();
    this.standing.value = "here";
  }

  /** Tell the other tabs that the attempt is over. */
  announceEnd(): void {
    this.post("ended");
  }

  private async hear(news: News): Promise<void> {
    const holds = this.standing.peek() === "here";
    if (news.kind === "ended") this.tools.onEnded();
    if (news.kind === "gave") this.given();
    if (news.kind === "asks" && holds && this.precedes(news)) this.post("holds");
    if (news.kind === "holds" && holds && !this.precedes(news)) this.standing.value = "there";
    if (news.kind === "takes" && holds) {
      this.standing.value = "taken";
      await this.tools.giveWay();
      this.post("gave");
    }
  }

  private precedes({ since, tab }: News): boolean {
    return this.since < since || (this.since === since && this.tools.tab < tab);
  }

  private post(kind: News["kind"]): void {
    this.line?.post({ kind, tab: this.tools.tab, since: this.since });
  }
}

/** A line over the browser's own channel; a browser without one has tabs that do not know of each other. */
export function channelTo(attempt: string, hear: (news: News) => void): Line {
  if (typeof BroadcastChannel === "undefined") return { post: () => undefined, close: () => undefined };
  const channel = new BroadcastChannel(`assay.attempt.${attempt}`);
  channel.onmessage = ({ data }: MessageEvent<News>) => hear(data);
  return { post: (news) => channel.postMessage(news), close: () => channel.close() };
}

export const thisTab = uuid4();
