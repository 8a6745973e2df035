import type { Result } from '../result.ts';
import { writeResult } from './result-files.ts';

/** Writes a result where others read it, unless it is void or of code that no commit has; says on standard error what it did. */
export function keepResult(root: string, result: Result): void {
  if (result.verdict === 'void') console.error(`${result.claim} is void and was not saved`);
  else if (result.env.dirty) console.error(`${result.claim} was not saved: files differ from the commit it would name`);
  else console.error(`saved ${writeResult(`${root}/bench/results/${result.env.machineKind}`, result)}`);
}
