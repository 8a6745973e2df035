import { z } from 'zod';
import type { Channel } from '../snapshot.ts';
import { jsonFrom } from './in-time.ts';

/** So many are shown, the newest first; the channel's own page has all. */
const SHOWN = 5;

const book = z.object({
  received: z.int(),
  watchdog: z.object({ state: z.string() }),
  notices: z.array(z.object({ number: z.int(), at: z.string(), title: z.string(), text: z.string() })),
});

/** What a channel that stands in for Slack's has got; undefined when it does not answer. */
export async function askChannel(port: number): Promise<Channel | undefined> {
  const url = `http://127.0.0.1:${port}`;
  const { data } = book.safeParse(await jsonFrom(`${url}/notices.json`));
  if (!data) return undefined;
  const { received, watchdog, notices } = data;
  return { url, received, watchdog: watchdog.state, notices: notices.slice(-SHOWN).reverse() };
}
