import { deviceStorage, isRecord, shelf } from "./storage";

/** Where a lesson was left, and how much of it has been read: 0 to 1. */
export interface Bookmark {
  section: string;
  share: number;
}

function readBookmark(stored: unknown): Bookmark | null {
  if (!isRecord(stored)) return null;
  const { section, share } = stored;
  if (typeof section !== "string" || typeof share !== "number" || !(share >= 0 && share <= 1)) return null;
  return { section, share };
}

const bookmarks = shelf(deviceStorage(), "reading", readBookmark);

/** Where this device left a lesson, or null. */
export const bookmark = (slug: string): Bookmark | null => bookmarks.get(slug);

/** Keep the place; what was read before stays read. */
export function leaveBookmark(slug: string, { section, share }: Bookmark): void {
  const before = bookmarks.get(slug);
  if (before?.section === section && before.share >= share) return;
  bookmarks.put(slug, { section, share: Math.max(share, before?.share ?? 0) });
}

/** The share of a text that lies above the lower edge of the window. */
export function shareRead({ top, height }: { top: number; height: number }, windowHeight: number): number {
  return height > 0 ? Math.min(1, Math.max(0, (windowHeight - top) / height)) : 0;
}
