import type { Answer } from './http-client.ts';
import { jsonOf } from './http-client.ts';
import type { Member } from './members.ts';

/** `unknown`: nobody told the client whether it was done, so it may be there or not. */
export type Fate = 'acked' | 'rejected' | 'unknown';

/** One write that was sent, by the title that nothing else bears. */
export interface Write {
  kind: 'create' | 'keyed' | 'update';
  title: string;
  member: Member;
  /** The post: known from the start for an update, from the answer for a new one. */
  id?: string;
  /** Its `Idempotency-Key`. */
  key?: string;
  /** Unknown until the answer says otherwise. */
  fate: Fate;
  /** When the load had its answer, in milliseconds since it began. */
  answeredAt?: number;
}

/** A post that is there after healing. */
export interface StoredPost {
  id: string;
  title: string;
}

/** What is wrong, write by write; three empty lists are what a drill wants to see. */
export interface Audit {
  /** Acknowledged and not there. */
  lost: Write[];
  /** There more than once. */
  doubled: Write[];
  /** Refused and there all the same. */
  ghosts: Write[];
}

/** The client's own books of what it wrote and what it was told. */
export class Ledger {
  readonly writes: Write[] = [];
  /** Part of every title and key, so that nothing of another run is taken for this one's. */
  readonly run: string;
  readonly #unavailable: Fate;

  /**
   * @param unavailable - What an app's own 503 says of a write.
   */
  constructor(run: string, unavailable: Fate = 'rejected') {
    this.run = run;
    this.#unavailable = unavailable;
  }

  /** Enters a write, before it is sent: one that a crash cuts off stays unknown. */
  open(write: Omit<Write, 'title' | 'fate' | 'answeredAt'>): Write {
    const entry: Write = { ...write, title: `drill ${this.run} ${this.writes.length}`, fate: 'unknown' };
    this.writes.push(entry);
    return entry;
  }

  /** What a write sends. The same bytes each time: a key stands for one request. */
  bodyOf({ kind, title }: Write): { title: string; body?: string } {
    return kind === 'update' ? { title } : { title, body: 'Written while something was broken on purpose.' };
  }

  /**
   * Enters what the answer says.
   * @param at - When it came, in milliseconds since the load began; nothing where it is asked for after the load.
   */
  close(write: Write, answer: Answer, at?: number): void {
    if (at !== undefined) write.answeredAt = at;
    write.fate = this.#fateBy(write, answer);
    if (write.fate === 'acked') write.id ??= (jsonOf(answer) as { id: string }).id;
  }

  count(fate: Fate): number {
    return this.writes.filter((write) => write.fate === fate).length;
  }

  #fateBy({ kind, title }: Write, answer: Answer): Fate {
    const { status } = answer;
    if (status === 200 || status === 201) {
      return (jsonOf(answer) as { title?: string })?.title === title ? 'acked' : 'unknown';
    }
    // A proxy that sent it again may have met the version that its own first try made, or that try still running.
    if ((kind === 'update' && status === 412) || (kind === 'keyed' && status === 409)) return 'unknown';
    if (status === 503 && isProblem(answer)) return this.#unavailable;
    return status >= 400 && status < 500 && status !== 408 ? 'rejected' : 'unknown';
  }
}

/** A 503 of a proxy says nothing of what the app behind it did; the app's own bears a problem document. */
function isProblem({ headers }: Answer): boolean {
  return headers['content-type']?.startsWith('application/problem+json') === true;
}

/**
 * Holds the books against what is there: an acknowledged write once, a refused one never, an unknown one at most once.
 * @param stored - All posts of the members who wrote, and those updated as they are now.
 */
export function audit(writes: readonly Write[], stored: readonly StoredPost[]): Audit {
  const titles = new Map<string, number>();
  for (const { title } of stored) titles.set(title, (titles.get(title) ?? 0) + 1);
  const found = (write: Write) => titles.get(write.title) ?? 0;
  const created = writes.filter(({ kind }) => kind !== 'update');
  const changes = auditUpdates(writes, new Map(stored.map(({ id, title }) => [id, title])));
  return {
    lost: [...created.filter((write) => write.fate === 'acked' && found(write) === 0), ...changes.lost],
    doubled: created.filter((write) => found(write) > 1),
    ghosts: [...created.filter((write) => write.fate === 'rejected' && found(write) > 0), ...changes.ghosts],
  };
}

/** A post bears the title of the last acknowledged update, or that of an unknown one that came after it. */
function auditUpdates(writes: readonly Write[], titles: ReadonlyMap<string, string>): Pick<Audit, 'lost' | 'ghosts'> {
  const [lost, ghosts]: [Write[], Write[]] = [[], []];
  const updates = writes.filter(({ kind }) => kind === 'update');
  for (const [id, changes] of Map.groupBy(updates, (write) => write.id as string)) {
    const title = titles.get(id);
    const ghost = changes.find((write) => write.fate === 'rejected' && write.title === title);
    if (ghost) ghosts.push(ghost);
    const last = changes.findLastIndex(({ fate }) => fate === 'acked');
    const acked = changes[last];
    const possible = changes.slice(Math.max(last, 0)).filter(({ fate }) => fate !== 'rejected');
    if (acked && !possible.some((write) => write.title === title)) lost.push(acked);
  }
  return { lost, ghosts };
}
