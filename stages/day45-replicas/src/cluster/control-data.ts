import { closeSync, existsSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Where two fields lie in `global/pg_control`, in bytes: the structure of Postgres 18 on 64 bits, least byte first. There is
 * no pg_controldata among the programs that npm has.
 * @see https://doxygen.postgresql.org/structControlFileData.html
 */
const SYSTEM_IDENTIFIER = 0;
const REDO = 40;
const SEGMENT_BITS = 24n; // 16 MiB, as initdb makes them
const TIMELINE_DIGITS = 8;

/** What makes one cluster's data folders tell each other from those of any other. */
export function systemIdentifier(folder: string): bigint {
  return controlField(folder, SYSTEM_IDENTIFIER);
}

/**
 * Whether the log that `folder` goes on from is still there in `primary`: a standby that is further behind can get on no more.
 * Judged by where its recovery begins, which is not later than where its log ends.
 */
export function canGoOnFrom(primary: string, folder: string): boolean {
  const segment = controlField(folder, REDO) >> SEGMENT_BITS;
  const perFile = 1n << (32n - SEGMENT_BITS);
  const name = [segment / perFile, segment % perFile].map((part) => part.toString(16).toUpperCase().padStart(8, '0'));
  return readdirSync(join(primary, 'pg_wal')).some((file) => file.slice(TIMELINE_DIGITS) === name.join(''));
}

/** Whether a folder holds a database at all. */
export function isDatabase(folder: string): boolean {
  return existsSync(join(folder, 'global', 'pg_control'));
}

function controlField(folder: string, offset: number): bigint {
  const file = openSync(join(folder, 'global', 'pg_control'), 'r');
  try {
    const bytes = Buffer.alloc(8);
    readSync(file, bytes, 0, bytes.length, offset);
    return bytes.readBigUInt64LE();
  } finally {
    closeSync(file);
  }
}
