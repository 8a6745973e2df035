import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

/** In a process of its own: within Jest all that is asked for grows old. */
const GROWN_OLD = fileURLToPath(new URL('./grown-old.ts', import.meta.url));

describe('a request that has been answered', () => {
  it.each(['session', 'head'])('is not among the old objects of V8 (%s)', async (kind) => {
    const { stdout } = await promisify(execFile)(process.execPath, [GROWN_OLD, kind]);
    // Bytes of each request, of 30,000: one in ten is under way when young objects are collected.
    expect(Number(stdout)).toBeLessThan(10_000);
  });
});
