import type { LogEntry } from './log-entry.ts';

/** nginx writes its lines up to a second late, and each of its processes for itself. */
const LATE_MS = 2000;

/** Merges the logs of several boxes by time, holding no more of them in memory than a few seconds. */
export function* inTime(logs: Iterable<Iterator<LogEntry>>): Generator<LogEntry> {
  const held: LogEntry[] = [];
  for (const entry of merged(logs)) {
    insert(held, entry);
    const newest = held.at(-1)?.at ?? 0;
    const kept = held.findIndex(({ at }) => at > newest - LATE_MS);
    yield* held.splice(0, kept);
  }
  yield* held;
}

/** By the time of what comes next in each, which is as ordered as they are. */
function* merged(logs: Iterable<Iterator<LogEntry>>): Generator<LogEntry> {
  const heads = [...logs].flatMap((log) => head(log) ?? []);
  while (heads.length > 0) {
    const first = heads.reduce((best, one) => (one.entry.at < best.entry.at ? one : best));
    yield first.entry;
    const next = first.log.next();
    if (next.done) heads.splice(heads.indexOf(first), 1);
    else first.entry = next.value;
  }
}

function head(log: Iterator<LogEntry>): { log: Iterator<LogEntry>; entry: LogEntry } | undefined {
  const next = log.next();
  return next.done ? undefined : { log, entry: next.value };
}

/** Almost always at the end, or near it. Of the same time the one that came first stays first. */
function insert(held: LogEntry[], entry: LogEntry): void {
  let at = held.length;
  while (at > 0 && (held[at - 1]?.at ?? 0) > entry.at) at -= 1;
  held.splice(at, 0, entry);
}
