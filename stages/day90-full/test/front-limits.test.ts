import { describe, expect, it } from '@jest/globals';
import { frontLimits } from '../src/limiter/front-limits.ts';

const at = (inFlight: number) => ({ inFlight, publicReads: 1 });

describe('frontLimits', () => {
  it('is the step below what the box in the middle takes', () => {
    expect(frontLimits([31, 40, 9], undefined, 0.75)).toEqual({ inFlight: 24, publicReads: 54 });
    expect(frontLimits([1], undefined, 0.75).inFlight).toBe(1);
    expect(frontLimits([5, 5, 5], undefined, 0.75)).toEqual({ inFlight: 4, publicReads: 9 });
    expect(frontLimits([1000], undefined, 0.75).inFlight).toBe(128);
  });

  it('stays where it is until the boxes are well beyond it', () => {
    expect(frontLimits([22, 22, 22], at(24), 0.75).inFlight).toBe(24);
    expect(frontLimits([20, 20, 20], at(24), 0.75).inFlight).toBe(16);
    expect(frontLimits([36, 36, 36], at(24), 0.75).inFlight).toBe(24);
    expect(frontLimits([37, 37, 37], at(24), 0.75).inFlight).toBe(32);
  });

  it('leaves members and writes the rest of all places, however many boxes there are', () => {
    expect(frontLimits([24], at(24), 0.75).publicReads).toBe(18);
    expect(frontLimits(Array<number>(6).fill(24), at(24), 0.75).publicReads).toBe(108);
    expect(frontLimits([8], at(8), 0.01).publicReads).toBe(1);
  });
});
