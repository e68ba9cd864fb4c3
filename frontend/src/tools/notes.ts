import { deviceStorage, shelf } from "../state/storage";

/** What was noted on the scratch pad of an attempt, by its id; in practice there is one for all. */
export const notes = shelf(deviceStorage(), "notes", (stored) =>
  typeof stored === "string" ? stored : null,
);
