import { describe, expect, it } from '@jest/globals';
import type { ComparedStages } from '../src/compare/compared-stages.ts';
import { runText } from '../src/compare/ladder-text.ts';
import { runMarkdown } from '../src/compare/markdown.ts';
import { notHelped } from '../src/compare/not-helped.ts';
import { renderCompareReport } from '../src/compare/report/compare-report.ts';
import { csvOf } from '../src/compare/report/csv.ts';
import { sampleResult } from './sample-result.ts';
import { samplePair, sampleSweep } from './sample-sweep.ts';

const names = [1, 2, 3, 4, 5, 6, 7].map((number) => `stage-${number}`);
const costs = { steps: names.map((stage) => ({ stage, lines: 300, packages: ['redis'] })), prices: [] };

/** A run of seven stages; the last one could not be measured. */
function sampleRun(changes: Partial<ComparedStages> = {}): ComparedStages {
  const yours = names.slice(0, 6).map((stage) => sampleResult({ stage, title: `What ${stage} gives` }));
  const pairs = names.slice(1).map((name, i) => samplePair(names[i] as string, name));
  const why = 'prometheus 2.42 or newer: `apt-get install prometheus` installs it';
  return {
    takenAt: '2026-01-02T03:04:05.000Z',
    full: false,
    ladder: names.map((stage, i) => ({
      ...{ stage, claim: 'sample', title: `What ${stage} gives`, ours: sampleResult({ stage, estimate: 3.1 }) },
      ...(yours[i] ? { yours: yours[i] } : { skipped: why }),
    })),
    ...{ yours, ours: [sampleResult({ claim: 'tax', verdict: 'slower', estimate: 0.8, lo: 0.7, hi: 0.9 })] },
    sweep: sampleSweep({ pairs }),
    skipped: [{ stage: 'stage-7', why }],
    env: sampleResult().env,
    ...changes,
  };
}

const page = renderCompareReport(sampleRun(), costs);
const text = page
  .replace(/<svg.*?<\/svg>/gs, '')
  .replace(/<[^>]+>/g, ' ')
  .replace(/\s+/g, ' ');

describe('the report of a comparison', () => {
  it('asks for nothing beside itself, and stays below 1.5 MB', () => {
    expect(page).not.toMatch(/https?:|<script|<link|<img|@import|url\((?!#)/);
    expect(Buffer.byteLength(page)).toBeLessThan(1_500_000);
  });

  it('has its five parts, and the guide’s figure beside each step', () => {
    for (const part of [
      '1. The ladder',
      '2. Latency against load',
      '3. What each step costs',
      '4. Where it did not help',
    ])
      expect(text).toContain(part);
    expect(text).toContain('5. How it was measured');
    expect(text).toContain('3× for 3 × $100');
    expect(text).toContain('a cold cache after a restart');
  });

  it('names what was left out, and why', () => {
    expect(text).toContain('stage-7 was left out: prometheus 2.42 or newer');
    expect(text).toContain('not measured: prometheus 2.42 or newer');
  });

  it('says where no box could be held to a budget', () => {
    expect(text).toContain('Nothing on this system limits a box to its share of a core');
  });

  it('has every arrival in its books', () => {
    // 2 × 10 × 400 arrivals of a stage in the middle, of which 30 % were dropped in one of its two pairs.
    expect(text).toContain('stage-2 400/s 8,000 6,800 0 0 1,200');
  });

  it('tells of each chart in words, with a table behind it, and hides the drawings from readers', () => {
    const charts = [...page.matchAll(/<div role="img" aria-label="([^"]+)">/g)].map((match) => match[1]);
    expect(charts).toHaveLength(4);
    expect(charts[1]).toContain('stage-1: 4 ms at 100, 300 ms at 400, knee at 200');
    expect(page.match(/<details><summary>Data of this chart/g)).toHaveLength(4);
    for (const drawing of page.match(/<svg [^>]*>/g) ?? []) expect(drawing).toContain('aria-hidden="true"');
  });

  it('has every id once', () => {
    const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('escapes what results say', () => {
    const evil = `</title><script>alert(1)</script>`;
    const yours = [sampleResult({ stage: 'stage-1', metric: evil, title: evil })];
    const skipped = [{ stage: evil, why: evil }];
    expect(renderCompareReport(sampleRun({ yours, skipped }), costs)).not.toContain('<script');
  });

  it('is a report without a sweep, and with nothing in the repository', () => {
    const { sweep: _, ...run } = sampleRun({ ours: [], ladder: [{ stage: 'stage-1' }], yours: [], skipped: [] });
    const bare = renderCompareReport(run, costs);
    expect(bare).toContain('Not measured in this run.');
    expect(bare).toContain('no claim yet');
  });
});

describe('where a step did not help', () => {
  it('is what was slower, no different, or missed its goal; of the repository only what was not measured here', () => {
    const missed = sampleResult({ goal: { op: '>=', value: 9, met: false } });
    const ours = [sampleResult({ verdict: 'slower' }), sampleResult({ claim: 'tax', verdict: 'no-difference' })];
    expect(notHelped([missed], ours, undefined).map((one) => [one.where, one.row.verdict, one.ours])).toEqual([
      ['sample', 'faster', false],
      ['tax', 'no-difference', true],
    ]);
  });
});

describe('a run', () => {
  it('reads well in a terminal and in a pull request', () => {
    expect(runText(sampleRun())).toMatch(/stage-1 +sample +1\.16 ms → 400 µs +faster 2\.90× \[.*\] +met +faster/);
    expect(runText(sampleRun())).toContain('stage-7: prometheus 2.42 or newer');
    expect(runMarkdown(sampleRun())).toContain('| stage-3 | What stage-3 gives | faster 2.90×');
  });

  it('has its numbers with all digits for a spreadsheet', () => {
    const yours = [sampleResult({ metric: 'a "time", p50', estimate: 2.123456789 })];
    expect(csvOf({ yours, sweep: undefined })).toContain('stage-0,sample,"a ""time"", p50",ms,');
    expect(csvOf({ yours, sweep: undefined })).toContain('2.123456789');
  });
});
