import { atMost, type Drill, during, JUDGED, noneFailed, type Rig } from '@day90/bench/drill';
import { asAdmin } from './as-admin.ts';

/** Life of a post in this drill: the bound on what the other process may show. As `CACHE_POST_SECONDS` in `env`. */
const LIFE_S = 4;
const POSTS = 5;
/** From the first write to the last one, longer than a life. */
const REFUSED_MS = 6000;
const LOOK_EVERY_MS = 100;
/** A retry each 100 ms, and the 250 ms that Redis has to answer; as much again for the reader. */
const RETRIED_MS = 700;

/** What one read of a changed post showed. */
interface Look {
  box: string;
  at: number;
  stale: boolean;
  /** When the change was answered. */
  writtenAt: number;
}

/**
 * An invalidation that Redis does not take is not forgotten. The process that wrote reads past the cache until it is done;
 * another one, which knows of nothing, may show the old value for the life of its entry and no longer.
 */
export const invalidationRefused: Drill = {
  number: 6,
  slug: 'invalidation-refused',
  stage: 'stage-2',
  title: `Redis answers reads but refuses every invalidation for ${REFUSED_MS / 1000} s`,
  expects: [
    '0 failed',
    'the process that wrote never shows an old value',
    `another process shows it for the life of its entry (here ${LIFE_S} s) at most`,
    'and never once Redis takes invalidations again: the open ones are repeated unasked',
  ],
  topology: 'drills/two-apps-topology.ts',
  env: Object.fromEntries(['app', 'other'].map((box) => [box, { CACHE_POST_SECONDS: String(LIFE_S) }])),
  rate: 60,
  mix: { post: 60, popular: 10, user: 10, feed: 5, create: 5, keyed: 5, update: 5 },
  faultSeconds: 8,
  async fault(rig) {
    const ids = await ownPosts(rig);
    const looks: Look[] = [];
    rig.mark('refused');
    // The first command of an invalidation. It is not used to read, nor to keep what was read.
    await asAdmin(rig, ['ACL', 'SETUSER', 'app', '-incr']);
    await changeAndLook(rig, ids.slice(0, POSTS), REFUSED_MS - 1000, looks);
    // Changed just before the end, these are still stale when Redis takes invalidations again.
    const late = changeAndLook(rig, ids.slice(POSTS), 1000 + LIFE_S * 1000, looks);
    await rig.sleep(1000);
    await asAdmin(rig, ['ACL', 'SETUSER', 'app', '+incr']);
    const takenAt = rig.mark('taken again');
    await late;
    keepFacts(rig, looks, takenAt);
  },
  async heal() {
    // The open invalidations are repeated by the process that has them.
  },
  judge(records, { facts }) {
    const { own = Number.NaN, seen = 0, longest = Number.NaN, after = Number.NaN } = facts;
    return [
      noneFailed('all', 'requests of all kinds', during(records, JUDGED)),
      atMost('own', 'old values shown by the process that wrote: 0', own, 0, ''),
      // Else no invalidation was lost, and the drill would be of nothing.
      { id: 'seen', criterion: 'the other process did show some', value: `${seen} reads`, passed: seen > 0 },
      atMost(
        'bound',
        `longest time after a write ≤ the life of ${LIFE_S} s`,
        longest,
        LIFE_S * 1000 + LOOK_EVERY_MS,
        'ms',
      ),
      atMost('after', `old values ${RETRIED_MS} ms after Redis takes invalidations again: 0`, after, 0, ''),
    ];
  },
  mutation: {
    title: 'forgets an invalidation that Redis has not taken',
    topology: 'drills/forgets-topology.ts',
    breaks: ['own', 'after'],
  },
};

/** Ids of posts that the first writer may change and the load does not: those at the end of their first hundred. */
async function ownPosts(rig: Rig): Promise<string[]> {
  const [member] = rig.members;
  const answer = await rig.get(`/users/${member?.id}/posts?limit=100`);
  const { items } = JSON.parse(answer.body) as { items: { id: string }[] };
  return items.slice(-2 * POSTS).map(({ id }) => id);
}

/** Has each post read by both processes, changes it, and looks at it again and again. */
async function changeAndLook(rig: Rig, ids: string[], ms: number, looks: Look[]): Promise<void> {
  await Promise.all(
    ids.map(async (id) => {
      const title = `drill 6 ${id} ${Math.round(rig.now())}`;
      for (const box of ['other', 'app']) await titleOf(rig, box, id);
      await change(rig, id, title);
      const writtenAt = rig.now();
      while (rig.now() < writtenAt + ms) {
        for (const box of ['app', 'other']) {
          const at = rig.now();
          looks.push({ box, at, stale: (await titleOf(rig, box, id)) !== title, writtenAt });
        }
        await rig.sleep(LOOK_EVERY_MS);
      }
    }),
  );
}

function keepFacts(rig: Rig, looks: readonly Look[], takenAt: number): void {
  const stale = looks.filter((look) => look.stale);
  const elsewhere = stale.filter(({ box }) => box === 'other');
  rig.facts.looks = looks.length;
  rig.facts.own = stale.length - elsewhere.length;
  rig.facts.seen = elsewhere.length;
  rig.facts.longest = Math.round(Math.max(0, ...elsewhere.map(({ at, writtenAt }) => at - writtenAt)));
  rig.facts.after = stale.filter(({ at }) => at > takenAt + RETRIED_MS).length;
}

async function titleOf(rig: Rig, box: string, id: string): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${rig.instance.box(box).port}/posts/${id}`);
  return ((await answer.json()) as { title: string }).title;
}

async function change(rig: Rig, id: string, title: string): Promise<void> {
  const headers = { 'Content-Type': 'application/json', Cookie: rig.members[0]?.cookie ?? '' };
  const answer = await fetch(`${rig.instance.url}/posts/${id}`, {
    method: 'PUT',
    headers,
    body: JSON.stringify({ title }),
  });
  if (answer.status !== 200) throw new Error(`the change of post ${id} was answered ${answer.status}`);
}
