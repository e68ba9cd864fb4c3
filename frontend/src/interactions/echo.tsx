import { useEffect, useRef, useState } from "preact/hooks";
import { announce } from "../state/announcer";
import { conventionOf, type Rules, readNumber } from "./number_reader";

export interface EchoWords {
  shown: string;
  spoken: string;
  isRefusal: boolean;
}

/** A number written so, in signs or in the digits of its locale, reads as it looks. */
const PLAIN = /^[-−+]?\d+(?:[.,]\d+)?$/;
/** What has more figures than the first is shown with the second, as about so much. */
const [MOST_FIGURES, FIGURES] = [12, 6];
const [SMALL, LARGE] = [1e-5, 1e9];
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** How a number is read, where that is not plain to see from what was typed; null where it is, or nothing was typed. */
export function echoOf(typed: string, rules: Rules): EchoWords | null {
  if (typed.trim() === "") return null;
  const reading = readNumber(typed, rules);
  if ("refusal" in reading) return { shown: reading.refusal, spoken: reading.refusal, isRefusal: true };
  if (PLAIN.test(typed.trim())) return null;
  const isExact = Number(reading.value.toPrecision(MOST_FIGURES)) === reading.value;
  const shown = isExact ? reading.value : Number(reading.value.toPrecision(FIGURES));
  const written = inFigures(shown, conventionOf(rules.locale).decimal);
  return {
    shown: `${isExact ? "=" : "≈"} ${written}`,
    spoken: `Read as ${isExact ? "" : "about "}${written}.`,
    isRefusal: false,
  };
}

/** A number as people write it: 0.0015, or 1.5 × 10⁻⁷ where zeros would have to be counted. */
function inFigures(value: number, decimal: string): string {
  const size = Math.abs(value);
  const isExtreme = size !== 0 && (size < SMALL || size >= LARGE);
  const [mantissa = "", power = ""] = (isExtreme ? value.toExponential() : String(value)).split("e");
  const figures = mantissa.replace("-", "−").replace(".", decimal);
  return power ? `${figures} × 10${raised(Number(power))}` : figures;
}

const raised = (power: number): string =>
  (power < 0 ? "⁻" : "") + [...String(Math.abs(power))].map((digit) => RAISED[Number(digit)]).join("");

const PAUSE = 1000;

export interface EchoProps {
  typed: string;
  rules: Rules;
  /** Which of several fields is meant. */
  name?: string;
  /** What the verdict says of the text need not be said twice. */
  isRefused: boolean;
}

/** How what is typed will be read. What cannot be read is said only once the typing pauses, and nothing is spoken before. */
export function Echo({ typed, rules, name = "", isRefused }: EchoProps) {
  const words = echoOf(typed, rules);
  const hasPaused = useSpokenPause(typed, words && !isRefused ? `${name} ${words.spoken}`.trim() : "");
  if (!words || (words.isRefusal && (isRefused || !hasPaused))) return null;
  return (
    <span class="echo" data-refused={words.isRefusal}>
      {name && <span class="echo-name">{name} </span>}
      {words.shown}
    </span>
  );
}

/** Whether the text has stood still for a moment; then `sentence` is spoken, but not of a text that stood there before. */
export function useSpokenPause(typed: string, sentence: string): boolean {
  const [settled, setSettled] = useState(typed);
  const latest = useRef(sentence);
  latest.current = sentence;
  useEffect(() => {
    if (typed === settled) return;
    const timer = setTimeout(() => {
      setSettled(typed);
      if (latest.current) announce(latest.current);
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [typed, settled]);
  return typed === settled;
}
