import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { chooseNode } from '../src/choose-node.ts';

describe('chooseNode', () => {
  it('takes one with the fewest queries in flight', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 5 }), { minLength: 1 }), fc.nat(), (counts, turn) => {
        const nodes = counts.map((inFlight) => ({ inFlight }));
        expect(chooseNode(nodes, turn)?.inFlight).toBe(Math.min(...counts));
      }),
    );
  });

  it('lets equals take turns', () => {
    const nodes = [{ inFlight: 1 }, { inFlight: 0 }, { inFlight: 0 }];
    const chosen = [0, 1, 2, 3, 4, 5].map((turn) => nodes.indexOf(chooseNode(nodes, turn) as (typeof nodes)[0]));
    expect(new Set(chosen)).toEqual(new Set([1, 2]));
  });

  it('has nothing to choose from nothing', () => {
    expect(chooseNode([], 3)).toBeUndefined();
  });
});
