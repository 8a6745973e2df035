import { atMost, type Check, type Drill, during, JUDGED, noneFailed, PUBLIC_READS, type Rig } from '@day90/bench/drill';
import { askChannel, noticed } from './channel.ts';
import { untilWatched } from './target-killed.ts';

/**
 * Alertmanager goes on with the last Watchdog for 12 s (four times `resend-delay`), and the channel waits for another 15 s;
 * some more for a busy machine.
 */
const MOST_S = 45;
const PATIENCE_MS = 50_000;
const BOXES = ['prometheus', 'alertmanager'] as const;

/** Who watches the watch: the channel misses the Watchdog, and the app never notices. */
export const watchKilled: Drill = {
  number: 32,
  slug: 'watch-killed',
  stage: 'stage-7',
  title: 'kill -9 of Prometheus, then of Alertmanager, each down until the channel misses the Watchdog',
  expects: [
    'the channel says each time within 45 s that the Watchdog is missing, and that it is back',
    'nothing that was measured before is lost',
    'all requests: 0 failed',
  ],
  topology: 'src/topology.ts',
  rate: 40,
  mix: { post: 50, feed: 10, user: 20, me: 10, create: 5, update: 5 },
  faultSeconds: 110,
  rehearse: untilWatched,
  async fault(rig) {
    rig.facts['measured from'] = Date.now() / 1000;
    for (const box of BOXES) await killOne(rig, box);
  },
  async heal(rig) {
    rig.facts['lost values'] = await lostValues(rig);
  },
  judge(records, rig) {
    const of = (name: string) => rig.facts[name] ?? Number.NaN;
    const ofEach = (box: string): Check[] => [
      atMost(`${box} missed`, `${box} is dead: MISSING in the channel`, of(`${box} missed after`), MOST_S, 's'),
      atMost(`${box} back`, `${box} is back: so is the Watchdog`, of(`${box} heard after`), MOST_S, 's'),
    ];
    return [
      noneFailed('reads', 'public reads', during(records, JUDGED, PUBLIC_READS)),
      ...BOXES.flatMap(ofEach),
      atMost('history', 'values of before that are lost', of('lost values'), 0, ''),
    ];
  },
  mutation: {
    title: 'the channel does not count the signs of life: it waits for them for an hour',
    env: { notices: { MISSING_AFTER_MS: '3600000' } },
    breaks: BOXES.map((box) => `${box} missed`),
  },
};

async function killOne(rig: Rig, box: (typeof BOXES)[number]): Promise<void> {
  const after = (await askChannel(rig)).notices.at(-1)?.number ?? 0;
  rig.facts[`values before ${box}`] = await values(rig);
  rig.instance.hold(box);
  await rig.kill(box);
  const killedAt = Date.now();
  const missed = await noticed(rig, 'MISSING: Watchdog', { after, ms: PATIENCE_MS });
  rig.facts[`${box} missed after`] = since(missed, killedAt);
  rig.instance.release(box);
  await rig.restarted(box, 0, PATIENCE_MS);
  const backAt = Date.now();
  const heard = await heardSince(rig, backAt);
  rig.facts[`${box} heard after`] = since(heard, backAt);
}

/** When the next sign of life came. */
async function heardSince(rig: Rig, from: number): Promise<number | undefined> {
  const isHeard = async () => {
    const { watchdog } = await askChannel(rig);
    return watchdog.state === 'alive' && Date.parse(watchdog.last ?? '') >= from;
  };
  return rig.until('the Watchdog is heard again', PATIENCE_MS, isHeard).then(
    () => Date.now(),
    () => undefined,
  );
}

/** How many values Prometheus has of one series, from before the first kill. */
async function values(rig: Rig): Promise<number> {
  const query = new URLSearchParams({
    query: 'count_over_time(up{job="nginx"}[10m])',
    time: String(rig.facts['measured from']),
  });
  const answer = await fetch(`http://127.0.0.1:${rig.instance.box('prometheus').port}/api/v1/query?${query}`);
  const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
  return Number(data.result[0]?.value[1] ?? 0);
}

async function lostValues(rig: Rig): Promise<number> {
  const before = rig.facts['values before prometheus'] ?? Number.NaN;
  return before > 0 ? before - (await values(rig)) : Number.NaN;
}

function since(at: number | undefined, from: number): number {
  return at === undefined ? PATIENCE_MS / 1000 : (at - from) / 1000;
}
