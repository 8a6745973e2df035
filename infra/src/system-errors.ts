import { BadInput } from './bad-input.ts';
import type { ErrorCode } from './error-codes.ts';

/** What stands between us and a file, by the system's code for it, and what mends it. */
const FILE_TROUBLE: Record<string, (folder: string) => string> = {
  ENOSPC: (folder) => `no space left on the disk of ${folder}: \`npx -y pnpm reset\` deletes old runs`,
  EDQUOT: (folder) => `the quota on the disk of ${folder} is used up: \`npx -y pnpm reset\` deletes old runs`,
  EROFS: (folder) => `${folder} is on a disk that can only be read`,
  EACCES: (folder) =>
    `no right to write ${folder}: it may be of a run as root; give it back with \`sudo chown -R $USER ${folder}\``,
};

/** How others say that a disk is full: Node, SQLite (whose shared memory is a file, too), Postgres, Redis, nginx. */
const FULL_DISK =
  /\bENOSPC\b|\bEDQUOT\b|SQLITE_FULL|SQLITE_IOERR_SHMSIZE|no space left on device|could not extend file|disk is full/i;

/**
 * What to say of a program that failed, should its output tell of a full disk.
 * @param folder - Where it wrote.
 */
export function fullDisk(folder: string, output: string): string | undefined {
  return FULL_DISK.test(output) ? FILE_TROUBLE.ENOSPC?.(folder) : undefined;
}

/**
 * Does work on files below a folder.
 * @throws {BadInput} Instead of an error of the system that says the folder, and not the work, is at fault.
 */
export async function inPlainWords<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code = '', path } = error as NodeJS.ErrnoException;
    const words = FILE_TROUBLE[code];
    if (!words || error instanceof BadInput) throw error;
    throw new BadInput(`${words(folder)}${path ? ` (${path})` : ''}`, { cause: error, code: troubleCode(code) });
  }
}

function troubleCode(systemCode: string): ErrorCode {
  return systemCode === 'ENOSPC' || systemCode === 'EDQUOT' ? 'D90-DISK-FULL' : 'D90-NO-RIGHT';
}
