import { describe, expect, it } from '@jest/globals';
import { LogPositions, positionOf } from '../src/told/log-positions.ts';

describe('LogPositions', () => {
  it('tells how long ago the primary passed the place that a copy has not reached', () => {
    const positions = new LogPositions();
    for (const [position, at] of [
      [1n, 0],
      [2n, 1000],
      [2n, 2000],
      [3n, 3000],
    ] as const)
      positions.note(position, at);
    expect(positions.behind(1n, 4000)).toBe(3000);
    expect(positions.behind(2n, 4000)).toBe(1000);
    expect(positions.behind(3n, 4000)).toBe(0);
  });

  it('reads the log positions of Postgres, whose two halves are hexadecimal', () => {
    expect(positionOf('0/FFFFFFFF') < positionOf('1/0')).toBe(true);
    expect(positionOf('16/B374D848')).toBe(0x16b374d848n);
  });
});
