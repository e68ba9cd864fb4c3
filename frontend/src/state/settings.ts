import { signal } from "@preact/signals";
import { deviceStorage, shelf } from "./storage";

const kept = shelf(deviceStorage(), "setting", (stored) => (typeof stored === "boolean" ? stored : null));

const DIGIT_KEYS = "digit-keys";

/**
 * Whether the keys 1 to 9 choose options. Somebody who dictates, or whose hand trembles, chooses by accident where a
 * single key is a command, so it can be turned off (WCAG 2.1.4).
 */
export const digitKeys = signal(kept.get(DIGIT_KEYS) ?? true);

export function setDigitKeys(isOn: boolean): void {
  digitKeys.value = isOn;
  kept.put(DIGIT_KEYS, isOn);
}
