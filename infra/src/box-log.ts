import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { RunFolder } from './run-folder.ts';

/** Lines of a box's log that an error shows. */
const SHOWN_LINES = 12;

/** The log of a box. A run's logs begin anew; those of the run before are kept beside them. */
export function freshLog(run: RunFolder, name: string): string {
  const log = join(run.logs, `${name}.log`);
  if (existsSync(log)) renameSync(log, join(run.logs, `${name}.previous.log`));
  return log;
}

/** The end of a log file for an error message: in the same line if it is one. */
export function endOfLog(log: string): string {
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-SHOWN_LINES);
  const [only = ''] = lines;
  if (lines.length > 1) return `the end of ${log}:\n${lines.map((line) => `  ${line}`).join('\n')}\n`;
  return only === '' ? 'it wrote nothing; ' : `it says: ${only}; `;
}
