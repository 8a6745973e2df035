import { describe, expect, it } from '@jest/globals';
import { figureText } from '../src/figures/figure-text.ts';
import { findMarkers } from '../src/figures/markers.ts';
import { measuredValue } from '../src/measured-value.ts';
import { renderReport } from '../src/report/html.ts';
import { renderTable } from '../src/report/table.ts';
import { compareBlocks } from '../src/statistics.ts';
import { noise } from './noise.ts';
import { sampleArm, sampleResult } from './sample-result.ts';

const around = (centre: number, count = 24) => {
  const { normal } = noise(11);
  return Array.from({ length: count }, () => centre * (1 + 0.02 * normal()));
};
const text = (page: string) =>
  page
    .replace(/<svg.*?<\/svg>/gs, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');

describe('measuredValue', () => {
  it('has the mean of the blocks and its interval', () => {
    const { value, lo, hi } = measuredValue('CPU of nginx', 'µs', around(20));
    expect(value).toBeCloseTo(20, 0);
    expect(lo).toBeLessThan(value);
    expect(hi).toBeGreaterThan(value);
  });

  it('meets a goal with the whole interval, not with its middle', () => {
    const blocks = around(20);
    const { hi = 0, value } = measuredValue('CPU', 'µs', blocks);
    const met = (bound: number) => measuredValue('CPU', 'µs', blocks, { op: '<=', value: bound }).goal?.met;
    expect([met(hi + 0.01), met((hi + value) / 2)]).toEqual([true, false]);
  });

  it('takes a single number as exact', () => {
    const row = measuredValue('shown late', '', 0, { op: '=', value: 0 });
    expect(row).toEqual({ name: 'shown late', unit: '', value: 0, goal: { op: '=', value: 0, met: true } });
  });
});

describe('a result with quantities, rates and boxes', () => {
  const rates = around(500).map((before) => ({ before, after: 3 * before }));
  const { before, after, estimate, lo, hi, floor, verdict } = compareBlocks(rates, { moreIsBetter: true });
  const result = sampleResult({
    ...{ before, after, estimate, lo, hi, floor, verdict, unit: '/s', moreIsBetter: true },
    blocks: rates.map((block, i) => ({ t: 2 * i, ...block, dropped: i < 2, ...(i < 2 && { why: 'no idle time' }) })),
    values: [
      { name: 'CPU of nginx', unit: 'µs', value: 20.4, lo: 20.1, hi: 20.8, goal: { op: '<=', value: 25, met: true } },
      { name: 'USL σ', unit: '', value: 0.013 },
    ],
    arms: [
      {
        ...sampleArm('after', 'stage-0', 0.4),
        boxes: [
          { name: 'app-1', cpuShare: 0.2, used: 0.198, throttled: 0.97 },
          { name: 'nginx', used: 0.05, throttled: 0 },
        ],
        accounting: { offered: 7, answered: 7, refused: 0, timedOut: 0, dropped: 0 },
      },
    ],
  });

  it('shows them in a terminal', () => {
    const table = renderTable([result], { color: false, columns: 110 });
    expect(table).toMatch(/CPU of nginx +20\.4 µs +\[20\.1 µs–20\.8 µs\] +≤ 25 µs met\n/);
    expect(table).toMatch(/USL σ +0\.013\n/);
    expect(table).toMatch(/faster 3/);
    expect(table).toContain('of rates after ÷ before');
    expect(renderTable([sampleResult()], { color: false, columns: 110 })).not.toContain('of rates');
  });

  it('shows them in the report', () => {
    const page = renderReport([result]);
    expect(text(page)).toContain('CPU of nginx 20.4 µs [20.1 µs–20.8 µs] ≤ 25 µs met');
    expect(text(page)).toContain('after app-1 0.2 core 0.198 core 99 % 97 %');
    expect(text(page)).toContain('after nginx none 0.05 core – –');
    expect(text(page)).toContain('after 7 7 0 0 0');
    expect(text(page)).toContain('22 counted, 0 left out as warm-up, 2 as void, 2 s each');
    expect(page).toContain('Ratio after to before in 24 blocks');
    expect(text(page)).toMatch(/\/s 3× no, no idle time/);
  });

  it('gives them to the documents', () => {
    const [marker] = findMarkers('<!-- figure stage-0.sample value:"CPU of nginx" both -->?<!-- /figure -->').markers;
    expect(marker && figureText(result, marker)).toBe('20.4 µs [20.1 µs–20.8 µs]');
    expect(figureText(result, { of: { kind: 'value', name: 'USL σ' }, field: 'value' })).toBe('0.013');
    expect(() => figureText(result, { of: { kind: 'value', name: 'USL κ' }, field: 'value' })).toThrow('"USL σ"');
  });
});

describe('compareBlocks of rates', () => {
  it('turns the ratio around and nothing else', () => {
    const { normal } = noise(3);
    const blocks = Array.from({ length: 24 }, () => ({ before: 100 * (1 + 0.02 * normal()), after: 290 }));
    const less = compareBlocks(blocks);
    const more = compareBlocks(blocks, { moreIsBetter: true, goal: { op: '>=', value: 2.8 } });
    expect(more.estimate).toBeCloseTo(1 / less.estimate, 9);
    expect([more.lo, more.hi]).toEqual([expect.closeTo(1 / less.hi, 9), expect.closeTo(1 / less.lo, 9)]);
    expect(more).toMatchObject({ verdict: 'faster', before: less.before, after: less.after, goal: { met: true } });
    expect(less.verdict).toBe('slower');
  });
});
