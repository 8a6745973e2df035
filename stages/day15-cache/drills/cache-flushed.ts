import {
  atMost,
  baselineP99,
  type Drill,
  during,
  JUDGED,
  noneFailed,
  PUBLIC_READS,
  p99,
  type Rig,
  readServerTiming,
} from '@day90/bench/drill';
import { asAdmin } from './as-admin.ts';

/** What everybody reads. */
const HOT = ['/posts/popular', '/posts/1', '/users/1'];
/** Readers of each who come in the same moment; more of them would measure what it takes to open connections. */
const READERS = 30;
/** Each may load a thing once. */
const APPS = 1;
const PEAK_MS = 2000;
/** Five times a few milliseconds would judge the scheduler of a busy machine. */
const LEAST_LIMIT_MS = 100;

/** The load of a cache that was emptied must not reach the database: whoever comes first loads, the others wait for it. */
export const cacheFlushed: Drill = {
  number: 5,
  slug: 'cache-flushed',
  stage: 'stage-2',
  title: 'FLUSHALL at the peak, and 30 readers of each hot page in the same moment',
  expects: [
    '0 failed',
    'each hot page is loaded once by each app, not once by each reader',
    'p99 at most 5 × that before for 2 s, or 100 ms where that is less, and at most that afterwards',
  ],
  topology: 'drills/topology.ts',
  rate: 250,
  mix: { post: 60, popular: 15, user: 15, author: 10 },
  faultSeconds: 2,
  async fault(rig) {
    rig.mark('flushed');
    await asAdmin(rig, ['FLUSHALL']);
    const loads = await Promise.all(HOT.map((path) => queriesOf(rig, path)));
    for (const [i, path] of HOT.entries()) rig.facts[`queries of ${path}`] = loads[i] ?? 0;
    await rig.sleep(PEAK_MS);
  },
  async heal() {
    // The cache fills itself.
  },
  judge(records, rig) {
    const { flushed = 0 } = rig.marks;
    const baseline = baselineP99(records);
    const limit = Math.max(5 * baseline, LEAST_LIMIT_MS);
    const words = `5 × ${baseline.toFixed(1)} ms, or ${LEAST_LIMIT_MS} ms`;
    // The popular page is also read by the load, which may have been first.
    const beside = records
      .filter(({ kind, at }) => kind === 'popular' && at >= flushed && at < flushed + PEAK_MS)
      .reduce((sum, { timing }) => sum + (readServerTiming(timing).queries ?? 0), 0);
    const most = Math.max(...HOT.map((path) => rig.facts[`queries of ${path}`] ?? Number.NaN));
    const popular = (rig.facts[`queries of ${HOT[0]}`] ?? Number.NaN) + beside;
    return [
      noneFailed('all', 'requests of all kinds', during(records, JUDGED)),
      atMost('once-loaded', `queries of ${READERS} readers of one page ≤ ${APPS}`, Math.max(most, popular), APPS, ''),
      atMost('peak', `p99 in the 2 s after it ≤ ${words}`, p99(during(records, ['fault'], PUBLIC_READS)), limit, 'ms'),
      atMost('after', `p99 from then on ≤ ${words}`, p99(during(records, ['healed'], PUBLIC_READS)), limit, 'ms'),
    ];
  },
  mutation: {
    title: 'has the cache as it is usually taught: each reader who finds nothing loads',
    topology: 'drills/unprotected-topology.ts',
    breaks: ['once-loaded'],
  },
};

/** Database queries that many readers of one page bring about together. @throws {Error} When one is not answered. */
async function queriesOf(rig: Rig, path: string): Promise<number> {
  const answers = await Promise.all(Array.from({ length: READERS }, () => rig.get(path)));
  const bad = answers.find(({ status }) => status !== 200);
  if (bad) throw new Error(`a reader of ${path} was answered ${bad.status || bad.error}`);
  return answers.reduce(
    (sum, { headers }) => sum + (readServerTiming(String(headers['server-timing'])).queries ?? 0),
    0,
  );
}
