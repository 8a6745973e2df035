import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { BadInput } from './bad-input.ts';
import { postgresMajor } from './postgres-binaries.ts';
import { commandOf, findProcess } from './processes.ts';

/**
 * Looks at a data folder of Postgres before a start, while nobody else can start one in it. A postmaster.pid that a crash
 * has left stops Postgres when its pid has come round as another process of the same user: that one is deleted.
 * @param folder - May be none of Postgres', or not there: then there is nothing to see to.
 * @throws {BadInput} When it was made by another major version, or a Postgres still runs in it.
 */
export function preparePostgresFolder(folder: string, instance: string): void {
  const version = firstLine(join(folder, 'PG_VERSION'));
  if (version === undefined) return;
  if (version !== String(postgresMajor())) {
    throw new BadInput(
      `${instance} holds data of Postgres ${version}, which Postgres ${postgresMajor()} of this checkout can't read: \`npx -y pnpm reset ${instance}\` deletes it, with what was written since`,
      { code: 'D90-DATA-DIFFERS' },
    );
  }
  const pidFile = join(folder, 'postmaster.pid');
  const pid = Number(firstLine(pidFile));
  if (!Number.isInteger(pid) || pid <= 1 || !findProcess(pid)) return; // Postgres itself sees that this one is stale
  const command = commandOf(pid);
  if (command.includes('postgres') && command.includes(folder))
    throw new BadInput(`${instance}: a Postgres still runs in ${folder}: \`kill -INT ${pid}\` ends it`, {
      code: 'D90-POSTGRES-RUNS',
    });
  rmSync(pidFile);
}

function firstLine(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n')[0]?.trim() : undefined;
}
