import { setTimeout as sleep } from 'node:timers/promises';
import { BadInput } from './bad-input.ts';
import type { BoxSettings } from './box-settings.ts';
import type { Supervisor } from './supervisor.ts';

const POLL_MS = 50;

/**
 * Has boxes read their files as they are to be now. All are written before the first box is told, so that none has heard of a
 * change that another one can't follow.
 * @param whom - `changed`: only those whose files have become other ones. A reload costs an nginx all its idle connections.
 * @throws {BadInput} In one line, when a file can't be written.
 */
export async function readAnew(supervisors: readonly Supervisor[], whom: 'all' | 'changed'): Promise<void> {
  const rendered = supervisors.map((supervisor) => ({ supervisor, changed: render(supervisor.box.settings) }));
  for (const { supervisor, changed } of rendered) if (whom === 'all' || changed) await tell(supervisor);
}

function render({ name, render: write }: BoxSettings): boolean {
  try {
    return write();
  } catch (error) {
    const [reason] = (error as Error).message.split('\n', 1);
    throw new BadInput(`the files of box ${name} can't be written anew (${reason})`, { cause: error });
  }
}

/** A box that starts right now may have read its files before they changed, and might not survive the signal yet. */
async function tell(supervisor: Supervisor): Promise<void> {
  const { box } = supervisor;
  while (supervisor.state === 'starting') await sleep(POLL_MS);
  if (supervisor.state === 'up' && box.settings.box.reload) box.signal(box.settings.box.reload);
}
