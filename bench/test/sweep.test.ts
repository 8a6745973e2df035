import { defineTopology } from '@day90/infra';
import { describe, expect, it } from '@jest/globals';
import { curvesOf, neighboursOf } from '../src/compare/sweep/curves.ts';
import { judgeStep, mayRise } from '../src/compare/sweep/judge-step.ts';
import { parseSweep } from '../src/compare/sweep/sweep.ts';
import { sweepPlan, turnsOf as turnOrder } from '../src/compare/sweep/sweep-plan.ts';
import { sweptTopology } from '../src/compare/sweep/sweep-topology.ts';
import { turnsOf } from '../src/compare/sweep/turns.ts';
import { samplePair, samplePoint, sampleSweep } from './sample-sweep.ts';

const box = (role: string, port: number, cpu?: number) => ({ role, run: ['node', role], port, ...(cpu && { cpu }) });
const plain = defineTopology({
  stage: 'stage-1',
  door: 'app',
  boxes: { mail: box('mail', 4001), app: box('app', 4002) },
});

describe('a stage that is swept', () => {
  it('has the same share in each box that does its work, and none in the others', () => {
    const { boxes } = sweptTopology({
      ...plain,
      boxes: { ...plain.boxes, postgres: box('postgres', 4003, 0.2) },
    }).topology;
    expect(Object.entries(boxes).map(([name, { cpu }]) => [name, cpu])).toEqual([
      ['mail', undefined],
      ['app', 0.1],
      ['postgres', 0.1],
    ]);
  });

  it('is far away from Los Angeles without an edge there, and near to it with one', () => {
    const far = sweptTopology(plain);
    expect(far.topology.links).toMatchObject({ far: { from: 'far', to: 'app', rttMs: 200 } });
    expect(far.far).toEqual({ from: 'far', to: 'app' });
    const withEdge = {
      ...plain,
      boxes: { ...plain.boxes, 'edge-la': box('edge', 4004) },
      places: ['la'],
      links: {
        direct: { from: 'la', to: 'app', port: 4005, rttMs: 200 },
        la: { from: 'la', to: 'edge-la', port: 4006, rttMs: 10 },
      },
    };
    expect(sweptTopology(withEdge).far).toEqual({ from: 'la', to: 'edge-la' });
    expect(sweptTopology(withEdge).topology.links).toEqual(withEdge.links);
  });
});

describe('a sweep', () => {
  it('asks by ABBA, at rates that rise by one factor', () => {
    expect(turnOrder(['before', 'after'], 2)).toEqual(['before', 'after', 'after', 'before']);
    expect(turnOrder(['after'], 2)).toEqual(['after', 'after']);
    expect(sweepPlan(false).rates).toEqual([25, 50, 100, 200, 400, 800]);
    expect(sweepPlan(true).rates).toHaveLength(11);
  });

  it('asks no more of a stage that loses too many, or is too slow', () => {
    expect(mayRise(samplePoint(100, 5))).toBe(true);
    expect(mayRise(samplePoint(100, 5, 0.89))).toBe(false);
    expect(mayRise(samplePoint(100, 1001))).toBe(false);
  });
});

/** Rows of two turns by k6: 40 answers each, those of the second arm in half the time. */
function rows(): string[] {
  const lines = ['metric_name,timestamp,metric_value,check,expected_response,name,scenario,extra_tags,metadata'];
  for (const [turn, arm] of turnOrder(['before', 'after'], 2).entries()) {
    const add = (metric: string, at: number, value: number, tags: Record<string, string>, expected = '') =>
      lines.push(`${metric},${at},${value},,${expected},,${arm}-${turn},${new URLSearchParams({ arm, ...tags })},`);
    for (let i = 0; i < 40; i += 1) {
      const at = 1e15 + (3 * turn + i * 0.0625) * 1e6;
      const tags = { phase: 'run', label: 'ab'[i % 2] as string, place: i % 5 === 4 ? 'far' : 'near' };
      const noise = 1 + 0.02 * Math.sin(i * i + turn);
      add('offered', at, 1, tags);
      add('answered', at, 1, tags);
      add('http_req_duration', at, (arm === 'before' ? 8 : 4) * noise + (i % 5 === 4 ? 200 : 0), tags);
    }
    add('http_req_duration', 1e15 + 3e6 * turn, 0.1, { place: 'near' }, 'false');
    if (arm === 'before') add('dropped_iterations', 1e15 + 3e6 * turn, 2, {});
  }
  return lines;
}

describe('the turns of a load', () => {
  it('have books of their own, in which a dropped arrival was offered, too', async () => {
    const turns = await turnsOf(rows(), 'k6.csv');
    expect(turns.map(({ arm }) => arm)).toEqual(['before', 'after', 'after', 'before']);
    expect(turns[0]?.books).toEqual({ offered: 42, answered: 40, refused: 0, timedOut: 0, dropped: 2 });
    expect(turns[1]?.answers).toHaveLength(40);
  });

  it('give each arm its times by place, and compare slices of neighbouring turns', async () => {
    const step = judgeStep({
      ...{ rate: 16, turnSeconds: 2.5, turns: await turnsOf(rows(), 'k6.csv') },
      cpuBetween: (arm, from, to) => ((to - from) / 1e6) * (arm === 'before' ? 16_000 : 8_000),
      idleBetween: () => 0.4,
    });
    expect(step.before?.accounting).toEqual({ offered: 84, answered: 80, refused: 0, timedOut: 0, dropped: 4 });
    expect(step.before?.near?.p50).toBeCloseTo(8, 0);
    expect(step.after?.far?.p50).toBeCloseTo(204, 0);
    expect(step.before?.cpuPerRequestUs).toBeCloseTo(1000, 0);
    expect(step.comparisons[0]).toMatchObject({ metric: 'response time nearby, p50', verdict: 'faster' });
    expect(step.comparisons[0]?.estimate).toBeCloseTo(2, 1);
    expect(step.comparisons[2]?.estimate).toBeCloseTo(2, 1);
  });
});

describe('the curves of a sweep', () => {
  it('have their knee where answers a second ÷ their time is largest, and end where too many are lost', () => {
    const [first, second] = curvesOf(sampleSweep());
    expect(first).toMatchObject({ stage: 'stage-1', knee: 200, carried: 200 });
    // Beside stage-1 it took 4 ms at 400/s, and beside stage-3 it lost 30 % of them.
    expect(second?.points.map(({ answered }) => answered)).toEqual([1, 1, 0.85]);
    expect(second?.points[0]?.nearP95).toBeCloseTo(Math.sqrt(2 * 4));
  });

  it('count no point for which the machine was full', () => {
    const pair = samplePair('stage-1', 'stage-2');
    const steps = pair.steps.map((step) => ({ ...step, after: samplePoint(step.rate, 2, 1, 0.1) }));
    const curves = curvesOf({ pairs: [{ ...pair, steps }] });
    expect(curves[1]).not.toHaveProperty('knee');
    expect(neighboursOf({ pairs: [{ ...pair, steps }] })).toEqual([]);
  });

  it('lay neighbours side by side at the highest rate that both carried', () => {
    expect(neighboursOf(sampleSweep())[0]).toMatchObject({ before: 'stage-1', after: 'stage-2', rate: 200 });
  });

  it('are read back from a file, unless it was changed by hand', () => {
    const text = JSON.stringify(sampleSweep());
    expect(parseSweep(text, 's.json')).toEqual(sampleSweep());
    expect(() => parseSweep(text.replace('"ceiling":3000', '"ceiling":9000'), 's.json')).toThrow('changed by hand');
    expect(() => parseSweep(text.replace('"schema":1', '"schema":9'), 's.json')).toThrow('has schema 9');
  });
});
