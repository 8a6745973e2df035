import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Check, Rig } from '@day90/bench/drill';
import { atMost } from '@day90/bench/drill';
import { secrets, workspaceRoot } from '@day90/infra';
import pg from 'pg';

/** What the database and the store say of pictures. */
export interface PictureBooks {
  rows: number;
  /** Rows whose picture is not in the store, or has another size there. */
  dangling: number;
  /** Pictures that no row tells of: their sender was never told their name. */
  orphans: number;
  /** Of these, the ones that the sweep would not find either. */
  forgotten: number;
  /** Files of the store that are no picture, or not yet. */
  parts: number;
}

/**
 * Compares the rows with the files of the store, which are the pictures themselves.
 * @param store - Its folder in the instance's data.
 */
export async function pictureBooks(rig: Rig, store = 's3/pictures'): Promise<PictureBooks> {
  const folder = join(rig.data, store);
  const entries = readdirSync(folder, { withFileTypes: true });
  const sizes = new Map(
    entries.filter((entry) => entry.isFile()).map(({ name }) => [name, statSync(join(folder, name)).size]),
  );
  const aside = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
  const rows = await ask<{ name: string; bytes: string }>(rig, 'SELECT name, bytes FROM images');
  const named = new Set(rows.map(({ name }) => name));
  const pending = new Set(
    (await ask<{ name: string }>(rig, 'SELECT name FROM pending_images')).map(({ name }) => name),
  );
  const orphans = [...sizes.keys()].filter((name) => !named.has(name));
  return {
    rows: rows.length,
    dangling: rows.filter(({ name, bytes }) => sizes.get(name) !== Number(bytes)).length,
    orphans: orphans.length,
    forgotten: orphans.filter((name) => !pending.has(name)).length,
    parts: aside
      .flatMap((path) => readdirSync(path, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile()).length,
  };
}

/** The checks that every drill of pictures has. @param mostOrphans - As many as were under way when a process was killed. */
export function bookChecks({ rows, dangling, orphans, forgotten, parts }: PictureBooks, mostOrphans: number): Check[] {
  return [
    {
      id: 'rows',
      criterion: 'rows without their picture: 0',
      value: `${dangling} of ${rows}`,
      passed: dangling === 0 && rows > 0,
    },
    atMost('orphans', `pictures without a row ≤ ${mostOrphans}`, orphans, mostOrphans, ''),
    atMost('forgotten', 'of these, pictures that no sweep would find: 0', forgotten, 0, ''),
    atMost('parts', 'parts of pictures in the store: 0', parts, 0, ''),
  ];
}

async function ask<Row extends object>({ instance }: Rig, sql: string): Promise<Row[]> {
  const { 'db-app': password } = await secrets(workspaceRoot(import.meta.dirname), ['db-app']);
  const { port } = instance.box('db-1');
  const client = new pg.Client(`postgres://day90_app:${password}@127.0.0.1:${port}/day90`);
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}
