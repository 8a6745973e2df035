import { describe, expect, it } from '@jest/globals';
import { renderReport } from '../src/report/html.ts';
import { logAxis } from '../src/report/log-axis.ts';
import { sampleArm, sampleResult } from './sample-result.ts';

const page = renderReport([sampleResult()]);
const ladder = ['bare', 'express', 'shipped'].map((name, rung) => sampleArm(name, `rung ${name}`, 0.2 + rung / 10));

describe('renderReport', () => {
  it('asks for nothing beside itself', () => {
    expect(page).not.toMatch(/https?:|<script|<link|<img|@import|url\((?!#)/);
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  });

  it('has the verdict, the goal, the figures, the counts, the books and the machine', () => {
    const text = page
      .replace(/<svg.*?<\/svg>/gs, '')
      .replace(/<[^>]+>/g, ' ')
      .replace(/\s+/g, ' ');
    expect(text).toMatch(/faster 2\.90× \[2\.\d+–3\.\d+\] , goal ≥ 2\.5× met/);
    expect(text).toContain('1.16 ms');
    expect(text).toContain('queries a request 101 1');
    expect(text).toContain('9,000 8,990 6 4 0');
    expect(text).toContain('the parts add up to');
    expect(text).toContain('k6 1.8.1 at 300/s, 12.5 % of its ceiling of 2,400/s');
    expect(text).toContain('Sample CPU, 2 cores');
    expect(text).toContain('LOGIN_TURNS_PER_MINUTE 1000');
    expect(text).toContain('CPU per request');
  });

  it('says when the books do not add up', () => {
    const accounting = { offered: 10, answered: 8, refused: 0, timedOut: 0, dropped: 0 };
    expect(renderReport([sampleResult({ accounting })])).toContain('do not add up to what was offered');
  });

  it('gives each chart an alternative text with figures, a table, and hides the drawing from readers', () => {
    const charts = [...page.matchAll(/<div role="img" aria-label="([^"]+)">/g)].map((match) => match[1]);
    expect(charts).toHaveLength(2);
    expect(charts[0]).toMatch(/before: stage-0-naive: half within 1\.\d+ ms, 95 of 100 within/);
    expect(charts[1]).toMatch(/30 blocks, 30 of them counted: 2\.90×/);
    expect(page.match(/<details><summary>Data of this chart/g)).toHaveLength(2);
    const drawings = page.match(/<svg [^>]*>/g) ?? [];
    expect(drawings).toHaveLength(4);
    for (const drawing of drawings) expect(drawing).toContain('aria-hidden="true"');
  });

  it('draws bars where there are more than two arms', () => {
    expect(renderReport([sampleResult({ arms: ladder })])).toContain(
      'aria-label="CPU time for one answer. rung bare: 200 µs',
    );
    expect(page).not.toContain('CPU time for one answer');
  });

  it('has every id once, also with many claims', () => {
    const claims = ['a', 'b', 'c'].map((claim) => sampleResult({ claim, arms: ladder }));
    const ids = [...renderReport(claims).matchAll(/\sid="([^"]+)"/g)].map((match) => match[1]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('is the same for the same results', () => {
    expect(renderReport([sampleResult()])).toBe(page);
  });

  it('escapes what results say', () => {
    const evil = `</title><script>alert("1")</script>'&`;
    const arms = ladder.map((arm) => ({ ...arm, label: evil, name: evil }));
    const report = renderReport([
      sampleResult({ ...{ title: evil, metric: evil, claim: evil, stage: evil, why: evil, arms }, proves: [evil] }),
      sampleResult({ ...{ verdict: 'void', why: evil }, method: { ...sampleResult().method, notes: [evil] } }),
    ]);
    expect(report).not.toContain('<script');
    expect(report).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;&amp;');
  });

  it('says why a claim is void, and claims nothing', () => {
    const goal = { op: '>=', value: 2.5, met: false } as const;
    const report = renderReport([
      sampleResult({ verdict: 'void', why: 'k6 dropped 3 arrivals', goal, also: [], counts: [] }),
    ]);
    expect(report).toContain('void: k6 dropped 3 arrivals');
    expect(report).not.toMatch(/faster 2|<strong class="(met|missed)"/);
  });

  it('shows a claim that has neither times nor blocks', () => {
    const arms = [
      { name: 'before', label: 'a' },
      { name: 'after', label: 'b' },
    ];
    const report = renderReport([sampleResult({ arms, blocks: [], estimate: 4, lo: 4, hi: 4 })]);
    expect(report).not.toContain('<figure>');
    expect(report).toContain('exact');
  });

  it('stays under 1.5 MB with ten claims', () => {
    const claims = Array.from({ length: 10 }, (_, i) => sampleResult({ claim: `c${i}`, arms: ladder }));
    expect(Buffer.byteLength(renderReport(claims))).toBeLessThan(1_500_000);
  });
});

describe('logAxis', () => {
  const labels = (values: number[]) => {
    const axis = logAxis(values, String);
    return axis.ticks.map(axis.label);
  };

  it.each([
    [
      [1, 1_000],
      ['1', '10', '100', '1000'],
    ],
    [
      [0.2, 3],
      ['0.2', '0.5', '1', '2'],
    ],
    [
      [0.97, 1.06],
      ['0.96', '0.98', '1', '1.02', '1.04', '1.06', '1.08'],
    ],
  ])('labels %j with round numbers', (values, expected) => {
    expect(labels(values)).toEqual(expected);
  });

  it('has at most nine labels, and room for a single value', () => {
    expect(labels([1e-9, 1e9]).length).toBeLessThanOrEqual(9);
    expect(labels([5]).length).toBeGreaterThan(1);
  });
});
