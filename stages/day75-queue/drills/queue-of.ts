import type { Rig } from '@day90/bench/drill';
import { createLogger } from '@day90/core';
import { secrets, workspaceRoot } from '@day90/infra';
import { openQueues, type Queues } from '../src/queues.ts';

/** Works with the queues of a drill's stage, as relay and workers do. */
export async function withQueues<T>(
  { instance }: Pick<Rig, 'instance'>,
  work: (queues: Queues) => Promise<T>,
): Promise<T> {
  const { queue: password = '' } = await secrets(workspaceRoot(import.meta.dirname), ['queue']);
  const url = `redis://jobs:${password}@127.0.0.1:${instance.box('queue').port}`;
  const queues = openQueues(url, createLogger({ LOG_LEVEL: 'silent', BOX: 'drill' }));
  try {
    await queues.of('mails').waitUntilReady();
    return await work(queues);
  } finally {
    await queues.close();
  }
}
