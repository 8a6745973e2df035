import { describe, expect, it } from '@jest/globals';
import { frontLimits, typicalOf } from '../src/limiter/front-limits.ts';

const at = (inFlight: number) => ({ inFlight, publicReads: 1 });
const said = (typical: number, more: { boxes?: number; lasting?: number } = {}) => ({ typical, boxes: 3, ...more });

describe('frontLimits', () => {
  it('is the step below what the box in the middle takes', () => {
    expect(typicalOf([31, 40, 9])).toBe(31);
    expect(typicalOf([31, 9])).toBe(9);
    expect(frontLimits(said(31), undefined, 0.75)).toEqual({ inFlight: 24, publicReads: 54 });
    expect(frontLimits(said(1), undefined, 0.75).inFlight).toBe(1);
    expect(frontLimits(said(5), undefined, 0.75)).toEqual({ inFlight: 4, publicReads: 9 });
    expect(frontLimits(said(1000), undefined, 0.75).inFlight).toBe(128);
  });

  it('stays where it is until the boxes are well beyond it', () => {
    expect(frontLimits(said(22), at(24), 0.75).inFlight).toBe(24);
    expect(frontLimits(said(20), at(24), 0.75).inFlight).toBe(16);
    expect(frontLimits(said(36), at(24), 0.75).inFlight).toBe(24);
    expect(frontLimits(said(37), at(24), 0.75).inFlight).toBe(32);
  });

  it('goes up to what has lasted, however near it is, and not down', () => {
    expect(frontLimits(said(3), at(2), 0.4).inFlight).toBe(2);
    expect(frontLimits(said(3, { lasting: 3 }), at(2), 0.4).inFlight).toBe(3);
    expect(frontLimits(said(33, { lasting: 32 }), at(24), 0.4).inFlight).toBe(32);
    expect(frontLimits(said(22, { lasting: 22 }), at(24), 0.4).inFlight).toBe(24);
  });

  it('leaves members and writes the rest of all places, however many boxes there are', () => {
    expect(frontLimits(said(24, { boxes: 1 }), at(24), 0.75).publicReads).toBe(18);
    expect(frontLimits(said(24, { boxes: 6 }), at(24), 0.75).publicReads).toBe(108);
    expect(frontLimits(said(100, { boxes: 1 }), at(96), 0.5).publicReads).toBe(48);
    expect(frontLimits(said(1), undefined, 0.4)).toEqual({ inFlight: 1, publicReads: 2 });
    expect(frontLimits(said(2), undefined, 0.4)).toEqual({ inFlight: 2, publicReads: 3 });
  });

  it('leaves readers one place at least, also where there is no other', () => {
    expect(frontLimits(said(8, { boxes: 1 }), at(8), 0.01).publicReads).toBe(1);
    expect(frontLimits(said(1, { boxes: 1 }), at(1), 0.4).publicReads).toBe(1);
  });
});
