import { useEffect, useState } from 'preact/hooks';
import type { Sent } from '../src/sent.ts';
import type { Action, Moment, Scene, Snapshot, WantedLoad } from '../src/snapshot.ts';

const KEPT_MOMENTS = 600;
const TOKEN = document.querySelector<HTMLMetaElement>('meta[name=room-token]')?.content ?? '';

/** Something that was said, and when. */
export interface Said {
  words: string;
  at: number;
}

/** What the page knows of the instance. */
export interface Known {
  scene?: Scene;
  now?: Snapshot;
  past: Moment[];
  /** What went wrong behind the page last. */
  trouble?: Said;
  /** Whether nothing is heard any more. */
  isLost?: boolean;
}

/** What the server tells each second, as long as the page is open. */
export function useKnown(): Known {
  const [known, setKnown] = useState<Known>({ past: [] });
  useEffect(() => {
    const events = new EventSource(`/events?key=${TOKEN}`);
    const on = <T>(name: string, take: (before: Known, told: T) => Known) =>
      events.addEventListener(name, ({ data }) => setKnown((before) => take(before, JSON.parse(data) as T)));
    on<{ scene: Scene; past: Moment[] }>('scene', (_before, told) => told);
    on<Snapshot>('look', (before, now) => ({
      ...before,
      now,
      isLost: false,
      past: [...before.past, momentOf(now)].slice(-KEPT_MOMENTS),
    }));
    on<string>('trouble', (before, words) => ({ ...before, trouble: { words, at: Date.now() } }));
    events.onerror = () => setKnown((before) => ({ ...before, isLost: true }));
    return () => events.close();
  }, []);
  return known;
}

function momentOf({ at, visitors: { perSecond, p95, errors }, boxes }: Snapshot): Moment {
  return { at, perSecond, p95, errors, cpu: Object.fromEntries(boxes.map(({ name, cpu = 0 }) => [name, cpu])) };
}

/** Has the server do something. @returns The command that does the same. */
export async function act(action: Action): Promise<string> {
  return ((await post('/act', action)) as { command: string }).command;
}

/** Sends such traffic from now on. @returns The command that does the same. */
export async function load(wanted: WantedLoad): Promise<string> {
  return ((await post('/load', wanted)) as { command: string }).command;
}

/** Sends one request from a place. @returns Its way. */
export async function sendOne(from: string): Promise<Sent> {
  return (await post('/send-one', { from })) as Sent;
}

async function post(path: string, body: object): Promise<unknown> {
  const headers = { 'Content-Type': 'application/json', 'X-Room-Token': TOKEN };
  const answer = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error((await answer.text()).trim());
  return answer.json();
}
