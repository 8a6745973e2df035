import { existsSync, readFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RunFolder } from './run-folder.ts';
import { fullDisk } from './system-errors.ts';

/** Lines of a box's log that an error shows. */
const SHOWN_LINES = 12;
const INLINE_LINES = 3;

/** The log of a box. A run's logs begin anew; those of the run before are kept beside them. */
export function freshLog(run: RunFolder, name: string): string {
  const log = join(run.logs, `${name}.log`);
  if (existsSync(log)) renameSync(log, join(run.logs, `${name}.previous.log`));
  return log;
}

/**
 * The end of a log file for an error message: in its line if it is short, such as a refused setting. Among lines of JSON,
 * plain ones are what the process had to say before it ended; a logger that writes late may come after them.
 */
export function endOfLog(log: string): string {
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-SHOWN_LINES);
  const full = fullDisk(dirname(dirname(log)), lines.join('\n'));
  if (full) return `${full}; `;
  const plain = lines.filter((line) => !line.startsWith('{'));
  const said = plain.length > 0 ? plain : lines;
  if (said.length > INLINE_LINES) return `the end of ${log}:\n${lines.map((line) => `  ${line}`).join('\n')}\n`;
  return said[0] === '' ? 'it wrote nothing; ' : `it says: ${said.map((line) => line.trim()).join(' | ')}; `;
}
