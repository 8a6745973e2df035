import { type Instance, launch, loadTopology, type Scale } from '@day90/infra';
import type { K6Claim } from '../claim.ts';

export type ArmName = 'before' | 'after';

/** Both sides of a comparison, up at the same time. */
export interface LoadedArms {
  instances: Record<ArmName, Instance>;
  /** Resolves with why, should one of them end unasked. */
  exited: Promise<string>;
  stop(): Promise<void>;
}

export interface ArmsOptions {
  claim: K6Claim;
  /** The stage's folder. */
  folder: string;
  scale: Scale;
  /** Tells this run's instances from those of another one. */
  id: string;
  signal: AbortSignal;
  onProgress: (line: string) => void;
}

/** Starts both arms of a claim side by side, on free ports and on throw-away copies of the data. */
export async function launchArms(options: ArmsOptions): Promise<LoadedArms> {
  const { claim, folder: stage, scale, id, signal, onProgress } = options;
  const start = async (name: ArmName) => {
    const source = claim.arms[name];
    const arm = await loadTopology(`${stage}/${source.topology}`);
    const instance = await launch(arm.topology, {
      ...{ folder: arm.folder, scale, signal, onProgress, ports: 'free', quiet: true, throwAway: true },
      instance: `bench-${id}-${name}`,
      env: { ...source.env, [source.box]: { ...source.env?.[source.box], ...claim.raised } },
      ...{ options: source.options, replicas: source.replicas },
    });
    if (source.free) for (const { name: box } of instance.ready.boxes) instance.setCpu(box, undefined);
    return instance;
  };
  const started = await Promise.allSettled([start('before'), start('after')]);
  const up = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const stop = async () => {
    await Promise.all(up.map((instance) => instance.stop()));
  };
  const [before, after] = up;
  if (!before || !after) {
    await stop();
    throw started.find((result) => result.status === 'rejected')?.reason;
  }
  return { instances: { before, after }, exited: Promise.race(up.map((instance) => instance.exited)), stop };
}
