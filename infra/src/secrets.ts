import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { BadInput } from './bad-input.ts';
import { takeLock } from './lock.ts';

const SECRET_BYTES = 32;
const LOCK_RETRY_MS = 20;
const secretsFile = z.record(z.string(), z.string());

/**
 * The checkout's secrets by name, each 32 random bytes as base64url, made when first asked for and kept in
 * `.run/secrets.json` (mode 0600) so that a session outlives a restart.
 */
export async function secrets(workspace: string, names: string[]): Promise<Record<string, string>> {
  const path = join(workspace, '.run', 'secrets.json');
  const known = readSecrets(path);
  if (names.every((name) => known[name])) return known;
  mkdirSync(join(workspace, '.run'), { recursive: true });
  const lock = await waitForLock(`${path}.lock`);
  try {
    const all = readSecrets(path);
    for (const name of names) all[name] ??= randomBytes(SECRET_BYTES).toString('base64url');
    const temporary = `${path}.${process.pid}`;
    writeFileSync(temporary, `${JSON.stringify(all, null, 2)}\n`, { mode: 0o600 });
    renameSync(temporary, path);
    return all;
  } finally {
    lock.release();
  }
}

async function waitForLock(path: string): Promise<{ release: () => void }> {
  for (;;) {
    const lock = takeLock(path);
    if ('release' in lock) return lock;
    await sleep(LOCK_RETRY_MS);
  }
}

function readSecrets(path: string): Record<string, string> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return {};
  }
  try {
    return secretsFile.parse(JSON.parse(text));
  } catch {
    throw new BadInput(
      `${path} is not readable as JSON of names and secrets: delete it, and new ones are made (sessions end)`,
      { code: 'D90-SECRETS-BROKEN' },
    );
  }
}
