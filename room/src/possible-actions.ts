import type { Topology } from '@day90/infra';
import type { SceneMark } from './snapshot.ts';

/** What can be done to a mark of a topology; to one that is no box, nothing. */
export function possibleActions({ boxes }: Topology, mark: string): Pick<SceneMark, 'boxActions' | 'markActions'> {
  const box = boxes[mark];
  if (!box) return { boxActions: [], markActions: [] };
  const { run, port, replicas } = box;
  // Copies of one database: shards hold data of their own, too, and have nobody to follow.
  const isCluster = mark === 'db' && replicas?.kept === true;
  return {
    boxActions: [
      ...(['kill', 'freeze'] as const),
      ...(run[0] === 'nginx' ? (['reload'] as const) : []),
      ...(isCluster ? (['pause'] as const) : []),
      ...(box.role === 'mail' && typeof port === 'object' ? (['mail'] as const) : []),
    ],
    markActions: [
      ...(replicas && !replicas.kept ? (['scale', 'roll'] as const) : []),
      ...(isCluster ? (['failover'] as const) : []),
    ],
  };
}
