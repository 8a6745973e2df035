import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BadInput } from '@day90/infra';
import { z } from 'zod';

const stageProgress = z.strictObject({
  predict: z.strictObject({ guess: z.number(), points: z.int() }).optional(),
  /** `red`: it was seen to fail, and is not put back yet. */
  break: z.enum(['red', 'done']).optional(),
  extend: z.literal('done').optional(),
  /** Exercises that were left out. */
  skipped: z.array(z.enum(['predict', 'break', 'extend'])).optional(),
});
const progress = z.strictObject({ schema: z.literal(1), stages: z.record(z.string(), stageProgress) });

/** How far a reader is in one stage. */
export type StageProgress = z.infer<typeof stageProgress>;
/** The three exercises of a stage, in their order. */
export const KINDS = ['predict', 'break', 'extend'] as const;
export type Kind = (typeof KINDS)[number];

/** How far a reader is, kept in `.run/learn.json`. */
export class LearnProgress {
  readonly #path: string;
  readonly #stages: Record<string, StageProgress>;

  /** @throws {BadInput} When the file is not as it was written. */
  constructor(root: string) {
    this.#path = join(root, '.run', 'learn.json');
    this.#stages = existsSync(this.#path) ? read(this.#path) : {};
  }

  of(stage: string): StageProgress {
    return this.#stages[stage] ?? {};
  }

  /** The first exercise of a stage that is neither done nor left out. */
  next(stage: string): Kind | undefined {
    const { skipped = [], ...done } = this.of(stage);
    return KINDS.find((kind) => !skipped.includes(kind) && (kind === 'break' ? done.break !== 'done' : !done[kind]));
  }

  note(stage: string, what: StageProgress): void {
    this.#stages[stage] = { ...this.of(stage), ...what };
    this.#write();
  }

  skip(stage: string, kind: Kind): void {
    this.note(stage, { skipped: [...(this.of(stage).skipped ?? []), kind] });
  }

  /** Begins anew, everywhere or in one stage. */
  forget(stage?: string): void {
    for (const name of stage === undefined ? Object.keys(this.#stages) : [stage]) delete this.#stages[name];
    this.#write();
  }

  #write(): void {
    mkdirSync(dirname(this.#path), { recursive: true });
    const partial = `${this.#path}.${process.pid}`;
    writeFileSync(partial, `${JSON.stringify({ schema: 1, stages: this.#stages }, null, 2)}\n`);
    renameSync(partial, this.#path);
  }
}

function read(path: string): Record<string, StageProgress> {
  try {
    return progress.parse(JSON.parse(readFileSync(path, 'utf8'))).stages;
  } catch (cause) {
    throw new BadInput(`${path} is not as it was written: delete it, and begin anew`, { cause });
  }
}
