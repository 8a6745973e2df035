import { describe, expect, it } from '@jest/globals';
import { formatEstimate, formatNumber, formatValue } from '../src/report/format.ts';
import { renderTable } from '../src/report/table.ts';
import { sampleResult } from './sample-result.ts';

const ESCAPE = String.fromCharCode(27);
const plain = { color: false, columns: 80 };
const row = (name: string, table: string) => table.split('\n').find((line) => line.includes(name)) ?? '';

describe('formatValue', () => {
  it.each([
    [0.1462, 'ms', '146 µs'],
    [67.23, 'ms', '67.2 ms'],
    [1_234, 'ms', '1.23 s'],
    [0.99996, 'ms', '1 ms'],
    [0.0123, 'µs', '0.0123 µs'],
    [1_500, 'us', '1.5 ms'],
    [2, 's', '2 s'],
    [157_286_400, 'bytes', '157 MB'],
    [512, 'MB', '512 MB'],
    [0, 'ms', '0 µs'],
    [37_500, '', '37,500'],
    [4, 'steps', '4 steps'],
  ])('shows %d %s as %s', (value, unit, text) => {
    expect(formatValue(value, unit)).toBe(text);
  });
});

describe('formatEstimate', () => {
  it.each([
    [2.91, 2.71, 3.09, '2.9× [2.7–3.1]'],
    [915.4, 880.2, 951.3, '915× [880–952]'],
    [1.453, 1.41, 1.471, '1.45× [1.41–1.48]'],
    [4443.1, 4400, 4490, '4,443× [4,400–4,490]'],
    [0.351, 0.348, 0.353, '0.351× [0.348–0.353]'],
    [101, 101, 101, '101×'],
    [3, 2, 20, '3.0× [2.0–20.0]'],
  ])('shows %d [%d–%d] as %s', (estimate, lo, hi, text) => {
    expect(formatEstimate({ estimate, lo, hi })).toBe(text);
  });

  it('rounds the bounds outwards, so that a goal just missed does not look met', () => {
    expect(formatEstimate({ estimate: 2.7, lo: 2.49, hi: 2.96 })).toBe('2.7× [2.4–3.0]');
  });

  it('keeps thousands apart and three digits', () => {
    expect([0.0741, 2.5, 99.96, 12_345.6].map(formatNumber)).toEqual(['0.0741', '2.5', '100', '12,346']);
  });
});

describe('renderTable', () => {
  it('has before, after, ratio, verdict and goal of each metric', () => {
    const table = renderTable([sampleResult()], { color: false, columns: 110 });
    expect(row('database time', table)).toMatch(/1\.16 ms +400 µs +faster 2\.90× \[2\.\d+–3\.\d+\] +≥ 2\.5× met$/);
    expect(row('response time', table)).toMatch(/2\.02 ms +1\.4 ms +faster 1\.44× \[1\.41–1\.47\]$/);
    expect(row('queries', table)).toMatch(/101 +1 +101 → 1 += 1 met$/);
  });

  it('fits the terminal, wrapping what is longer', () => {
    const title = 'A title that goes on and on about what was measured, how, where and why, until it has to be wrapped';
    const metric = 'a page by index, 1,000,000 posts against 10,000, database time';
    for (const columns of [80, 100, 300]) {
      const table = renderTable([sampleResult({ title, metric })], { color: false, columns });
      expect(Math.max(...table.split('\n').map((line) => line.length))).toBeLessThanOrEqual(Math.min(columns, 120));
      expect(table.replace(/\s+/g, ' ')).toContain(title);
    }
  });

  it('is plain without colour, and only then', () => {
    expect(renderTable([sampleResult()], plain)).not.toContain(ESCAPE);
    expect(renderTable([sampleResult()], { ...plain, color: true })).toContain(ESCAPE);
  });

  it('says the same words in colour as without', () => {
    const colored = renderTable([sampleResult()], { ...plain, color: true });
    const codes = new RegExp(`${ESCAPE}\\[\\d+m`, 'g');
    expect(colored.replace(codes, '').replace(/ +$/gm, '')).toBe(renderTable([sampleResult()], plain));
  });

  it('says why a run is void, and shows no figure of it', () => {
    const why = 'the run never settled';
    const table = renderTable([sampleResult({ verdict: 'void', why, also: [], counts: [], quick: true })], plain);
    expect(row('database time', table)).toMatch(/– +– +void +≥ 2\.5× open$/);
    expect(table).toContain('void: the run never settled');
    expect(table).toContain('quick: fewer blocks');
    expect(table).not.toMatch(/faster|met/);
  });

  it('leaves the goals of a void run open, those of its counts and quantities, too', () => {
    const goal = { op: '=', value: 1, met: false } as const;
    const counts = [{ name: 'queries a request', before: 1, after: 1, goal }];
    const values = [
      { name: 'CPU', unit: 'µs', value: 3, lo: 2, hi: 4, goal: { op: '<=', value: 5, met: false } as const },
    ];
    const table = renderTable([sampleResult({ verdict: 'void', why: 'noise', also: [], counts, values })], plain);
    expect(row('queries a request', table)).toMatch(/= 1 open$/);
    expect(row('CPU', table)).toMatch(/≤ 5 µs open$/);
  });

  it('names the claims without budgets where others had some', () => {
    const limited = sampleResult({ claim: 'capacity' });
    const table = renderTable([{ ...limited, env: { ...limited.env, budgets: 'cgroup2' } }, sampleResult()], plain);
    expect(table).toContain(`budgets: none in ${sampleResult().claim} (`);
  });

  it('says that a difference was not shown, and that a goal was missed', () => {
    const missed = { op: '>=', value: 2.5, met: false } as const;
    const small = { estimate: 1.01, lo: 0.99, hi: 1.03, verdict: 'no-difference', goal: missed } as const;
    expect(row('database time', renderTable([sampleResult(small)], plain))).toMatch(
      /no difference 1\.01× \[0\.99–1\.03\] +≥ 2\.5× missed$/,
    );
  });

  it('says where it was measured, and that there were no budgets', () => {
    const table = renderTable([sampleResult()], plain);
    expect(table).toContain('linux-x64-2cpu, scale medium, commit 0123456789ab');
    expect(table).toContain('budgets: none');
  });

  it('says so when there is nothing', () => {
    expect(renderTable([], plain)).toContain('No results.');
  });
});
