import type { Rig } from '@day90/bench/drill';

/** How often each title is there among the posts of the load's members, as the database has them: asked of a box, past the edges. */
export async function savedTitles({ instance, members }: Rig): Promise<Map<string, number>> {
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
