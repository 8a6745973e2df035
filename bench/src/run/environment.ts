import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { machine } from '@day90/infra';
import type { ResultBody } from '../result.ts';

type Env = ResultBody['env'];

/** What a result says about the machine and the code; the rest of `env` belongs to the claim. */
export async function environment(
  root: string,
): Promise<Omit<Env, 'scale' | 'seed' | 'budgets' | 'throttled' | 'raised'>> {
  const { machineKind, os, kernel, cpu, cores, memoryBytes } = await machine();
  return {
    machineKind,
    os,
    kernel,
    cpu,
    cores,
    memoryBytes,
    versions: { node: process.versions.node },
    ...(await commit(root)),
  };
}

/** Results of one claim are no other code for the next. */
const CODE = ['--', '.', ':!bench/results'];

/** The commit that was measured; `unknown` and dirty in a copy without git. */
async function commit(root: string): Promise<Pick<Env, 'commit' | 'dirty'>> {
  const git = async (...args: string[]) => (await promisify(execFile)('git', ['-C', root, ...args])).stdout.trim();
  try {
    return { commit: await git('rev-parse', 'HEAD'), dirty: (await git('status', '--porcelain', ...CODE)) !== '' };
  } catch {
    return { commit: 'unknown', dirty: true };
  }
}
