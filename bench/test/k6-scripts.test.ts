import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { idOfRank, SCALES, zipfShare } from '@day90/testing/data';
import { describe, expect, it } from '@jest/globals';
import { targets } from '../k6/arms.ts';
import { seededPostIds, seededUserIds } from '../k6/seeded-ids.ts';
import { readServerTiming } from '../k6/server-timing.ts';
import { seededRandom } from '../src/statistics.ts';

describe('the authors that readers ask for', () => {
  it('come up in the shares of Zipf’s law', () => {
    const draws = 200_000;
    const next = seededUserIds('small', seededRandom(7));
    const counts = new Map<string, number>();
    for (let i = 0; i < draws; i += 1) {
      const id = next();
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    for (const rank of [1, 2, 3, 10, 100]) {
      const share = zipfShare(rank, SCALES.small.users);
      const drawn = (counts.get(String(idOfRank(rank, SCALES.small.users))) ?? 0) / draws;
      // Five standard errors of a share.
      expect(Math.abs(drawn - share)).toBeLessThan(5 * Math.sqrt((share * (1 - share)) / draws));
    }
  });

  it('are refused for a scale that there is not', () => {
    for (const ids of [seededUserIds, seededPostIds]) {
      expect(() => ids('huge')).toThrow('SCALE=huge: must be one of small, medium, full');
    }
  });
});

describe('the posts that readers ask for', () => {
  it('are those with the most views', () => {
    const next = seededPostIds('small', seededRandom(7));
    const counts = new Map<string, number>();
    for (let i = 0; i < 20_000; i += 1) {
      const id = next();
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    const most = [...counts].sort(([, a], [, b]) => b - a).slice(0, 3);
    expect(most.map(([id]) => id)).toEqual([1, 2, 3].map((rank) => String(idOfRank(rank, SCALES.small.posts))));
  });
});

describe('Server-Timing', () => {
  it('is read whatever stands between its parts', () => {
    const header = 'db;dur=0.412;desc="101 queries", cache;desc=miss, app;dur=1.2';
    expect(readServerTiming(header)).toEqual({ dbMs: 0.412, queries: 101, appMs: 1.2 });
    expect(readServerTiming('db;dur=0.1;desc="1 query", app;dur=2')).toEqual({ dbMs: 0.1, queries: 1, appMs: 2 });
  });

  it('gives nothing where there is none', () => {
    expect(readServerTiming(undefined)).toEqual({});
    expect(readServerTiming('dbnode;desc="replica-2"')).toEqual({});
  });
});

describe('the arms of a k6 script', () => {
  it('are two by BEFORE and AFTER, one by BASE_URL', () => {
    expect(targets({ BEFORE: 'http://a', AFTER: 'http://b' }).map(({ name }) => name)).toEqual(['before', 'after']);
    expect(targets({ BASE_URL: 'http://a' })).toEqual([{ name: 'one', url: 'http://a' }]);
  });

  it.each([{}, { BEFORE: 'http://a' }, { AFTER: 'http://a', BASE_URL: 'http://b' }])(
    'are asked for when %j is given',
    (env) => {
      expect(() => targets(env)).toThrow('-e BASE_URL=http://127.0.0.1:3001');
    },
  );
});

describe('the load script of a stage', () => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const scripts = globSync('stages/*/load.ts', { cwd: root });

  it('is there for all seven', () => {
    expect(scripts).toHaveLength(7);
  });

  it.each(scripts)('%s has one claim, and says how k6 runs it on one side and on both', (script) => {
    const text = readFileSync(`${root}/${script}`, 'utf8');
    const [head = '', code = ''] = text.split(' */\n');
    expect(head.match(/Claim: /g)).toHaveLength(1);
    expect(head.startsWith('/*\n * Claim: ')).toBe(true);
    expect(head.match(/ {3}k6 run -e BASE_URL=(\S+) (\S+)\n/)?.[2]).toBe(script);
    expect(head.match(/ {3}k6 run -e BEFORE=\S+ -e AFTER=\S+ (\S+)\n/)?.[1]).toBe(script);
    expect(code.match(/^export (?:const |default )\w*/gm)).toEqual([
      'export const options',
      expect.stringMatching(/^export default \w+/),
      'export const handleSummary',
    ]);
  });
});
