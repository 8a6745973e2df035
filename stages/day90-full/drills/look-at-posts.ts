import type { Rig } from '@day90/bench/drill';
import type { Rushed } from './rush.ts';

/** Longer than any replica is read that is behind. */
const SETTLED_MS = 5000;
const AGAIN_MS = 500;

/**
 * Counts what became of the posts of a rush: accepted ones that are not there once, and refused ones that are. A replica may be
 * behind for a moment, and a box still refuse: what is not there yet is looked for again.
 */
export async function lookAtPosts(rig: Rig, hits: readonly Rushed[]): Promise<void> {
  const written = hits.filter(({ title }) => title !== undefined);
  const accepted = written.filter(({ status }) => status === 201);
  const refused = written.filter(({ status }) => status === 503);
  const end = rig.now() + SETTLED_MS;
  for (;;) {
    const isLast = rig.now() >= end;
    const saved = await savedTitles(rig).catch((error: unknown) => {
      if (isLast) throw error;
    });
    const times = ({ title }: Rushed) => saved?.get(title as string) ?? 0;
    rig.facts['accepted posts not there once'] = accepted.filter((one) => times(one) !== 1).length;
    rig.facts['refused posts there'] = refused.filter((one) => times(one) > 0).length;
    if (isLast || (saved && accepted.every((one) => times(one) > 0))) return;
    await rig.sleep(AGAIN_MS);
  }
}

/** How often each title is there among the posts of the load's members, as a database has them: asked of a box, past the edges. */
async function savedTitles({ instance, members }: Rig): Promise<Map<string, number>> {
  const [box = ''] = instance.boxesOf('app');
  const titles = new Map<string, number>();
  for (const { id } of members) {
    for (let before: string | null = ''; before !== null; ) {
      const query = `limit=100${before === '' ? '' : `&before=${before}`}`;
      const answer = await fetch(`http://127.0.0.1:${instance.box(box).port}/users/${id}/posts?${query}`);
      if (answer.status !== 200) throw new Error(`the posts of member ${id} can't be read: ${answer.status}`);
      const page = (await answer.json()) as { items: { title: string }[]; next: string | null };
      for (const { title } of page.items) titles.set(title, (titles.get(title) ?? 0) + 1);
      before = page.next;
    }
  }
  return titles;
}
