import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { postgresMajor, postgresProgram } from '../src/postgres-binaries.ts';
import { preparePostgresFolder } from '../src/postgres-folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'day90-pgdata-'));
  writeFileSync(join(folder, 'PG_VERSION'), `${postgresMajor()}\n`);
});
afterEach(() => rmSync(folder, { recursive: true }));
const prepare = () => preparePostgresFolder(folder, 'stage-3');
const pidFile = () => join(folder, 'postmaster.pid');

describe("Postgres' programs", () => {
  it.each(['postgres', 'initdb', 'pg_ctl'] as const)('%s runs, with the libraries it needs', (name) => {
    const { stdout, stderr } = spawnSync(postgresProgram(name), ['--version'], { encoding: 'utf8', env: {} });
    expect(stdout + stderr).toMatch(new RegExp(`\\(PostgreSQL\\) ${postgresMajor()}\\.`));
  });
});

describe('a data folder of Postgres', () => {
  it('of another major version is refused in one line that says the way out', () => {
    writeFileSync(join(folder, 'PG_VERSION'), '16\n');
    expect(prepare).toThrow(
      /^stage-3 holds data of Postgres 16, which Postgres \d+ .* can't read: `npx -y pnpm reset stage-3` deletes it.*$/,
    );
  });

  it('loses a postmaster.pid whose pid is some other process by now', () => {
    writeFileSync(pidFile(), `${process.pid}\n${folder}\n`);
    prepare();
    expect(existsSync(pidFile())).toBe(false);
  });

  it('keeps the postmaster.pid of a process that is gone: Postgres itself looks whether anything of it is left', async () => {
    const gone = spawn(process.execPath, ['-e', '']);
    await once(gone, 'exit');
    writeFileSync(pidFile(), `${gone.pid}\n${folder}\n`);
    prepare();
    expect(existsSync(pidFile())).toBe(true);
  });

  it('in which a Postgres runs is refused', async () => {
    const running = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)', 'postgres', folder]);
    await once(running, 'spawn');
    writeFileSync(pidFile(), `${running.pid}\n${folder}\n`);
    expect(prepare).toThrow(`stage-3: a Postgres still runs in ${folder}: \`kill -INT ${running.pid}\` ends it`);
    running.kill();
  });

  it('need not be there', () => {
    preparePostgresFolder(join(folder, 'nothing'), 'stage-3');
  });
});
