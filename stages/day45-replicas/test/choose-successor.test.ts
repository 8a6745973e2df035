import { describe, expect, it } from '@jest/globals';
import { chooseSuccessor } from '../src/cluster/choose-successor.ts';
import type { NodeState } from '../src/cluster/nodes.ts';

const MIB = 1024 * 1024;

function node(number: number, place?: number, synchronous = false): NodeState {
  const seen = place === undefined ? undefined : { standby: true, place, synchronous, receiving: true };
  return { name: `db-${number}`, folder: `/data/db-${number}`, port: 5000 + number, seen };
}

const primary = node(1);
const choose = (end: number, replicas: NodeState[], wishes: { to?: string; force?: boolean } = {}) =>
  chooseSuccessor({ primary, end, replicas }, { force: false, ...wishes }).name;

describe('the successor of a primary', () => {
  it('is the replica that has received the most', () => {
    expect(choose(10 * MIB, [node(2, 10 * MIB - 500), node(3, 10 * MIB - 100)])).toBe('db-3');
  });

  it('is nobody when no replica answers, forced or not', () => {
    for (const force of [false, true])
      expect(() => choose(MIB, [node(2), node(3)], { force })).toThrow('nobody can lead: no replica answers');
  });

  it('is not one that lacks more than a moment, unless forced: told is how much would be lost', () => {
    const replicas = [node(2, 8 * MIB), node(3)];
    expect(() => choose(10 * MIB, replicas)).toThrow(
      "db-2 has not received the last 2,097,152 bytes of the primary's log: they would be lost; --force goes on",
    );
    expect(choose(10 * MIB, replicas, { force: true })).toBe('db-2');
  });

  it('is not one that was wished for while another has more, unless forced', () => {
    const replicas = [node(2, 10 * MIB), node(3, 10 * MIB - 8)];
    expect(() => choose(10 * MIB, replicas, { to: 'db-3' })).toThrow('db-2 has received more than db-3');
    expect(choose(10 * MIB, replicas, { to: 'db-3', force: true })).toBe('db-3');
    expect(() => choose(10 * MIB, replicas, { to: 'db-9' })).toThrow(
      "db-9 can't lead: replicas that answer: db-2, db-3",
    );
  });

  it('is nobody while commits wait for any one replica and one does not answer: it may be the one that has them', () => {
    expect(() => choose(MIB, [node(2, MIB, true), node(3)])).toThrow('db-3 does not answer, and may have commits');
    expect(choose(MIB, [node(2, MIB, true), node(3, MIB, true)])).toBe('db-2');
    expect(choose(MIB, [node(2, MIB), node(3)])).toBe('db-2');
  });
});
