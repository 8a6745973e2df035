import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { carriedBy, insideAtOnce, responseSeconds, timesOne } from '../src/plan/laws.ts';
import { planFor } from '../src/plan/plan.ts';
import { renderPlan } from '../src/plan/plan-table.ts';
import { readPriceList } from '../src/plan/prices.ts';
import { DEFAULTS, demandOf, type Workload } from '../src/plan/workload.ts';
import type { Arm } from '../src/result.ts';
import { sampleResult } from './sample-result.ts';

describe('the laws', () => {
  it('say what a fifth of a core carries at 400 µs a request, whole and to 60 %', () => {
    expect(carriedBy(0.2, 400e-6)).toBeCloseTo(500);
    expect(carriedBy(0.2, 400e-6, 0.6)).toBeCloseTo(300);
  });

  it('say that boxes which share nothing carry their number, and others less', () => {
    expect(timesOne(3, { sigma: 0, kappa: 0 })).toBe(3);
    expect(timesOne(1, { sigma: 0.1, kappa: 0.01 })).toBe(1);
    expect(timesOne(3, { sigma: 0.05, kappa: 0 })).toBeCloseTo(3 / 1.1);
  });

  it('say that 10,000 requests a second are 100,000 visitors who pause for ten seconds', () => {
    expect(insideAtOnce(10_000, 10)).toBe(100_000);
  });

  it('say that a request takes twice as long where half of a server is busy', () => {
    expect(responseSeconds([{ seconds: 0.001, utilisation: 0.5 }])).toBeCloseTo(0.002);
  });
});

describe('a workload', () => {
  it('of a million users a day with 20 requests each is 231 a second on average', () => {
    const { average, peak, readsPerSecond, writesPerSecond } = demandOf(DEFAULTS);
    expect(Math.round(average)).toBe(231);
    expect(peak).toBeCloseTo(4 * average);
    expect(readsPerSecond / writesPerSecond).toBeCloseTo(9);
  });
});

describe('a plan', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(`${tmpdir()}/day90-plan-`);
    keep('stage-1', { app: [400, 800] });
    keep('stage-3', {
      'app-1': [150, 300],
      'app-2': [150, 300],
      nginx: [40, 40],
      cache: [20, 30],
      postgres: [50, 500],
    });
    keep('stage-4', {
      ...{ 'app-1': [150, 300], 'app-2': [150, 300], nginx: [40, 40], cache: [20, 30] },
      ...{ 'db-1': [17, 500], 'db-2': [17, 100], 'db-3': [17, 100] },
    });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Demands in microseconds for a read and a write, by box. */
  const keep = (stage: string, demands: Record<string, [read: number, write: number]>) => {
    const arm = (name: string, at: 0 | 1): Arm => ({
      ...{ name, label: stage, rate: 100 },
      boxes: Object.entries(demands).map(([box, us]) => ({ name: box, used: us[at] / 1e4, throttled: 0 })),
    });
    const result = sampleResult({ stage, claim: 'demands', arms: [arm('before', 1), arm('after', 0)] });
    writeFileSync(`${folder}/${stage}.demands.json`, JSON.stringify(result));
  };
  const stages = [1, 2, 3, 4].map((number) => ({ name: `stage-${number}`, number, folder: '' }));
  const plan = (load: Partial<Workload>) => planFor({ ...DEFAULTS, ...load }, readPriceList('aws'), stages, folder);
  const text = (load: Partial<Workload>) => {
    const made = plan(load);
    return renderPlan(made, made.smallest, { color: false, columns: 100 });
  };

  it('takes the smallest stage that carries it', () => {
    expect(plan({ users: 100_000 }).smallest?.stage).toBe('stage-1');
    expect(plan({ users: 5_000_000 }).smallest?.stage).toBe('stage-3');
  });

  it('says why a stage does not carry it, by what is busy', () => {
    const [first] = plan({ users: 5_000_000 }).stages;
    expect(first).toMatchObject({ carries: false, bill: [], tooSmall: [{ tier: 'app' }] });
    expect(first?.tooSmall[0]?.why).toBe('one process takes 2 cores at the peak, and may take 60 % of one');
  });

  it('has three app machines where there can be several, and more as it takes more', () => {
    const app = (users: number) => plan({ users }).stages[1]?.machines.find(({ tier }) => tier === 'app')?.count;
    expect(app(10_000)).toBe(3);
    // 9,259/s × 330 µs are 3.1 cores, which at 60 % are 5.1 of the 6 that three machines have.
    expect(app(10_000_000)).toBe(3);
    expect(app(20_000_000)).toBe(6);
  });

  it('gives each database a machine of its own size: all of them write, and share the reading', () => {
    const machines = plan({ users: 20_000_000, readShare: 0.5 }).stages[2]?.machines ?? [];
    const sizes = Object.fromEntries(
      machines.filter(({ tier }) => tier === 'database').map((m) => [m.what, m.machine.cores]),
    );
    expect(sizes).toEqual({ 'db-1': 8, 'db-2': 2, 'db-3': 2 });
  });

  it('costs more a million requests the fewer there are', () => {
    const cost = (users: number) => plan({ users }).stages[1]?.dollarsAMillion ?? 0;
    expect(cost(10_000)).toBeGreaterThan(20 * cost(1_000_000));
    expect(cost(1_000_000)).toBeGreaterThan(cost(5_000_000));
  });

  it('says what lies beyond where no stage carries it', () => {
    const said = text({ users: 500_000_000 });
    expect(said).toContain('No stage carries it.');
    expect(said).toContain('more than one core of Redis: a cluster');
    expect(said).toContain('more than 20 app machines');
  });

  it('names stages that were not measured, with the command', () => {
    expect(plan({}).unmeasured).toEqual([
      { stage: stages[1], why: 'not measured: pnpm bench stage-2 --claim demands' },
    ]);
    expect(text({})).toContain('pnpm bench stage-2 --claim demands');
  });

  it('prints every assumption with its value, and the date of its prices', () => {
    const said = text({ peakFactor: 3, answerKb: 12 });
    for (const part of [
      'the peak is 3 × the average',
      '90 % of requests read',
      'an answer has 12 kB',
      'us-east-1',
      '2026-06',
    ])
      expect(said.replaceAll(/\s+/g, ' ')).toContain(part);
  });

  it('is refused from a result that was changed by hand, and without any', () => {
    writeFileSync(`${folder}/stage-2.demands.json`, JSON.stringify({ ...sampleResult(), estimate: 99 }));
    expect(() => plan({})).toThrow('stage-2.demands.json was changed by hand');
    rmSync(`${folder}/stage-2.demands.json`);
    expect(() => planFor(DEFAULTS, readPriceList('aws'), stages, `${folder}/none`)).toThrow('has no measured demands');
  });
});
