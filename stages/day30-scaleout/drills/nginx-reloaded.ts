import { atMost, type Check, type Drill, during, JUDGED, noneFailed, type Rig, type Sent } from '@day90/bench/drill';

const RELOADS = 5;
/** From one to the next: what the old workers have in hand takes a third of that. */
const BETWEEN_MS = 1000;
const LONGEST_OUTAGE_MS = 2000;
/** The launcher waits for 1 s before a restart; a start takes some more. */
const LONGEST_RESTART_MS = 10_000;
/** A connection that was closed already is found lost at once. One that was busy had a write on it, of a third of a second. */
const AT_ONCE_MS = 100;

/** A new configuration is nobody's outage: the old workers answer what they have begun. A dead door is everybody's. */
export const nginxReloaded: Drill = {
  number: 12,
  slug: 'nginx-reloaded',
  stage: 'stage-3',
  title: `nginx reloaded ${RELOADS} times under load, then kill -9 of its master and its workers`,
  expects: [
    'reload: 0 answers are 5xx, and no request is cut off that nginx has begun',
    'reload: an idle connection may be closed just as a request goes out; sent again, as browsers do, 0 failed',
    'kill -9: the first answer within 2 s, and from then on 0 failed',
  ],
  topology: 'drills/far-database-topology.ts',
  rate: 60,
  mix: { post: 30, feed: 4, popular: 6, user: 6, me: 10, create: 20, keyed: 20, update: 4 },
  resends: true,
  faultSeconds: 9,
  async fault(rig) {
    for (let n = 1; n <= RELOADS; n += 1) {
      rig.mark(`reload ${n}`);
      rig.signal('nginx', 'SIGHUP'); // what `nginx -s reload` sends
      await rig.sleep(BETWEEN_MS);
    }
    await rig.sleep(BETWEEN_MS);
    const { pid } = rig.instance.box('nginx');
    rig.mark('killed');
    // The master alone would be no outage: its workers go on.
    await rig.kill('nginx');
    rig.mark('dead');
    const { readyAt } = await rig.restarted('nginx', pid, LONGEST_RESTART_MS);
    rig.mark('ready again', readyAt);
  },
  async heal() {
    // The launcher has started it again, unasked.
  },
  judge(records, rig) {
    const { killed = Number.NaN } = rig.marks;
    const reloaded = during(records, JUDGED).filter(({ end = Number.POSITIVE_INFINITY }) => end <= killed);
    const repeatable = reloaded.filter(({ kind }) => kind !== 'create');
    return [
      atMost('5xx', 'reload: answers that are 5xx: 0', reloaded.filter(({ status }) => status >= 500).length, 0, ''),
      cutOff(reloaded),
      noneFailed('reloaded', 'reload: GET, PUT with If-Match and POST with a key', repeatable),
      ...outage(records, rig),
    ];
  },
  mutation: {
    title: "gives a reload's old workers 1 ms for what they have begun: worker_shutdown_timeout",
    topology: 'drills/hasty-reload-topology.ts',
    breaks: ['cut'],
  },
};

/** Lost without an answer, but for those that met a connection which was idle and just closed. */
function cutOff(reloaded: readonly Sent[]): Check {
  const isIdle = ({ cutAfterMs = Number.POSITIVE_INFINITY }: Sent) => cutAfterMs <= AT_ONCE_MS;
  const lost = reloaded.filter(({ status, cutAfterMs }) => status === 0 || cutAfterMs !== undefined);
  const cut = lost.filter((one) => !isIdle(one)).length;
  return {
    id: 'cut',
    criterion: 'reload: requests that nginx had begun and did not answer: 0',
    value: `${cut} of ${reloaded.length}; ${lost.length - cut} met an idle connection that was just closed`,
    passed: cut === 0 && reloaded.length > 0,
  };
}

function outage(records: readonly Sent[], { marks }: Rig): Check[] {
  const { killed = Number.NaN, dead = Number.NaN } = marks;
  const later = records.filter(({ at }) => at >= dead);
  const answered = later.filter(({ outcome }) => outcome === 'ok').map(({ end = Number.POSITIVE_INFINITY }) => end);
  const back = Math.min(...answered);
  const after = later.filter(({ at }) => at >= back);
  return [
    atMost('outage', 'kill -9: the first answer ≤ 2 s', back - killed, LONGEST_OUTAGE_MS, 'ms'),
    noneFailed('after', 'from then on', after),
  ];
}
