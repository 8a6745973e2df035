import { setTimeout as sleep } from 'node:timers/promises';
import type { Instance, Notice, NoticeFault } from '@day90/infra';

const LOOK_MS = 100;

/** What the channel has to tell. */
interface Channel {
  notices: Notice[];
  /** Messages it did not take. */
  refused: Record<'500' | 'hang', number>;
  watchdog: { state: 'waiting' | 'alive' | 'missing'; last?: string };
}

export async function askChannel({ instance }: { instance: Instance }): Promise<Channel> {
  return (await (await fetch(`${addressOf(instance)}/notices.json`)).json()) as Channel;
}

/** Has the channel do something wrong from now on, or `none`. */
export async function breakChannel({ instance }: { instance: Instance }, fault: NoticeFault): Promise<void> {
  const body = new URLSearchParams({ fault });
  const { status } = await fetch(`${addressOf(instance)}/fault`, { method: 'POST', body, redirect: 'manual' });
  if (status !== 303) throw new Error(`the channel was told ${fault}, and answered ${status}`);
}

/**
 * Waits for a notice.
 * @param title - All of it: `FIRING: TargetDown`.
 * @param options.about - What its text must name, such as a box.
 * @param options.after - Notices up to this number are passed over.
 * @returns When it came, in milliseconds since 1970; undefined when it did not within `ms`.
 */
export async function noticed(
  of: { instance: Instance },
  title: string,
  options: { about?: string; after: number; ms: number; signal?: AbortSignal },
): Promise<number | undefined> {
  const { about = '', after, ms, signal } = options;
  const end = Date.now() + ms;
  while (Date.now() < end) {
    const { notices } = await askChannel(of);
    const found = notices.find((one) => one.number > after && one.title === title && one.text.includes(about));
    if (found) return Date.parse(found.at);
    await sleep(LOOK_MS, undefined, signal && { signal });
  }
  return undefined;
}

function addressOf(instance: Instance): string {
  return `http://127.0.0.1:${instance.box('notices').port}`;
}
