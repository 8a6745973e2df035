import type { Scale, Stage } from '@day90/infra';
import type { Drill } from './drill.ts';

/** One drill to be run, and how. */
export interface DrillRun {
  /** The workspace's root folder. */
  root: string;
  stage: Stage;
  drill: Drill;
  /** Shorter phases before and after the fault. */
  quick: boolean;
  scale: Scale;
  /** Take the protection away. */
  mutate: boolean;
  signal: AbortSignal;
  onProgress: (line: string) => void;
}

/** Of the kinds and ids that are drawn. */
export const SEED = 1;

/** Lengths of the phases around the fault, in seconds: code is compiled in the first. */
const PHASES = { warmUp: 3, steady: 7, healed: 10 };
const QUICK = 0.4;

/** Lengths of a drill's phases, in seconds. What a drill asks for itself it gets in a quick run, too. */
export function phasesOf({ phases }: Drill, quick: boolean): typeof PHASES {
  const share = quick ? QUICK : 1;
  const { warmUp, steady, healed } = PHASES;
  return { ...{ warmUp: warmUp * share, steady: steady * share, healed: healed * share }, ...phases };
}
