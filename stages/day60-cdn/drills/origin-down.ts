import {
  atMost,
  type Check,
  type Drill,
  during,
  JUDGED,
  latencies,
  noneFailed,
  type Rig,
  type Sent,
} from '@day90/bench/drill';
import { EdgeWatch } from './edge-watch.ts';

/** Of each of the two: nobody behind nginx, which answers 502, and then no nginx. */
const DOWN_MS = 15_000;
/** So long edges find out for themselves; from then on they need not ask first. */
const NOTICED_MS = 3000;
const QUICK_MS = 1000;
const REVALIDATED_MS = 2000;
const RESTART_MS = 10_000;

const watches = new WeakMap<Rig, EdgeWatch>();

/** What all may see outlives whoever made it; what is somebody's own does not, and says so at once. */
export const originDown: Drill = {
  number: 20,
  slug: 'origin-down',
  stage: 'stage-5',
  title: 'kill -9 of all apps, and 15 s later of nginx before them; all stay down until 30 s are over',
  expects: [
    'what edges have: 0 failed at any of the three, and X-Cache says that it is STALE',
    `what they have not, and what is private: 502 or 503 within ${QUICK_MS / 1000} s, and never an answer from before`,
    `every edge shows new answers within ${REVALIDATED_MS / 1000} s of the return`,
  ],
  topology: 'src/topology.ts',
  env: { app: { EDGE_MOST_SECONDS: '3' } }, // else most would be fresh for all of it
  rate: 40,
  mix: { popular: 40, feed: 40, me: 20 },
  phases: { warmUp: 5, steady: 5, healed: 8 },
  faultSeconds: 34,
  async fault(rig) {
    const watch = new EdgeWatch(rig);
    watches.set(rig, watch);
    await rig.sleep(NOTICED_MS);
    const apps = rig.instance.boxesOf('app');
    await takeDown(rig, apps);
    rig.mark('down');
    await rig.sleep(DOWN_MS);
    await takeDown(rig, ['nginx']);
    rig.mark('nginx down');
    await rig.sleep(DOWN_MS);
    rig.mark('released');
    for (const box of [...apps, 'nginx']) rig.instance.release(box);
    const back = await Promise.all([...apps, 'nginx'].map((box) => rig.restarted(box, 0, RESTART_MS)));
    rig.mark('back', Math.max(...back.map(({ readyAt }) => readyAt)));
    await rig.sleep(NOTICED_MS);
    await watch.end();
  },
  async heal() {
    // The launcher has started them again.
  },
  judge(records, rig) {
    const watch = watches.get(rig);
    const { down = Number.NaN, released = Number.NaN, back = Number.NaN } = rig.marks;
    const looks = watch?.between(down, released) ?? [];
    const late = looks.filter(({ at }) => at > down + NOTICED_MS + 1000);
    const stale = late.filter(({ cache }) => cache === 'STALE').length;
    const failed = looks.filter(({ ok }) => !ok).length;
    return [
      noneFailed('cached', 'popular page and newest posts', during(records, JUDGED, ['popular', 'feed'])),
      atMost('edges', `looks at six things at each edge that failed, of ${looks.length}: 0`, failed, 0, ''),
      atMost('stale', `of ${late.length} looks, those that were not marked STALE: 0`, late.length - stale, 0, ''),
      ...privately(during(records, ['fault'], ['me']), down, released),
      atMost(
        'fresh',
        'until every edge shows new answers',
        (watch?.allFresh(back) ?? Number.NaN) - back,
        REVALIDATED_MS,
        'ms',
      ),
    ];
  },
  mutation: {
    title: 'lets an error take the place of the answer that it was to replace',
    topology: 'drills/shows-errors-topology.ts',
    breaks: ['cached', 'edges'],
  },
};

async function takeDown(rig: Rig, boxes: string[]): Promise<void> {
  for (const box of boxes) rig.instance.hold(box);
  await Promise.all(boxes.map((box) => rig.kill(box)));
}

function privately(records: readonly Sent[], down: number, released: number): Check[] {
  const met = records.filter(({ at, end = released }) => at > down && end < released);
  const wrong = met.filter(({ status }) => status !== 502 && status !== 503).length;
  return [
    atMost(
      'private',
      `of ${met.length} private pages, those not refused with 502 or 503: 0`,
      met.length > 0 ? wrong : Number.NaN,
      0,
      '',
    ),
    atMost('quick', 'longest wait for that', Math.max(...latencies(met)), QUICK_MS, 'ms'),
  ];
}
