import type { InstanceLogs } from './instance-logs.ts';
import { isAtLeast, type Level } from './levels.ts';
import type { LogEntry } from './log-entry.ts';

/** Which lines are wanted; all of them where nothing is told. */
export interface Choice {
  /** Those that bear the id of this request. */
  request?: string;
  /** Those of this level and above. */
  level?: Level;
  /** Those of this box, or of all whose names begin so: `app` is `app-1`, `app-2` … */
  box?: string;
  /** Those from then on, in milliseconds since 1970 UTC. */
  since?: number;
}

/** The lines wanted of those that were not read yet, by time. */
export function* chosenEntries(logs: InstanceLogs, { request, level, box, since = 0 }: Choice): Generator<LogEntry> {
  for (const entry of logs.entries(request)) {
    if (request !== undefined && entry.requestId !== request) continue;
    if (entry.at < since || !isAtLeast(entry.level, level ?? 'trace')) continue;
    if (box === undefined || isOfBox(entry.box, box)) yield entry;
  }
}

/** Whether a box is the one that was named, or one of several of that name. */
export function isOfBox(name: string, of: string): boolean {
  return name === of || name.startsWith(`${of}-`);
}
