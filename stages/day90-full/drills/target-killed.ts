import { atMost, type Drill, during, JUDGED, noneFailed, PUBLIC_READS, type Rig } from '@day90/bench/drill';
import { askChannel, noticed } from './channel.ts';

const BOX = 'app-2';
const MOST_S = 15;
/** Longer than both may take together; what has not come by then never comes in time. */
const PATIENCE_MS = 25_000;
/** A second notice of the same thing would come with the next interval of its group, after 5 s. */
const MORE_MS = 6000;

/** Whoever has to mend it hears of it in seconds, once, and hears that it is over. */
export const targetKilled: Drill = {
  number: 30,
  slug: 'target-killed',
  stage: 'stage-7',
  title: 'kill -9 of one app box, which stays down until its notice has come',
  expects: [
    'a notice in the channel within 15 s',
    'a notice that it is back within 15 s of its return',
    'exactly one notice each',
    'public reads: 0 failed',
  ],
  topology: 'src/topology.ts',
  rate: 40,
  mix: { post: 60, feed: 10, user: 30 },
  faultSeconds: 40,
  rehearse: untilWatched,
  async fault(rig) {
    const before = (await askChannel(rig)).notices.at(-1)?.number ?? 0;
    rig.facts.before = before;
    rig.instance.hold(BOX);
    await rig.kill(BOX);
    const killedAt = Date.now();
    const told = await noticed(rig, 'FIRING: TargetDown', { about: BOX, after: before, ms: PATIENCE_MS });
    rig.facts['noticed after'] = seconds(told, killedAt);
    await rig.sleep(MORE_MS);
  },
  async heal(rig) {
    rig.instance.release(BOX);
    await rig.restarted(BOX, 0, PATIENCE_MS);
    const backAt = Date.now();
    const after = rig.facts.before ?? 0;
    const over = await noticed(rig, 'RESOLVED: TargetDown', { about: BOX, after, ms: PATIENCE_MS });
    rig.facts['resolved after'] = seconds(over, backAt);
    await rig.sleep(MORE_MS);
    const { notices } = await askChannel(rig);
    rig.facts.notices = notices.filter(({ number }) => number > after).length;
  },
  judge(records, rig) {
    const of = (name: string) => rig.facts[name] ?? Number.NaN;
    return [
      noneFailed('reads', 'public reads', during(records, JUDGED, PUBLIC_READS)),
      atMost('noticed', 'from its death to the notice', of('noticed after'), MOST_S, 's'),
      atMost('resolved', 'from its return to the notice', of('resolved after'), MOST_S, 's'),
      atMost('once', 'notices of both: 2', of('notices'), 2, ''),
    ];
  },
  mutation: {
    title: 'the interval between two notices of a group is five minutes, as it is unless told',
    env: { alertmanager: { GROUP_INTERVAL: '5m' } },
    breaks: ['resolved'],
  },
};

/** Waits for the first sign of life: what is found before it could not be told. */
export async function untilWatched(rig: Rig): Promise<void> {
  await rig.until('the Watchdog is heard', 60_000, async () => (await askChannel(rig)).watchdog.state === 'alive');
}

/** Seconds from one moment to another; endless for one that did not come. */
function seconds(at: number | undefined, from: number): number {
  return at === undefined ? PATIENCE_MS / 1000 : (at - from) / 1000;
}
