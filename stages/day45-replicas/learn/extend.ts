import { describe, expect, it } from '@jest/globals';
import { chooseNode } from '../src/choose-node.ts';

interface Node {
  name: string;
  inFlight: number;
  weight?: number;
}

const chosen = (nodes: Node[], turn = 0) => chooseNode(nodes, turn)?.name;

describe('a database with a weight', () => {
  it('is less busy with three queries at weight 4 than another with one at weight 1', () => {
    const nodes = [
      { name: 'small', inFlight: 1, weight: 1 },
      { name: 'large', inFlight: 3, weight: 4 },
    ];
    expect([0, 1].map((turn) => chosen(nodes, turn))).toEqual(['large', 'large']);
  });

  it('counts as 1 where none is told', () => {
    const nodes = [
      { name: 'untold', inFlight: 2 },
      { name: 'large', inFlight: 3, weight: 2 },
    ];
    expect([0, 1].map((turn) => chosen(nodes, turn))).toEqual(['large', 'large']);
  });

  it('takes turns with others that are as busy for their size', () => {
    const nodes = [
      { name: 'small', inFlight: 1, weight: 1 },
      { name: 'large', inFlight: 2, weight: 2 },
    ];
    expect(new Set([0, 1].map((turn) => chosen(nodes, turn)))).toEqual(new Set(['small', 'large']));
  });

  it('has in the long run as many queries as its size says', () => {
    const nodes: Node[] = [
      { name: 'small', inFlight: 0 },
      { name: 'large', inFlight: 0, weight: 2 },
    ];
    for (let turn = 0; turn < 300; turn += 1) {
      const node = chooseNode(nodes, turn);
      if (node) node.inFlight += 1;
    }
    expect(nodes.map(({ inFlight }) => inFlight)).toEqual([100, 200]);
  });
});
