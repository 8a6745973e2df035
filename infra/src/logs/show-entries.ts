import { boxColour, coloursFor } from './colours.ts';
import { inWords } from './in-words.ts';
import type { LogEntry } from './log-entry.ts';

/** How lines are printed. */
export interface Shape {
  json: boolean;
  /** Of the boxes that are known: as wide as their names is the column, and one colour each. */
  names: readonly string[];
}

/** Prints lines: time (UTC), box, level, what it says, how long that took, and the id of the request it is about. */
export function show(entries: Iterable<LogEntry>, { json, names }: Shape): void {
  const colours = coloursFor(process.stdout);
  const width = Math.max(...names.map((name) => name.length), 0);
  for (const entry of entries) {
    const { at, box, requestId } = entry;
    const colour = boxColour(Math.max(names.indexOf(box), 0), colours);
    const about = requestId === undefined ? '' : colours.dim(` requestId=${requestId}`);
    const text = `${colours.dim(iso(at))} ${colour(`${box.padEnd(width)} |`)} ${inWords(entry, colours)}${about}`;
    process.stdout.write(`${json ? JSON.stringify(asObject(entry)) : text}\n`);
  }
}

/** `2026-03-01T03:00:00.000Z`. */
export function iso(at: number): string {
  return new Date(at).toISOString();
}

function asObject({ at, box, level, requestId, ms, text, fields }: LogEntry): object {
  return { time: iso(at), box, level, requestId, ms, text, fields };
}
