import { join } from 'node:path';
import { BadInput, control, secrets } from '@day90/infra';
import { z } from 'zod';
import { asOperator } from './operator.ts';

/** A node of a running cluster, as far as it tells. */
export interface NodeState {
  name: string;
  folder: string;
  /** Absent for one that is down. */
  port: number | undefined;
  /** Absent for one that does not answer. */
  seen: Seen | undefined;
}

/** What a node tells of itself. */
export interface Seen {
  standby: boolean;
  /** How much of the log it has, in bytes. */
  place: number;
  /** Whether its commits wait for a standby, or would if it led. */
  synchronous: boolean;
  /** Whether it gets the log from another one right now. */
  receiving: boolean;
}

const LOOK_MS = 2000;

const status = z.object({
  data: z.string(),
  boxes: z.array(z.object({ box: z.string(), pid: z.int().nullable(), state: z.string() })),
  ready: z.object({ boxes: z.array(z.object({ name: z.string(), port: z.int().optional() })) }),
});

/** An instance whose databases are looked at, and told what to do. */
export class RunningCluster {
  readonly data: string;
  readonly operatorPassword: string;
  readonly #workspace: string;
  readonly #instance: string;

  private constructor(workspace: string, instance: string, data: string, operatorPassword: string) {
    this.#workspace = workspace;
    this.#instance = instance;
    this.data = data;
    this.operatorPassword = operatorPassword;
  }

  /** @throws {BadInput} When the instance is not up. */
  static async open(workspace: string, instance: string): Promise<RunningCluster> {
    const { data } = status.parse(await control(workspace, instance, { do: 'status' }));
    const { 'db-operator': password = '' } = await secrets(workspace, ['db-operator']);
    return new RunningCluster(workspace, instance, data, password);
  }

  /** Asks the launcher which nodes there are, and each of them how it stands. */
  async look(): Promise<NodeState[]> {
    const { boxes, ready } = status.parse(await control(this.#workspace, this.#instance, { do: 'status' }));
    const nodes = boxes.filter(({ box }) => box.startsWith('db-'));
    return Promise.all(
      nodes.map(async ({ box, pid }) => {
        const port = pid === null ? undefined : ready.boxes.find(({ name }) => name === box)?.port;
        const seen = port === undefined ? undefined : await this.#ask(port).catch(() => undefined);
        return { name: box, folder: join(this.data, box), port, seen };
      }),
    );
  }

  /** Ends a node for now, at once and with all its processes. */
  async fell(name: string): Promise<void> {
    await control(this.#workspace, this.#instance, { do: 'hold', box: name });
    await control(this.#workspace, this.#instance, { do: 'kill', box: name });
  }

  /** Has a node that is down start again; one that is up reads its settings anew. */
  async wake(name: string): Promise<void> {
    await control(this.#workspace, this.#instance, { do: 'release', box: name });
  }

  async reload(name: string): Promise<void> {
    await control(this.#workspace, this.#instance, { do: 'signal', box: name, signal: 'SIGHUP' });
  }

  /** @returns Whether it leads. */
  promote(port: number): Promise<boolean> {
    return asOperator({ port, operatorPassword: this.operatorPassword }, async (client) => {
      const { rows } = await client.query<{ leads: boolean }>('SELECT pg_promote(true, 60) AS leads');
      return rows[0]?.leads === true;
    });
  }

  /** What it has of the log: all it has received, replayed or not, since a promotion replays it first. */
  async #ask(port: number): Promise<Seen> {
    const text = `
      SELECT standby, current_setting('synchronous_standby_names') <> '' AS synchronous,
        EXISTS (SELECT FROM pg_stat_wal_receiver WHERE status = 'streaming') AS receiving,
        (CASE WHEN standby THEN greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())
          ELSE pg_current_wal_lsn() END - '0/0')::text AS place
      FROM pg_is_in_recovery() AS standby`;
    const { rows } = await asOperator(
      { port, operatorPassword: this.operatorPassword },
      (client) => client.query<Omit<Seen, 'place'> & { place: string }>(text),
      { queryMs: LOOK_MS },
    );
    const [row] = rows as [(typeof rows)[0]];
    return { ...row, place: Number(row.place) };
  }
}

/** @throws {BadInput} When there is no such node in this instance. */
export function primaryFirst(nodes: NodeState[], primary: string): [NodeState, ...NodeState[]] {
  const first = nodes.find(({ name }) => name === primary);
  if (!first) throw new BadInput(`${primary}, which leads by cluster.json, is no box of this instance`);
  return [first, ...nodes.filter((node) => node !== first)];
}
