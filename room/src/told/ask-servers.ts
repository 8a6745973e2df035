import type { ReadyFile } from '@day90/infra';
import { askChannel } from './channel.ts';
import { OutboxRows } from './outbox-rows.ts';
import { askPrometheus } from './prometheus.ts';
import { QueueDepth } from './queue-depth.ts';
import { ReplicaLag } from './replica-lag.ts';
import type { Told } from './told.ts';

/** Prometheus itself looks every two seconds, and each question costs somebody a part of a budget. */
const EVERY_MS = 1900;

/** Asks servers what only they know: Prometheus and the channel where there are such, else databases and queue themselves. */
export class Servers {
  readonly #lag: ReplicaLag;
  readonly #outbox: OutboxRows;
  readonly #queue: QueueDepth;
  #told: Told = { figures: new Map(), alerts: [] };
  #askedAt = Number.NEGATIVE_INFINITY;

  constructor(workspace: string) {
    this.#lag = new ReplicaLag(workspace);
    this.#outbox = new OutboxRows(workspace);
    this.#queue = new QueueDepth(workspace);
  }

  /** What they said last, which is at most two looks old. */
  async ask({ boxes }: ReadyFile): Promise<Told> {
    const now = performance.now();
    if (now - this.#askedAt < EVERY_MS) return this.#told;
    this.#askedAt = now;
    this.#told = await this.#ask(boxes);
    return this.#told;
  }

  close(): void {
    for (const one of [this.#lag, this.#outbox, this.#queue]) one.close();
  }

  async #ask(boxes: ReadyFile['boxes']): Promise<Told> {
    const portOf = (role: string) => boxes.find((box) => box.role === role)?.port;
    const [prometheus, channel] = [portOf('prometheus'), portOf('notices')];
    if (prometheus === undefined) return { figures: await this.#figures(boxes), alerts: [] };
    const [told, said] = await Promise.all([askPrometheus(prometheus), channel && askChannel(channel)]);
    return { ...told, ...(said && { channel: said }) };
  }

  async #figures(boxes: ReadyFile['boxes']): Promise<Told['figures']> {
    const figures: Told['figures'] = new Map();
    const nodes = Object.fromEntries(
      boxes.flatMap(({ name, port }) => (/^db-\d+$/.test(name) && port !== undefined ? [[name, port]] : [])),
    );
    const [node] = Object.values(nodes);
    const queue = boxes.find(({ role }) => role === 'queue')?.port;
    await Promise.all([
      node && this.#lag.tellTo(figures, nodes),
      queue && this.#queue.tellTo(figures, queue),
      queue && node && this.#outbox.tellTo(figures, node),
    ]);
    return figures;
  }
}
