import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';

const PAGE_BYTES = 8192;
/** Where a page of the log says its own place, in bytes: a recycled file is full of pages that name other places. */
const PAGE_ADDRESS = 8;
const NAME = /^[0-9A-F]{24}$/;

/**
 * How far a database that is down has written its log, read off its disk: the end of the page that was written last, so up to
 * 8 kB more than there is.
 * @see https://doxygen.postgresql.org/structXLogPageHeaderData.html
 */
export function logEnd(folder: string): number {
  const files = readdirSync(join(folder, 'pg_wal'))
    .filter((name) => NAME.test(name))
    .sort()
    .reverse();
  for (const name of files) {
    const end = endWithin(join(folder, 'pg_wal', name), startOf(name));
    if (end !== undefined) return end;
  }
  return 0;
}

/** The place that a file of 16 MiB begins at: of its name, timeline, high and low part by eight digits each. */
function startOf(name: string): number {
  const [high, segment] = [name.slice(8, 16), name.slice(16)].map((digits) => Number.parseInt(digits, 16));
  return (high as number) * 2 ** 32 + (segment as number) * 2 ** 24;
}

function endWithin(path: string, start: number): number | undefined {
  const file = openSync(path, 'r');
  const bytes = Buffer.alloc(8);
  let end: number | undefined;
  try {
    for (let offset = 0; offset < statSync(path).size; offset += PAGE_BYTES) {
      readSync(file, bytes, 0, bytes.length, offset + PAGE_ADDRESS);
      if (Number(bytes.readBigUInt64LE()) !== start + offset) break;
      end = start + offset + PAGE_BYTES;
    }
  } finally {
    closeSync(file);
  }
  return end;
}
