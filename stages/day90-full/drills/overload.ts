import { seededRandom } from '@day90/bench';
import { atMost, type Check, type Drill, lookAgain, type Rig } from '@day90/bench/drill';
import { lookAtPosts } from './look-at-posts.ts';
import { Rush, type Rushed, type RushKind } from './rush.ts';
import { ANSWERED_MS, CALM_SECONDS, LEAST_SHARE, OVER, OVER_SECONDS, REFUSED_MS } from './rush-goals.ts';
import { isAnswered, isAnsweredByApp, isRefused, tookAt } from './rushed.ts';
import { warmUp } from './tight-warm-up.ts';

/** Of each run at half load. */
const HALF_SECONDS = 6;
/** What was seen of each run, by name, for the judge. */
const seen = new Map<'half' | 'over' | 'after', Rushed[]>();

/** Three times as many come as can be answered: those who are answered are answered in time, and the others told so at once. */
export const overload: Drill = {
  number: 34,
  slug: 'overload',
  stage: 'stage-7',
  title: `${OVER} times as many requests as the boxes can answer, for ${OVER_SECONDS} s`,
  expects: [
    'half of what they can answer: nobody refused',
    `at ${OVER} times: at least ${LEAST_SHARE * 100} % of what they can answer is answered, p99 at most 3 × that at half, or ${ANSWERED_MS} ms`,
    `all others: 503 with Retry-After, within ${REFUSED_MS} ms at p99`,
    'what members and writers ask for is answered at least as often as public reads',
    'each post that was accepted is there, once; none that was refused',
    'the health of every box: never refused',
    `${CALM_SECONDS} s later all is as before`,
  ],
  topology: 'drills/tight-topology.ts',
  rate: 20,
  mix: { me: 30, post: 40, keyed: 15, update: 15 },
  phases: { steady: 5 },
  faultSeconds: 40,
  async rehearse(rig) {
    const rush = rushOf(rig);
    rig.facts.capacity = (await warmUp(rig.instance, rush)) + overload.rate;
    // Buffers and threads that only a rush needs.
    await rush.atRate(rig.facts.capacity * OVER, 3);
    await rig.sleep(CALM_SECONDS * 1000);
    seen.set('half', await rush.atRate(rig.facts.capacity / 2 - overload.rate, HALF_SECONDS));
  },
  async fault(rig) {
    const rush = rushOf(rig);
    const capacity = rig.facts.capacity ?? Number.NaN;
    rig.facts['health refused'] = 0;
    const endLook = lookAgain(rig, 250, () => lookAtHealth(rig));
    const [over, after] = await rush.inTurn(
      { rate: capacity * OVER - overload.rate, seconds: OVER_SECONDS },
      { rate: capacity / 2 - overload.rate, seconds: CALM_SECONDS * 2 },
    );
    seen.set('over', over).set('after', after);
    await endLook();
    await lookAtPosts(rig, [...seen.values()].flat());
  },
  async heal() {
    // The crowd has gone.
  },
  judge: (_records, rig) => judge(rig),
  mutation: {
    title: 'lets everybody in, as stage 6 does',
    topology: 'drills/unshed-topology.ts',
    breaks: ['answered', 'refusals'],
  },
};

let rushes = 0;

function rushOf({ instance, scale, members }: Rig): Rush {
  rushes += 1;
  const ended = new AbortController();
  void instance.exited.then(() => ended.abort());
  const cookies = members.map(({ cookie }) => cookie);
  return new Rush({ url: instance.url, scale, cookies, random: seededRandom(rushes), signal: ended.signal });
}

async function lookAtHealth(rig: Rig): Promise<void> {
  const ports = rig.instance.boxesOf('app').map((box) => rig.instance.box(box).port);
  const paths = ['livez', 'readyz'].flatMap((path) => ports.map((port) => `http://127.0.0.1:${port}/${path}`));
  const answers = await Promise.all(paths.map((url) => fetch(url).then(({ status }) => status)));
  rig.facts['health refused'] = (rig.facts['health refused'] ?? 0) + answers.filter((status) => status !== 200).length;
}

function judge({ facts }: Rig): Check[] {
  const of = (name: string) => facts[name] ?? Number.NaN;
  const [half = [], over = [], after = []] = (['half', 'over', 'after'] as const).map((name) => seen.get(name));
  const halfP99 = tookAt(half.filter(isAnswered), 0.99);
  const overAt = Math.max(...over.slice(-1).map(({ at }) => at));
  const later = after.filter(({ at }) => at >= overAt + CALM_SECONDS * 1000);
  const refused = over.filter(isRefused);
  const accepted = over.filter(isAnswered);
  const share = over.filter(isAnsweredByApp).length / OVER_SECONDS / of('capacity');
  Object.assign(facts, { 'p99 at half load': halfP99, 'share answered': share, refused: refused.length });
  return [
    atMost('half', 'refused at half load: 0', half.length - half.filter(isAnswered).length, 0, ''),
    atLeast('accepted', `answered at ${OVER} times, of what they can answer`, share, LEAST_SHARE),
    atMost('answered', 'answered: p99', tookAt(accepted, 0.99), Math.max(3 * halfP99, ANSWERED_MS), 'ms'),
    atMost('refusals', 'refused: p99', tookAt(refused, 0.99), REFUSED_MS, 'ms'),
    atMost(
      'told',
      'refused without Retry-After: 0',
      refused.filter((hit) => hit.retryAfter === undefined).length,
      0,
      '',
    ),
    atMost('others', 'neither answered nor refused: 0', over.length - accepted.length - refused.length, 0, ''),
    atLeast('members', 'members: share answered', shareOf(over, ['me', 'write']), shareOf(over, ['post'])),
    atMost('kept', 'accepted posts that are not there once: 0', of('accepted posts not there once'), 0, ''),
    atMost('undone', 'refused posts that are there: 0', of('refused posts there'), 0, ''),
    atMost('health', 'looks at health that were refused: 0', of('health refused'), 0, ''),
    atMost('calm', `refused from ${CALM_SECONDS} s on: 0`, later.length - later.filter(isAnswered).length, 0, ''),
    atMost(
      'back',
      'p99 from then on',
      tookAt(later.filter(isAnswered), 0.99),
      Math.max(1.5 * halfP99, ANSWERED_MS),
      'ms',
    ),
  ];
}

/** Of those that no edge answered by itself. */
function shareOf(hits: readonly Rushed[], kinds: readonly RushKind[]): number {
  const some = hits.filter((hit) => kinds.includes(hit.kind) && (!isAnswered(hit) || isAnsweredByApp(hit)));
  return some.filter(isAnswered).length / some.length;
}

function atLeast(id: string, criterion: string, is: number, least: number): Check {
  const [value, limit] = [is, least].map((share) => `${(share * 100).toFixed(0)} %`);
  return { id, criterion, value: `${value}, at least ${limit}`, passed: is >= least };
}
