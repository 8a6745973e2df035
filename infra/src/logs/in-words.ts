import { type Colours, colouredLevel } from './colours.ts';
import type { LineContent } from './line-content.ts';

/** A line for people: its level, what it says, and how long what it tells of took. */
export function inWords({ level, text, ms }: LineContent, colours: Colours): string {
  return [
    ...(level ? [colouredLevel(level, colours)] : []),
    text,
    ...(ms === undefined ? [] : [milliseconds(ms)]),
  ].join(' ');
}

/** `0.42 ms`, `7.1 ms`, `2,013 ms`. */
export function milliseconds(ms: number): string {
  const digits = ms < 1 ? 2 : ms < 100 ? 1 : 0;
  return `${ms.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })} ms`;
}
