import { existsSync, readFileSync } from 'node:fs';
import { type Stage, workspaceRoot } from '@day90/infra';
import { referenceFolder } from '../figures/reference-results.ts';
import { parseResult, type Result } from '../result.ts';
import type { Usl } from '../usl.ts';

/** CPU time of one box for a request, in seconds. */
export interface BoxDemand {
  name: string;
  read: number;
  write: number;
}

/** What a stage's boxes pay for a read and for a write, as measured by its claim `demands`. */
export interface StageDemands {
  stage: Stage;
  boxes: BoxDemand[];
  /** On what, when, and with how many data: one line. */
  measured: string;
}

/** A stage that no demands were measured of, and the command that does. */
export interface Unmeasured {
  stage: Stage;
  why: string;
}

/**
 * The demands of every stage from the results in one folder: those of one machine.
 * @throws {Error} In one line, when a result is cut off, changed by hand, or of another schema.
 */
export function stageDemands(stages: readonly Stage[], folder: string): (StageDemands | Unmeasured)[] {
  return stages.map((stage) => {
    const result = readResult(`${folder}/${stage.name}.demands.json`);
    if (!result) return { stage, why: `not measured: pnpm bench ${stage.name} --claim demands` };
    if (result.verdict === 'void') return { stage, why: `its measurement is void (${result.why})` };
    const { takenAt, env, quick } = result;
    const measured = [env.machineKind, takenAt.slice(0, 10), `scale ${env.scale}`, ...(quick ? ['quick'] : [])].join(
      ', ',
    );
    return { stage, boxes: boxesOf(result), measured };
  });
}

/** The writes are the arm before, the reads the one after; a box's CPU time for a request is what it used, by the rate. */
function boxesOf({ arms }: Result): BoxDemand[] {
  const of = (arm: string, box: string) => {
    const { rate = Number.NaN, boxes = [] } = arms.find(({ name }) => name === arm) ?? {};
    return (boxes.find(({ name }) => name === box)?.used ?? Number.NaN) / rate;
  };
  const names = arms[0]?.boxes?.map(({ name }) => name) ?? [];
  return names.map((name) => ({ name, read: of('after', name), write: of('before', name) }));
}

/** As {@link scalability}, from the results that the documents quote; none where there is no such result. */
export function knownScalability(): Pick<Usl, 'sigma' | 'kappa'> {
  return scalability(referenceFolder(workspaceRoot())) ?? { sigma: 0, kappa: 0 };
}

/** Contention and coherency between app boxes, as stage 3 measured them; none where it has not. */
export function scalability(folder: string): Pick<Usl, 'sigma' | 'kappa'> | undefined {
  const values = readResult(`${folder}/stage-3.scale-out.json`)?.values ?? [];
  const of = (name: string) => values.find((value) => value.name === name)?.value;
  const [sigma, kappa] = [of('contention σ'), of('coherency κ')];
  return sigma === undefined || kappa === undefined ? undefined : { sigma, kappa };
}

function readResult(file: string): Result | undefined {
  return existsSync(file) ? parseResult(readFileSync(file, 'utf8'), file.split('/').at(-1) ?? file) : undefined;
}
