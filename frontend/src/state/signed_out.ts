import { signal } from "@preact/signals";

/** Whether the server has stopped knowing who this is, since it last told us. */
export const signedOut = signal(false);
