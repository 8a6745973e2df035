import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { summaryFor } from '../k6/summary.ts';

/** k6's own way to the environment. */
const k6 = globalThis as { __ENV?: Record<string, string> };

const data = (arms: Record<string, { p50: number; answered: number }>, dropped = 0) => ({
  metrics: {
    dropped_iterations: { values: { count: dropped } },
    ...Object.fromEntries(
      Object.entries(arms).flatMap(([arm, { p50, answered }]) => [
        [`http_req_duration{arm:${arm},phase:run}`, { values: { med: p50, count: answered } }],
        [`answered{arm:${arm},phase:run}`, { values: { count: answered } }],
      ]),
    ),
  },
});
const lines = (of: ReturnType<typeof data>) => summaryFor('The feed')(of).stdout?.split('\n') ?? [];

afterEach(() => {
  delete k6.__ENV;
});

describe("k6's summary of two sides", () => {
  beforeEach(() => {
    k6.__ENV = { BEFORE: 'http://127.0.0.1:3001', AFTER: 'http://127.0.0.1:3002' };
  });

  it('has both side by side, and the one by the other where that means something', () => {
    const text = summaryFor('The feed')(data({ before: { p50: 12, answered: 400 }, after: { p50: 4, answered: 410 } }));
    expect(text.stdout).toMatch(/before +after +before ÷ after\n/);
    expect(text.stdout).toMatch(/response time p50 +12\.00 ms +4\.00 ms +3\.00×\n/);
    expect(text.stdout).toMatch(/answered +400 +410\s*\n/);
    expect(text.stdout).toContain('Every arrival was sent in time.');
  });

  it('says when arrivals were not sent, since the rest is then worth nothing', () => {
    const text = lines(data({ before: { p50: 12, answered: 4 }, after: { p50: 4, answered: 4 } }, 7)).join('\n');
    expect(text).toContain('k6 could not send 7 arrivals in time: the figures above are not to be trusted.');
  });
});

describe("k6's summary of one side", () => {
  it('names its address, and compares nothing', () => {
    k6.__ENV = { BASE_URL: 'http://127.0.0.1:3001' };
    const text = lines(data({ one: { p50: 12, answered: 400 } })).join('\n');
    expect(text).toMatch(/ 127\.0\.0\.1:3001\n/);
    expect(text).not.toContain('÷');
  });
});
