import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { parseResult, type Result } from '../result.ts';

/** Finds a result of the reference machine by `<stage>.<claim>`. Each file is read once. */
export type Results = (name: string) => Result;

/**
 * The results that the documents quote: those in `bench/results/<kind>/`, where the kind of machine is named in
 * `bench/results/reference.txt` or is the only one there.
 * @throws {Error} When asked for a result, if the machine is unclear, or the file is missing or no sound result.
 */
export function referenceResults(root: string): Results {
  const read = new Map<string, Result>();
  return (name) => {
    const path = `${referenceFolder(root).slice(root.length + 1)}/${name}.json`;
    const known = read.get(path);
    if (known) return known;
    if (!existsSync(`${root}/${path}`)) {
      const [stage, claim] = name.split('.');
      throw new Error(`no ${path}: run pnpm bench ${stage} --claim ${claim} --save`);
    }
    const result = parseResult(readFileSync(`${root}/${path}`, 'utf8'), path);
    read.set(path, result);
    return result;
  };
}

/**
 * The folder with the results that are quoted, `<root>/bench/results/<kind>`.
 * @throws {Error} Without any, or when it is unclear whose are meant.
 */
export function referenceFolder(root: string): string {
  const folder = `${root}/bench/results`;
  const named = `${folder}/reference.txt`;
  if (existsSync(named)) return `${folder}/${readFileSync(named, 'utf8').trim()}`;
  const kinds = existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => name)
    : [];
  const [only, ...more] = kinds;
  if (only === undefined) throw new Error('no results in bench/results: run pnpm bench <stage> --save');
  if (more.length > 0) {
    throw new Error(`results of ${kinds.join(', ')}: name the machine to quote in bench/results/reference.txt`);
  }
  return `${folder}/${only}`;
}
