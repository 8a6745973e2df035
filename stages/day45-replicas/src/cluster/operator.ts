import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BadInput, postgresProgram, unprivilegedUser } from '@day90/infra';
import pg from 'pg';

/** What the operator may call beyond a plain role: to copy a database that runs, to promote one, and to hold replay up in a drill. */
const FUNCTIONS = [
  'pg_backup_start(text, boolean)',
  'pg_backup_stop(boolean)',
  'pg_promote(boolean, integer)',
  'pg_wal_replay_pause()',
  'pg_wal_replay_resume()',
];
const MONITORS = ['GRANT pg_monitor TO day90_monitor', 'GRANT CONNECT ON DATABASE day90 TO day90_monitor'];
const POLL_MS = 100;
const CONNECT_MS = 2000;

/**
 * Makes the role that replicas read the log by, and that is asked and told about a cluster; and, where it has a password, one
 * that sees the server's statistics and no table. The app has no use for any of it, and the owner of the tables neither.
 * By `postgres --single`, with the server down: no superuser may log in.
 */
export function makeRoles(folder: string, passwords: { operator: string; monitor: string | undefined }): void {
  const { operator, monitor } = passwords;
  const statements = [
    `CREATE ROLE day90_operator LOGIN REPLICATION PASSWORD ${quoted(operator)}`,
    'GRANT pg_monitor TO day90_operator',
    'GRANT CONNECT ON DATABASE day90 TO day90_operator',
    ...FUNCTIONS.map((name) => `GRANT EXECUTE ON FUNCTION ${name} TO day90_operator`),
    ...(monitor === undefined ? [] : [`CREATE ROLE day90_monitor LOGIN PASSWORD ${quoted(monitor)}`, ...MONITORS]),
  ];
  const user = unprivilegedUser();
  const { status, stdout, stderr } = spawnSync(
    postgresProgram('postgres'),
    ['--single', '-D', folder, '-c', 'exit_on_error=on', 'day90'],
    {
      cwd: dirname(folder),
      ...(user && { uid: user.uid, gid: user.gid }),
      encoding: 'utf8',
      input: `${statements.join('\n')}\n`,
    },
  );
  if (status === 0) return;
  const reason = (stderr || stdout).split('\n').find((line) => /\b(FATAL|PANIC|ERROR):/.test(line));
  throw new BadInput(`the operator's role could not be made: ${reason ?? 'postgres --single failed'}`);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** How a node is reached by the operator. */
export interface Access {
  /** 127.0.0.1 unless told. */
  host?: string;
  port: number;
  operatorPassword: string;
}

/**
 * Asks and tells one node something, on a connection of its own.
 * @param queryMs - How long it has for each answer; for ever unless told.
 * @throws When it can't be reached, says no, or does not answer.
 */
export async function asOperator<T>(
  { host = '127.0.0.1', port, operatorPassword }: Access,
  work: (client: pg.Client) => Promise<T>,
  { queryMs = 0 } = {},
): Promise<T> {
  const client = new pg.Client({
    ...{ host, port, user: 'day90_operator', password: operatorPassword, database: 'day90' },
    query_timeout: queryMs,
    ...{ connectionTimeoutMillis: CONNECT_MS, application_name: 'day90-operator' },
  });
  client.on('error', () => {}); // what is lost is told by the query it is lost in
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Waits until a node takes writes, however long that takes: whoever waits here is itself given only so much time. */
export async function untilItLeads(access: Access): Promise<void> {
  for (;;) {
    const leads = await asOperator(access, async (client) => {
      const { rows } = await client.query<{ standby: boolean }>('SELECT pg_is_in_recovery() AS standby');
      return rows[0]?.standby === false;
    }).catch(() => false);
    if (leads) return;
    await sleep(POLL_MS);
  }
}
