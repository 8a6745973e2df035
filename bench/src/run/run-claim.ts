import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { ensureTemplate, Guardian, loadTopology, requireTool, type Scale, type Stage } from '@day90/infra';
import type { Claim, K6Claim, MeasuredClaim, Measurement } from '../claim.ts';
import type { Result } from '../result.ts';
import { assemble } from './assemble.ts';
import { environment } from './environment.ts';
import { measureK6Claim } from './measure-k6-claim.ts';
import type { Progress } from './progress.ts';

/** One claim to be measured, and how. */
export interface ClaimRun {
  /** The workspace's root folder. */
  root: string;
  stage: Stage;
  claim: Claim;
  quick: boolean;
  /** Takes the place of the claim's own scale. */
  scale?: Scale | undefined;
  signal: AbortSignal;
  progress: Progress;
}

/** What a run works with, once the scale is known. */
interface Work {
  scale: Scale;
  judged: boolean;
  scratch: string;
  /** Ends k6 and deletes the scratch folder should this process be killed. */
  guardian: Guardian;
}

interface Measured {
  measurement: Measurement;
  versions: Record<string, string>;
}

/** Of the intervals' cross-check and of all that a measured claim picks at random. */
const SEED = 1;
const DEFAULT_SCALE: Scale = 'medium';

/** Measures one claim; whatever happens, what it started is down and its copies are deleted afterwards. */
export async function runClaim(run: ClaimRun): Promise<Result> {
  const { root, stage, claim, quick } = run;
  const scale = run.scale ?? claim.scale ?? DEFAULT_SCALE;
  const judged = claim.scale === undefined || claim.scale === scale;
  mkdirSync(`${root}/.run`, { recursive: true });
  const scratch = mkdtempSync(`${root}/.run/scratch-`);
  const guardian = new Guardian();
  guardian.leftover(scratch);
  try {
    const env = await environment(root);
    const { measurement, versions } = await measure(run, { scale, judged, scratch, guardian });
    const notes = judged
      ? measurement.notes
      : [...measurement.notes, `Goals are stated for ${claim.scale} and not judged at ${scale}.`];
    const facts = {
      stage: stage.name,
      quick,
      scale,
      seed: SEED,
      env,
      versions: { ...versions, ...(await claim.versions?.()) },
    };
    return assemble(claim, { ...measurement, notes }, facts);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
    guardian.bye();
  }
}

function measure(run: ClaimRun, work: Work): Promise<Measured> {
  return run.claim.kind === 'k6' ? withK6(run, run.claim, work) : byModule(run, run.claim, work);
}

async function withK6({ stage, quick, signal, progress }: ClaimRun, claim: K6Claim, work: Work): Promise<Measured> {
  const onProgress = (line: string) => progress.step(`${claim.id}: ${line}`);
  const k6 = await requireTool('k6', { onProgress, signal });
  await prepareData(claim, stage.folder, work.scale, signal, onProgress);
  const options = { claim, folder: stage.folder, quick, seed: SEED, id: String(process.pid), k6, signal, onProgress };
  return { measurement: await measureK6Claim({ ...options, ...work }), versions: { k6: k6.version } };
}

/** Before the arms start at the same time, so that their data isn't made twice, and one after the other. */
async function prepareData(
  claim: K6Claim,
  folder: string,
  scale: Scale,
  signal: AbortSignal,
  onProgress: (line: string) => void,
): Promise<void> {
  for (const arm of [claim.arms.before, claim.arms.after]) {
    const { topology, folder: home } = await loadTopology(`${folder}/${arm.topology}`);
    if (topology.data) await ensureTemplate(topology.data, { folder: home, scale, signal, onProgress });
  }
}

async function byModule(
  { stage, quick, signal, progress }: ClaimRun,
  claim: MeasuredClaim,
  work: Work,
): Promise<Measured> {
  progress.step(`${claim.id}: measuring`);
  const measurement = await claim.measure({
    ...{ ...work, quick, signal, seed: SEED },
    template: (data, scale, home = stage.folder) =>
      ensureTemplate(data, {
        folder: home,
        scale,
        signal,
        onProgress: (line) => progress.step(`${claim.id}: ${line}`),
      }),
    progress: async (done) => {
      progress.done(done);
      progress.step(`${claim.id}: measuring`);
      // A timer, not setImmediate: signals and the terminal's timer get their turn, too.
      await new Promise((resolve) => setTimeout(resolve, 1));
      signal.throwIfAborted();
    },
  });
  return { measurement, versions: {} };
}
