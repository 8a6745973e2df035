import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { app } from '../src/boxes.ts';

/** Only glibc gives each thread a heap of its own. */
const onGlibc = process.platform === 'linux' && 'glibcVersionRuntime' in (process.report.getReport() as Report).header;
interface Report {
  header: object;
}

const HASHES = `
  import { hashPassword } from '@day90/core';
  const before = process.memoryUsage.rss();
  for (let n = 0; n < 16; n += 1) await hashPassword('a long password of this test');
  process.stdout.write(String(process.memoryUsage.rss() - before));
`;

describe('an app box', () => {
  (onGlibc ? it : it.skip)('does not keep what each hash of a password takes, thread by thread', () => {
    const { NODE_OPTIONS, MALLOC_ARENA_MAX } = app(13011, { count: 3, cpu: 0.2 }).env as Record<string, string>;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', HASHES], {
      cwd: import.meta.dirname,
      env: { ...process.env, NODE_OPTIONS, MALLOC_ARENA_MAX },
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    const grown = Number(stdout) / 2 ** 20;
    expect(grown).toBeGreaterThan(0);
    expect(grown).toBeLessThan(3 * 19);
  });
});
