import { describe, expect, it } from '@jest/globals';
import { exactComparison, type MeasuredClaim, type Measurement } from '../src/index.ts';
import { assemble } from '../src/run/assemble.ts';
import { sampleResult } from './sample-result.ts';

const claim: MeasuredClaim = {
  ...{ kind: 'measured', id: 'capacity', title: 'Three carry more than one', proves: [], seconds: 1 },
  measure: () => Promise.reject(new Error('is not called')),
};
const { env } = sampleResult();
const facts = { ...{ stage: 'stage-3', quick: false, scale: 'small' as const, seed: 1 }, env, versions: {} };

function measurement(more: Partial<Measurement>): Measurement {
  return {
    ...{ metric: 'capacity', unit: '/s', comparison: exactComparison(3, 1), arms: [], blocks: [] },
    ...{ blockSeconds: 2, notes: [], generator: { name: 'wrk', version: '4.1', rate: 1, ceiling: 9 } },
    ...more,
  };
}

describe('the result of a capacity', () => {
  it('is void where no box could be limited, and says first that this is why', () => {
    const { verdict, why } = assemble(claim, measurement({ budgets: 'none', voidBecause: ['0 % idle'] }), facts);
    expect({ verdict, why }).toEqual({
      verdict: 'void',
      why: expect.stringMatching(/^nothing on this system limits a box .*; 0 % idle$/),
    });
  });

  it('is sound where boxes had budgets', () => {
    expect(assemble(claim, measurement({ budgets: 'cgroup2' }), facts).verdict).toBe('faster');
  });
});
