import { describe, expect, it } from '@jest/globals';
import { UsageMeter } from '../src/usage-meter.ts';

describe('UsageMeter', () => {
  it('knows the memory of a box at once that was down when it was looked at', () => {
    const meter = new UsageMeter();
    const usage = { app: { cpuMicros: 0, periods: 0, throttledPeriods: 0 } };
    expect(meter.since(usage, { app: null }, 0).get('app')?.memoryBytes).toBe(0);
    expect(meter.since(usage, { app: process.pid }, 1000).get('app')?.memoryBytes).toBeGreaterThan(1e6);
  });
});
