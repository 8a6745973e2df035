import { secrets } from '@day90/infra';
import { createClient } from 'redis';
import { ANSWER_MS, inTime } from './in-time.ts';
import { KeptClient } from './kept-client.ts';
import { tell } from './told.ts';

/** Queues and what BullMQ keeps of each: lists of those that wait and those under way, a sorted set of those to be tried again. */
const QUEUES = ['mails', 'recommendations', 'pictures'];
const KEPT_AS = [
  { state: 'waiting', command: 'LLEN', key: 'wait' },
  { state: 'active', command: 'LLEN', key: 'active' },
  { state: 'delayed', command: 'ZCARD', key: 'delayed' },
];

/** Asks the Redis of the queues how many jobs it has. */
export class QueueDepth {
  readonly #workspace: string;
  #port = 0;
  readonly #client = new KeptClient(
    () => this.#connect(),
    (client) => client.destroy(),
  );

  constructor(workspace: string) {
    this.#workspace = workspace;
  }

  async tellTo(figures: Map<string, string[]>, port: number): Promise<void> {
    this.#port = port;
    const asked = QUEUES.flatMap((queue) => KEPT_AS.map((kept) => ({ queue, ...kept })));
    const counts = await this.#client.ask((client) =>
      inTime(
        Promise.all(asked.map(({ queue, command, key }) => client.sendCommand([command, `jobs:${queue}:${key}`]))),
      ),
    );
    for (const [i, { queue, state }] of asked.entries()) {
      const count = Number(counts?.[i] ?? 0);
      if (count > 0) tell(figures, 'queue', `${count} ${queue} ${state}`);
    }
  }

  close(): void {
    this.#client.close();
  }

  async #connect() {
    const { queue: password = '' } = await secrets(this.#workspace, ['queue']);
    const client = createClient({
      url: `redis://127.0.0.1:${this.#port}`,
      ...{ username: 'jobs', password, disableClientInfo: true }, // which Redis 7.0 does not know
      socket: { connectTimeout: ANSWER_MS, reconnectStrategy: false },
    });
    client.on('error', () => {}); // `connect` and commands reject with it
    await inTime(client.connect());
    return client;
  }
}
