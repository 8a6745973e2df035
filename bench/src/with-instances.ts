import { type Instance, type LaunchOptions, launch, type Topology } from '@day90/infra';
import type { MeasureContext } from './claim.ts';

/** An instance that a claim works with. */
export interface WantedInstance
  extends Pick<LaunchOptions, 'autoscale' | 'folder' | 'options' | 'replicas' | 'env' | 'budgets'> {
  /** Tells it from the claim's other instances. */
  name: string;
  topology: Topology;
}

/**
 * Starts several on free ports and on copies of the data, works with them, and ends them whatever happens.
 * @param wanted - Started side by side, once the data is there for all of them.
 */
export async function withInstances<T>(
  { template, scale, signal }: Pick<MeasureContext, 'template' | 'scale' | 'signal'>,
  wanted: readonly WantedInstance[],
  work: (instances: Instance[]) => Promise<T>,
): Promise<T> {
  for (const { topology, folder } of wanted) if (topology.data) await template(topology.data, scale, folder);
  const quiet = { ports: 'free', quiet: true, throwAway: true, onProgress: () => {} } as const;
  const started = await Promise.allSettled(
    wanted.map(({ name, topology, ...options }) =>
      launch(topology, { ...options, ...quiet, scale, signal, instance: `bench-${process.pid}-${name}` }),
    ),
  );
  const up = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  try {
    const refused = started.find((result) => result.status === 'rejected');
    if (refused) throw refused.reason;
    return await work(up);
  } finally {
    await Promise.all(up.map((instance) => instance.stop()));
  }
}
