import { readFileSync } from 'node:fs';
import { parseResult, referenceFolder } from '@day90/bench/documents';
import { ROOT } from '../../src/root.ts';

/** Both sides' values of the blocks that counted, in the order of time. */
export interface TornRun {
  before: number[];
  after: number[];
}

/** The results whose pairs are torn apart on a page, by name. */
const SHOWN = ['stage-1.write-tax'];

export default {
  watch: SHOWN.map((name) => `../../../bench/results/**/${name}.json`),
  load(): Record<string, TornRun> {
    return Object.fromEntries(SHOWN.map((name) => [name, blocksOf(name)]));
  },
};

function blocksOf(name: string): TornRun {
  const { blocks } = parseResult(readFileSync(`${referenceFolder(ROOT)}/${name}.json`, 'utf8'), name);
  const kept = blocks.filter(({ dropped }) => !dropped);
  return { before: kept.map(({ before }) => before), after: kept.map(({ after }) => after) };
}

export declare const data: Record<string, TornRun>;
