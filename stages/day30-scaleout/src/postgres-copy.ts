import { constants } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dataSecrets, ensureTemplate, Guardian, handOver, type Scale, workspaceRoot } from '@day90/infra';
import { data } from './data.ts';
import type { RolePasswords } from './make-database.ts';

const STAGE = dirname(dirname(fileURLToPath(import.meta.url)));

/** A copy of the seeded database that nobody else knows of. */
export interface DatabaseCopy {
  folder: string;
  passwords: RolePasswords;
  /** Ends servers in it and deletes it should this process be killed. */
  guardian: Guardian;
  /** Deletes it; no server may run in it any more. */
  remove(): Promise<void>;
}

/** Copies the template of a scale, made if need be, into a temporary folder. */
export async function copyDatabase(scale: Scale): Promise<DatabaseCopy> {
  const template = await ensureTemplate(data, { folder: STAGE, scale });
  const { env } = await dataSecrets(data, workspaceRoot(STAGE));
  const root = await mkdtemp(join(tmpdir(), 'day90-postgres-'));
  const guardian = new Guardian();
  guardian.leftover(root);
  const folder = join(root, 'postgres');
  await cp(join(template, 'postgres'), folder, { recursive: true, mode: constants.COPYFILE_FICLONE });
  handOver(root);
  return {
    folder,
    passwords: { owner: env.DB_OWNER_PASSWORD as string, app: env.DB_APP_PASSWORD as string },
    guardian,
    async remove() {
      await rm(root, { recursive: true, force: true });
      guardian.bye();
    },
  };
}
