import { BadInput } from '@day90/infra';
import type { NodeState } from './nodes.ts';

/** A replica that has all of the log but so much is fresh: a second's worth of it at this app's writes. */
const FRESH_BYTES = 1024 * 1024;

/** What the choice rests on. */
export interface Candidates {
  primary: NodeState;
  /** How far the primary has written its log: by its own word, or off its disk. */
  end: number;
  replicas: NodeState[];
}

/**
 * The replica that is to lead: the one that has received the most.
 * @param wishes.to - This one instead.
 * @throws {BadInput} When that would lose what the primary has acknowledged and it is not forced: which, and how much.
 */
export function chooseSuccessor(found: Candidates, wishes: { to?: string | undefined; force: boolean }): NodeState {
  const able = found.replicas.filter(({ seen }) => seen?.standby).sort((a, b) => placeOf(b) - placeOf(a));
  const chosen = wishes.to === undefined ? able[0] : able.find(({ name }) => name === wishes.to);
  if (!chosen) {
    const there =
      able.length > 0 ? `replicas that answer: ${able.map(({ name }) => name).join(', ')}` : 'no replica answers';
    throw new BadInput(wishes.to === undefined ? `nobody can lead: ${there}` : `${wishes.to} can't lead: ${there}`, {
      code: 'D90-FAILOVER',
    });
  }
  const danger = wishes.force ? undefined : dangerOf(found, able, chosen);
  if (danger) throw new BadInput(`${danger}; --force goes on all the same`, { code: 'D90-FAILOVER' });
  return chosen;
}

function dangerOf({ primary, end, replicas }: Candidates, able: NodeState[], chosen: NodeState): string | undefined {
  const behind = end - placeOf(chosen);
  if (behind > FRESH_BYTES)
    return `${chosen.name} has not received the last ${behind.toLocaleString('en')} bytes of the primary's log: they would be lost`;
  if (primary.seen && !chosen.seen?.receiving)
    return `${chosen.name} gets no log from ${primary.name}, which works: what that acknowledges until its end would be lost`;
  const ahead = able.find((other) => placeOf(other) > placeOf(chosen));
  if (ahead) return `${ahead.name} has received more than ${chosen.name}, and would lose it`;
  // A commit waited for any one of them: that one may be the one that does not answer.
  const missing = replicas.filter((one) => !able.includes(one)).map(({ name }) => name);
  if (chosen.seen?.synchronous && missing.length > 0)
    return `${missing.join(', ')} does not answer, and may have commits that nobody else has`;
  return undefined;
}

/** How much of the log a node has, in bytes. */
export function placeOf({ seen }: NodeState): number {
  return seen?.place ?? 0;
}
