import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { asUnprivileged } from '@day90/infra';
import { z } from 'zod';

const stateSchema = z.strictObject({
  /** Grows with each failover. What a data folder holds of an older one may have gone another way since. */
  epoch: z.int().positive(),
  /** The node that takes writes, or is to. */
  primary: z.string(),
});

/** Who is the primary, as decided: it is written down before it becomes true. */
export type ClusterState = z.infer<typeof stateSchema>;

/** @param data - The instance's data folder. */
export function readState(data: string): ClusterState | undefined {
  const file = join(data, 'cluster.json');
  return existsSync(file) ? stateSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
}

export function writeState(data: string, state: ClusterState): void {
  writeSynced(join(data, 'cluster.json'), `${JSON.stringify(state)}\n`);
}

/** The epoch that a node's data is of; 0 where it was never noted. */
export function epochOf(folder: string): number {
  const file = join(folder, 'epoch');
  return existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
}

export function stampEpoch(folder: string, epoch: number): void {
  writeSynced(join(folder, 'epoch'), `${epoch}\n`);
}

/** Whom a node follows, as Postgres reads it. */
export interface Leader {
  /** 127.0.0.1 unless told. */
  host?: string;
  port: number;
  operatorPassword: string;
}

/** Has a node follow another one, from its next start or reload on. */
export function follow(folder: string, node: string, { host = '127.0.0.1', port, operatorPassword }: Leader): void {
  const connection = [
    ...[`host=${host}`, `port=${port}`, 'user=day90_operator', `password=${operatorPassword}`],
    `application_name=${node}`, // by which a commit that waits for standbys knows it
  ];
  writeSynced(join(folder, 'follow.conf'), `primary_conninfo = '${connection.join(' ')}'\n`);
}

/** Has a node follow nobody. */
export function lead(folder: string): void {
  rmSync(join(folder, 'follow.conf'), { force: true });
}

/**
 * Has a standby, at its next start, replay what log it has and then lead on a timeline of its own. Simply started without
 * its standby.signal it would go on writing the old timeline, where another one may have written something else.
 * @see https://www.postgresql.org/docs/18/runtime-config-wal.html#RUNTIME-CONFIG-WAL-ARCHIVE-RECOVERY
 */
export function leadFromStandby(folder: string): void {
  writeSynced(join(folder, 'follow.conf'), "restore_command = 'false'\n"); // there is no archive: the log at hand is all
  writeSynced(join(folder, 'recovery.signal'), '');
  rmSync(join(folder, 'standby.signal'), { force: true });
}

/** Whole or not at all, and on the disk: what is decided must survive whoever decided it. */
function writeSynced(path: string, text: string): void {
  asUnprivileged(() => {
    const half = `${path}.half`;
    writeFileSync(half, text, { mode: 0o600 });
    sync(half);
    renameSync(half, path);
    sync(dirname(path));
  });
}

function sync(path: string): void {
  const file = openSync(path, 'r');
  fsyncSync(file);
  closeSync(file);
}
