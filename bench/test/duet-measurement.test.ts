import { describe, expect, it } from '@jest/globals';
import type { ArmBlock, DuetRun } from '../src/capacity-duet.ts';
import { duetBlocks, duetMeasurement } from '../src/duet-measurement.ts';
import { parseResult } from '../src/index.ts';
import { sealResult } from '../src/result.ts';
import { assemble, type RunFacts } from '../src/run/assemble.ts';
import { noise } from './noise.ts';
import { sampleResult } from './sample-result.ts';

const goal = { op: '>=', value: 2.85 } as const;
const judgement = { goal, seed: 1, leastBlocks: 20 };

/** A made-up run of one box against three, two seconds a block. */
function sampleRun(changes: { ratio?: number; bad?: number; ceiling?: number } = {}): DuetRun {
  const { ratio = 2.95, bad = 0, ceiling = 50_000 } = changes;
  const { normal } = noise(5);
  const arm = (perSecond: number, names: string[]): ArmBlock => {
    const rate = perSecond * Math.exp(0.01 * normal());
    const half = () => rate * Math.exp(0.005 * normal());
    const boxes = names.map((name) => ({ name, cpuMicros: 400_000, used: 0.199, throttled: 0.97 }));
    return {
      ...{
        answered: Math.round(rate * 2),
        refused: 0,
        timedOut: 0,
        broken: 0,
        perSecond: rate,
        labels: [half(), half()],
      },
      ...{ boxes, hostIdle: 0.35, generatorMicros: rate * 2 * 9 },
    };
  };
  const boxesOf = (names: string[]) =>
    names.map((name) => ({ name, cpuShare: 0.2, usage: () => ({ cpuMicros: 0, periods: 0, throttledPeriods: 0 }) }));
  const three = ['app-1', 'app-2', 'app-3'];
  return {
    arms: [
      { label: '1 box', urls: [], connections: 32, boxes: boxesOf(['app-1']) },
      { label: '3 boxes', urls: [], connections: 96, boxes: boxesOf(three) },
    ],
    blocks: Array.from({ length: 26 }, (_, i) => ({
      arms: [arm(500, ['app-1']), arm(500 * ratio, three)],
      problems: i < bad ? ['the machine was 3 % idle, 15 % is the least'] : [],
    })),
    ...{ blockSeconds: 2, warmupSeconds: 10, settleSeconds: 0, alternate: false },
    generator: { name: 'wrk', version: '4.1.0', rate: 2_000, ceiling },
  };
}

describe('duetMeasurement', () => {
  it('says how many times as much the after arm answers', () => {
    const { comparison, arms, accounting, voidBecause, unit } = duetMeasurement(sampleRun(), 'capacity', judgement);
    expect(comparison).toMatchObject({ verdict: 'faster', goal: { met: true }, moreIsBetter: true });
    expect(comparison.estimate).toBeCloseTo(2.95, 1);
    expect(comparison.after / comparison.before).toBeCloseTo(comparison.estimate, 6);
    expect({ unit, voidBecause }).toEqual({ unit: '/s', voidBecause: [] });
    expect(arms[1]).toMatchObject({ name: 'after', label: '3 boxes', boxes: [{ cpuShare: 0.2 }, {}, {}] });
    // Three boxes of 0.4 s each for 2,950 answers.
    expect(arms[1]?.cpuPerRequestUs).toBeCloseTo(1_200_000 / 2_950, -1);
    const [one, three] = arms;
    expect(accounting?.offered).toBe((one?.accounting?.offered ?? 0) + (three?.accounting?.offered ?? 0));
  });

  it('misses the goal when the interval does not reach it', () => {
    const { comparison } = duetMeasurement(sampleRun({ ratio: 2.85 }), 'capacity', judgement);
    expect(comparison).toMatchObject({ verdict: 'faster', goal: { met: false } });
  });

  it('leaves out void blocks and says why, up to a quarter of them', () => {
    const run = sampleRun({ bad: 5 });
    const { blocks, notes, voidBecause, comparison } = duetMeasurement(run, 'capacity', judgement);
    expect(duetBlocks(run)).toHaveLength(21);
    expect(comparison.blocks).toBe(21);
    expect(blocks.filter((block) => block.why)).toHaveLength(5);
    expect(blocks[0]).toMatchObject({ t: 0, dropped: true, why: 'the machine was 3 % idle, 15 % is the least' });
    expect(blocks[5]).toMatchObject({ t: 10, dropped: false });
    expect(notes.at(-1)).toBe('Void blocks: 5, such as one in which the machine was 3 % idle, 15 % is the least.');
    expect(voidBecause).toEqual([]);
  });

  it.each([
    ['too many void blocks', { bad: 7 }, '7 of 26 blocks are void, such as one in which the machine was 3 % idle'],
    ['a generator near its ceiling', { ceiling: 2_500 }, 'wrk was asked for 80 % of what it can send here (2500/s)'],
  ])('is void with %s', (_name, changes, why) => {
    const measurement = duetMeasurement(sampleRun(changes), 'capacity', judgement);
    expect(measurement.voidBecause?.join('; ')).toContain(why);
  });

  it('gives a result that can be written and read again', () => {
    const { env } = sampleResult();
    const facts = { stage: 'stage-3', quick: false, scale: 'medium', seed: 1, env, versions: {} } satisfies RunFacts;
    const claim = { kind: 'measured', id: 'scale-out', title: 'More boxes', proves: ['C9'], seconds: 90 } as const;
    const measured = duetMeasurement(sampleRun({ bad: 1 }), 'capacity', judgement);
    const values = [{ name: 'USL σ', unit: '', value: 0.01, goal: { op: '<=' as const, value: 0.1, met: true } }];
    const measure = () => Promise.resolve(measured);
    const result = assemble(
      { ...claim, proves: [...claim.proves], measure },
      { ...measured, values, budgets: 'cgroup2' },
      facts,
    );
    expect(parseResult(JSON.stringify(result), 'x.json')).toEqual(result);
    expect(sealResult(result).values).toEqual(values);
    const bad = assemble({ ...claim, proves: [], measure }, { ...measured, values, voidBecause: ['of it'] }, facts);
    expect(bad).toMatchObject({ verdict: 'void', values: [{ goal: { met: false } }] });
  });
});
