import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { BadInput } from '@day90/infra';
import { parseResult, type Result } from '../result.ts';
import { parseSweep, SWEEP_FILE, type Sweep } from './sweep/sweep.ts';

/** What a file or a folder of results holds. */
export interface ResultSet {
  /** As it was given. */
  name: string;
  results: Result[];
  sweep?: Sweep;
}

/**
 * Reads a result file, or all of a folder's.
 * @throws {BadInput} In one line: no such file, cut off, of another schema, changed by hand.
 */
export function readResults(path: string): ResultSet {
  const full = resolve(path);
  const stat = statSync(full, { throwIfNoEntry: false });
  if (!stat) throw new BadInput(`no ${path}: give two result files, two folders of them, or two stages`);
  if (!stat.isDirectory()) return setOf(path, [full]);
  const files = readdirSync(full)
    .filter((name) => /^(stage-\d+\..*|compare\.sweep)\.json$/.test(name))
    .sort()
    .map((name) => `${full}/${name}`);
  if (files.length === 0)
    throw new BadInput(`${path} holds no results, such as stage-1.feed.json`, { code: 'D90-NO-RESULTS' });
  return setOf(path, files);
}

function setOf(name: string, files: readonly string[]): ResultSet {
  const set: ResultSet = { name, results: [] };
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    try {
      if (basename(file) === SWEEP_FILE) set.sweep = parseSweep(text, file);
      else set.results.push(parseResult(text, file));
    } catch (error) {
      throw new BadInput((error as Error).message, { code: 'D90-NO-RESULTS' });
    }
  }
  return set;
}
