import { describe, expect, it } from '@jest/globals';
import { accountingOf, bookProblems } from '../src/run/accounting.ts';
import { answersPerBlock, blockTimes, quantileBlocks } from '../src/run/blocks.ts';
import { collect } from '../src/run/k6-samples.ts';

const HEADER = 'metric_name,timestamp,metric_value,check,expected_response,name,scenario,extra_tags,metadata';
const START = 1_790_000_000_000_000;

/** A row as k6 writes it; `seconds` after the start. */
function row(metric: string, seconds: number, value: number, tags: Record<string, string>, expected = ''): string {
  const extra = new URLSearchParams({ phase: 'run', ...tags });
  return `${metric},${START + seconds * 1e6},${value.toFixed(6)},,${expected},,visitors,${extra},`;
}

describe('the samples of a k6 run', () => {
  it('keep each metric and arm apart and leave the warm-up out', async () => {
    const samples = await collect(
      [
        HEADER,
        row('db_ms', 0, 9, { arm: 'before', phase: 'warmup' }),
        row('db_ms', 1, 2, { arm: 'before' }),
        row('db_ms', 1, 1, { arm: 'after', label: 'b' }),
        row('http_req_blocked', 1, 5, { arm: 'after' }),
      ],
      'k6.csv',
    );
    expect(samples.series).toEqual({
      db_ms: {
        before: { at: [START + 1e6], value: [2], label: [''] },
        after: { at: [START + 1e6], value: [1], label: ['b'] },
      },
    });
  });

  it('hold no latency of an answer that was not expected', async () => {
    const rows = [HEADER, row('http_req_duration', 1, 0.1, { arm: 'before' }, 'false')];
    expect((await collect(rows, 'k6.csv')).series).toEqual({});
  });

  it('refuse a file that is not of k6', async () => {
    await expect(collect(['a,b'], 'x.csv')).rejects.toThrow("x.csv: not a csv file of k6's: no column metric_name");
    await expect(collect([HEADER, 'db_ms,soon,1,,,,,,'], 'x.csv')).rejects.toThrow(
      "x.csv: not a row of k6's: db_ms,soon",
    );
  });
});

describe('blocks', () => {
  const rows = [
    ...[0, 0.5, 1.9].map((t, i) => row('http_req_duration', t, [5, 3, 4][i] as number, { arm: 'before' })),
    ...[0.1, 0.2, 1].map((t, i) =>
      row('http_req_duration', t, [1, 2, 9][i] as number, { arm: 'after', label: 'aab'[i] as string }),
    ),
    row('http_req_duration', 2, 8, { arm: 'before' }),
    row('http_req_duration', 3, 7, { arm: 'after', label: 'a' }),
    row('http_req_duration', 4.5, 99, { arm: 'after' }),
  ];

  it('take the median of each arm or another quantile, and of both labels where both have answers', async () => {
    const samples = await collect([HEADER, ...rows], 'k6.csv');
    expect(quantileBlocks(samples, 'http_req_duration', blockTimes(samples, 2, 2))).toEqual([
      { before: 4, after: 2, aa: [1.5, 9] },
      { before: 8, after: 7 },
    ]);
    expect(quantileBlocks(samples, 'http_req_duration', blockTimes(samples, 2, 2), 1)[0]).toEqual({
      ...{ before: 5, after: 9, aa: [2, 9] },
    });
  });

  it('leave out what comes after the last whole one', async () => {
    const samples = await collect([HEADER, ...rows], 'k6.csv');
    expect(answersPerBlock(samples, 'after', blockTimes(samples, 2, 2))).toEqual([3, 1]);
  });
});

describe('the books', () => {
  const count = (metric: string, times: number) =>
    Array.from({ length: times }, () => row(metric, 0, 1, { phase: 'warmup' }));
  const booksOf = async (counts: Record<string, number>) => {
    const rows = Object.entries(counts).flatMap(([metric, times]) => count(metric, times));
    return accountingOf(await collect([HEADER, ...rows], 'k6.csv'));
  };

  it('balance when every arrival was answered', async () => {
    const books = await booksOf({ offered: 5, answered: 5 });
    expect(books).toEqual({ offered: 5, answered: 5, refused: 0, timedOut: 0, dropped: 0 });
    expect(bookProblems(books)).toEqual([]);
  });

  it.each([
    [{ offered: 5, answered: 4 }, '1 of 5 arrivals are not accounted for'],
    [{ offered: 5, answered: 5, dropped_iterations: 2 }, 'k6 could not send 2 of 7 arrivals in time'],
    [{ offered: 5, answered: 3, refused: 2 }, '2 of 5 answers were refusals or not what was asked for'],
    [{ offered: 5, answered: 4, timed_out: 1 }, '1 of 5 requests got no answer in 10 s'],
  ])('say what is wrong with %j', async (counts, problem) => {
    expect(bookProblems(await booksOf(counts as Record<string, number>))).toEqual([problem]);
  });

  it('are void when nothing was answered', async () => {
    expect(bookProblems(await booksOf({}))).toContain('nothing was answered');
  });
});
