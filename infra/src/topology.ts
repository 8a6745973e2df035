import { BadInput } from './bad-input.ts';
import { topologyProblems } from './topology-problems.ts';
import { type Topology, topologySchema } from './topology-schema.ts';

export { type Box, type Data, type Scale, scales, type Topology } from './topology-schema.ts';

/**
 * Checks a topology.
 * @throws {BadInput} Naming every problem: wrong shape, a box that is not there, a circle of `after`, a port used twice.
 */
export function defineTopology(topology: Topology): Topology {
  const parsed = topologySchema.safeParse(topology);
  const label = typeof topology?.stage === 'string' ? `topology of ${topology.stage}` : 'topology';
  const problems = parsed.success
    ? topologyProblems(parsed.data)
    : parsed.error.issues.map((issue) => `${issue.path.join('.') || 'topology'}: ${issue.message}`);
  if (problems.length > 0) throw new BadInput(`${label}: ${problems.join('; ')}`, { code: 'D90-TOPOLOGY' });
  return topology;
}

/** The name of a topology's instance unless another is asked for: the stage, with the variant behind it. */
export function instanceName(topology: Topology): string {
  return topology.variant ? `${topology.stage}-${topology.variant}` : topology.stage;
}
