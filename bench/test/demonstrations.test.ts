import { describe, expect, it } from '@jest/globals';
import { tornPairs } from '../src/demonstrations/torn-pairs.ts';
import { tornTable } from '../src/demonstrations/torn-table.ts';
import { sampleResult } from './sample-result.ts';

/** A machine that becomes half as fast while the side after is a tenth faster than the one before, all the time. */
const drift = [1, 1.2, 1.5, 2].map((slower, t) => ({ t, before: 11 * slower, after: 10 * slower, dropped: false }));

describe('pairs of blocks torn apart', () => {
  it('give the wrong sign where the machine drifts by more than the sides differ', () => {
    const result = sampleResult({ estimate: 1.1, lo: 1.09, hi: 1.11, blocks: drift });
    // Every value of the side before against a later one of the side after.
    expect(tornPairs(result)).toEqual({ together: { wrong: 0, of: 4 }, apart: { wrong: 6, of: 12 } });
  });

  it('leave out what the run left out', () => {
    const [first, ...others] = drift;
    const blocks = [{ ...(first as (typeof drift)[number]), dropped: true }, ...others];
    const result = sampleResult({ estimate: 1.1, lo: 1.09, hi: 1.11, blocks });
    expect(tornPairs(result)?.apart).toEqual({ wrong: 3, of: 6 });
  });

  it('are none where nothing was timed', () => {
    const result = sampleResult({ estimate: 4, lo: 4, hi: 4, blocks: [] });
    expect(tornPairs(result)).toBeUndefined();
    expect(tornTable([result]).trim().split('\n')).toHaveLength(1);
  });

  it('are a table, with the result first whose sign is lost most often', () => {
    const steady = drift.map((block) => ({ ...block, after: 1 }));
    const lines = tornTable([
      sampleResult({ claim: 'steady', estimate: 12, lo: 11, hi: 13, blocks: steady }),
      sampleResult({ claim: 'drifting', estimate: 1.1, lo: 1.09, hi: 1.11, blocks: drift }),
    ]).split('\n');
    expect(lines[1]).toMatch(/drifting .* 0 of 4 .* 6 of 12 .* 50 %/);
    expect(lines[2]).toMatch(/steady .* 0 of 4 .* 0 of 12 .* 0 %/);
  });
});
