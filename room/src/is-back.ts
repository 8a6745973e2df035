import { isOf } from './expectations.ts';
import type { BoxState, Heard } from './heard.ts';
import type { Action } from './snapshot.ts';
import type { StandingFaults } from './standing-faults.ts';

/** What was before an action, and what became of it. */
interface Began {
  action: Action;
  before: BoxState | undefined;
  /** Whether what was asked for has been done. */
  isDone: boolean;
  faults: StandingFaults;
}

/** Whether all is as it was before an action, or as it was to be after it. */
export function isBack({ action, before, isDone, faults }: Began, { states }: Heard): boolean {
  if (!isDone) return false;
  const now = states.find(({ box }) => box === action.box);
  switch (action.do) {
    case 'freeze':
    case 'pause':
    case 'mail':
      return faults.of(action.box, now?.pid ?? null) === undefined;
    case 'kill':
      return now?.state === 'up' && now.pid !== before?.pid;
    default: {
      const boxes = states.filter(({ box }) => isOf(box, action.box));
      return boxes.every(({ state }) => state === 'up') && boxes.length === (action.count ?? boxes.length);
    }
  }
}
