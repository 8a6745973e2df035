import { describe, expect, it } from '@jest/globals';
import type { Scene } from '../src/snapshot.ts';
import { withUnlogged } from '../src/unlogged-steps.ts';

const scene = {
  marks: [
    { name: 'edge-la', kind: 'edge' },
    { name: 'app', kind: 'app' },
    { name: 'cache', kind: 'store', program: 'Redis' },
    { name: 'db', kind: 'store', program: 'Postgres' },
  ],
} as Scene;
const TIMING = 'db;dur=2.100;desc="3 queries", cache;desc=miss, app;dur=4.000';
const app = { box: 'app-2', text: '200', afterMs: 1, ms: 4 };

describe('the way of a request where no log tells of it', () => {
  it('leads to the cache, and to the database where that was asked', () => {
    const atApp = { door: 'app', cache: null };
    expect(withUnlogged([app], { ...atApp, timing: TIMING }, scene)).toEqual([
      app,
      { box: 'cache', text: 'miss', afterMs: 1 },
      { box: 'db', text: '3 queries', afterMs: 1, ms: 2.1 },
    ]);
    const hit = { ...atApp, timing: 'db;dur=0.000;desc="0 queries", cache;desc=hit' };
    expect(withUnlogged([app], hit, scene).map(({ box }) => box)).toEqual(['app-2', 'cache']);
  });

  it('begins at the edge that was asked, which may be all of it', () => {
    const atEdge = { door: 'edge-la', timing: TIMING };
    const miss = withUnlogged([app], { ...atEdge, cache: 'MISS' }, scene);
    expect(miss.map(({ box, text }) => `${box} ${text}`).slice(0, 2)).toEqual(['edge-la miss', 'app-2 200']);
    expect(withUnlogged([], { ...atEdge, cache: 'HIT' }, scene)).toEqual([{ box: 'edge-la', text: 'hit', afterMs: 0 }]);
  });

  it('has an edge once where it keeps a log, and nothing of the earlier request whose answer it has kept', () => {
    const logged = { box: 'edge-la', text: 'hit', afterMs: 0 };
    expect(withUnlogged([logged], { door: 'edge-la', cache: 'HIT', timing: TIMING }, scene)).toEqual([logged]);
  });
});
