import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Result } from '../result.ts';

/** Writes a file whole or not at all: under another name first, then renamed. */
export function writeWhole(file: string, text: string): void {
  const half = `${file}.${process.pid}.half`;
  mkdirSync(dirname(file), { recursive: true });
  try {
    writeFileSync(half, text);
    renameSync(half, file);
  } finally {
    rmSync(half, { force: true });
  }
}

/** Writes `<folder>/<stage>.<claim>.json` and returns its path. */
export function writeResult(folder: string, result: Result): string {
  const file = `${folder}/${result.stage}.${result.claim}.json`;
  writeWhole(file, `${JSON.stringify(result, null, 2)}\n`);
  return file;
}
