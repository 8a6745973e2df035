import { setTimeout as sleep } from 'node:timers/promises';
import { type ClusterState, readState } from './cluster-files.ts';

const POLL_MS = 50;

/** Waits until the first node has founded the cluster; all of them start at once. */
export async function untilFounded(data: string): Promise<ClusterState> {
  for (;;) {
    const state = readState(data);
    if (state) return state;
    await sleep(POLL_MS);
  }
}
