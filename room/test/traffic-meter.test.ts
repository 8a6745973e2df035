import type { LogEntry } from '@day90/infra';
import { describe, expect, it } from '@jest/globals';
import { TrafficMeter } from '../src/traffic-meter.ts';

const entry = (box: string, ms: number, fields: Record<string, unknown>): LogEntry => ({
  ...{ at: 0, box, ms, level: 'info', text: '' },
  fields: { url: '/', status: 200, ...fields },
});
const boxAt = (address: string) => ({ '127.0.0.1:1': 'app-1', '127.0.0.1:2': 'app-2' })[address] ?? address;

describe('TrafficMeter', () => {
  it('counts a request for nginx, and for each box that nginx asked for it', () => {
    const meter = new TrafficMeter();
    const tried = {
      ...{ upstream: '127.0.0.1:1, 127.0.0.1:2', upstreamStatus: '502, 200', upstreamSeconds: '0.001, 0.030' },
      serverTiming: 'cache;desc=hit, app;dur=30',
    };
    meter.add([entry('nginx', 40, tried)], boxAt, 1000);
    expect(meter.of('nginx')).toMatchObject({ perSecond: 0.2, p95: 40, errors: 0 });
    expect(meter.of('app-1')).toMatchObject({ p50: 1, errors: 1 });
    expect(meter.of('app-2')).toMatchObject({ p50: 30, errors: 0, hits: 1 });
  });

  it('tells the share that an edge answered itself, and nothing of a cache where nothing is said of one', () => {
    const meter = new TrafficMeter();
    meter.add(
      [entry('edge-la', 1, { cache: 'hit' }), entry('edge-la', 1, { cache: 'miss' }), entry('app', 1, {})],
      boxAt,
      1000,
    );
    expect(meter.of('edge-la')?.hits).toBe(0.5);
    expect(meter.of('app')).not.toHaveProperty('hits');
  });

  it('forgets what is older than five seconds, and passes over lines that tell of no request', () => {
    const meter = new TrafficMeter();
    meter.add([entry('app', 9, {}), entry('app', 9, { status: undefined })], boxAt, 1000);
    meter.add([], boxAt, 5999);
    expect(meter.of('app')?.perSecond).toBe(0.2);
    meter.add([], boxAt, 6001);
    expect(meter.together(['app'])).toEqual({ perSecond: 0, p50: 0, p95: 0, errors: 0 });
  });
});
