import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { BadInput, type Scale, scales } from '@day90/infra';
import { z } from 'zod';
import { parseResult, type Result } from '../result.ts';
import { writeResult, writeWhole } from '../run/result-files.ts';
import { parseSealed, sealed } from '../sealed.ts';
import { type PairRun, pairRun } from './sweep/pair-run.ts';
import { type Part, parts } from './wishes.ts';

const KEPT_SCHEMA = 1;

/** What a run was asked for. Whoever goes on with it gets the same. */
const wish = z.strictObject({
  parts: z.array(z.enum(parts)),
  full: z.boolean(),
  /** By name; the two of `compare stage-2 stage-5`, or all. */
  stages: z.array(z.string()),
  scale: z.enum(scales).optional(),
  /** The code that is measured. */
  commit: z.string(),
});
const wishFile = wish.extend({ schema: z.literal(KEPT_SCHEMA), sha256: z.string() });
const pairFile = z.strictObject({ schema: z.literal(KEPT_SCHEMA), pair: pairRun, sha256: z.string() });

export interface Wish {
  parts: Part[];
  full: boolean;
  stages: string[];
  scale?: Scale | undefined;
  commit: string;
}

/** What is kept of a run of `compare` while it goes on, in `.run/compare/`: each part as soon as it is finished. */
export class KeptRun {
  readonly wish: Wish;
  readonly #folder: string;

  private constructor(folder: string, wish: Wish) {
    this.#folder = folder;
    this.wish = wish;
  }

  /**
   * A new run: nothing is kept of the one before.
   * @param say - Told when a stopped one is thrown away with what it had finished.
   */
  static begin(root: string, wish: Wish, say: (line: string) => void): KeptRun {
    const folder = folderOf(root);
    if (existsSync(folder) && readdirSync(folder).length > 1)
      say('what a stopped run had finished is thrown away: --resume would have gone on with it');
    rmSync(folder, { recursive: true, force: true });
    writeWhole(`${folder}/run.json`, JSON.stringify(sealed({ schema: KEPT_SCHEMA, ...wish })));
    return new KeptRun(folder, wish);
  }

  /**
   * The run that was stopped.
   * @throws {BadInput} Where there is none, and where the code is no longer what it measured.
   */
  static resume(root: string, commit: string): KeptRun {
    const folder = folderOf(root);
    const file = `${folder}/run.json`;
    if (!existsSync(file))
      throw new BadInput('no stopped run to go on with: leave out --resume', { code: 'D90-NO-RESULTS' });
    const {
      schema: _,
      sha256: __,
      ...kept
    } = read(file, (text) =>
      parseSealed(text, file, { number: KEPT_SCHEMA, shape: wishFile, what: 'a run of compare' }),
    );
    if (kept.commit !== commit)
      throw new BadInput(
        `the stopped run measured commit ${kept.commit.slice(0, 12)}, and this is ${commit.slice(0, 12)}: leave out --resume to begin anew`,
        { code: 'D90-NOT-ALIKE' },
      );
    return new KeptRun(folder, kept);
  }

  /** The results that are there. */
  get results(): Result[] {
    return this.#files(/^stage-.*\.json$/).map((file) => read(file, (text) => parseResult(text, file)));
  }

  keepResult(result: Result): void {
    writeResult(this.#folder, result);
  }

  pair(before: string, after: string): PairRun | undefined {
    const file = this.#pairFile(before, after);
    if (!existsSync(file)) return undefined;
    const parsed = read(file, (text) =>
      parseSealed(text, file, { number: KEPT_SCHEMA, shape: pairFile, what: 'a part of a sweep' }),
    );
    return parsed.pair;
  }

  keepPair(pair: PairRun): void {
    const file = this.#pairFile(pair.before.stage, pair.after.stage);
    writeWhole(file, JSON.stringify(sealed({ schema: KEPT_SCHEMA, pair })));
  }

  /** The run is over: there is nothing to go on with. */
  end(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #pairFile(before: string, after: string): string {
    return `${this.#folder}/pair.${before}.${after}.json`;
  }

  #files(pattern: RegExp): string[] {
    return readdirSync(this.#folder)
      .filter((name) => pattern.test(name))
      .sort()
      .map((name) => `${this.#folder}/${name}`);
  }
}

function folderOf(root: string): string {
  return `${root}/.run/compare`;
}

function read<T>(file: string, parse: (text: string) => T): T {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new BadInput(`${(error as Error).message}; leave out --resume to begin anew`, { code: 'D90-NO-RESULTS' });
  }
}
