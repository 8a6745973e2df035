import { BadInput } from './bad-input.ts';
import type { BoxSet } from './box-set.ts';
import type { BudgetUsage } from './budget.ts';
import type { ControlAnswer, ControlRequest } from './control-socket.ts';
import type { Progress } from './progress.ts';
import type { ReadyFile } from './ready-file.ts';
import type { ReplicaChanges } from './replica-changes.ts';
import type { Supervisor } from './supervisor.ts';

/** What can be controlled of an instance. */
export interface Controlled {
  boxes: BoxSet;
  changes: ReplicaChanges;
  ready: () => ReadyFile;
  usage: (box: string) => BudgetUsage;
  /** Where its data lies. */
  data: string;
}

/** Does what was asked through the control socket. */
export async function answerControl(request: ControlRequest, of: Controlled, say: Progress): Promise<ControlAnswer> {
  try {
    return { ok: true, ...(await act(request, of, say)) };
  } catch (error) {
    if (error instanceof BadInput) return { ok: false, problem: error.message, code: error.code };
    console.error(error); // nobody foresaw it: the launcher's terminal shows its stack
    return { ok: false, problem: (error as Error).message };
  }
}

async function act(
  request: ControlRequest,
  { boxes, changes, ready, usage, data }: Controlled,
  say: Progress,
): Promise<object> {
  const all = () => boxes.all.map(boxStatus);
  switch (request.do) {
    case 'status':
      return { ready: ready(), boxes: all(), data };
    case 'usage':
      return {
        usage: Object.fromEntries(boxes.all.map(({ box: { settings } }) => [settings.name, usage(settings.name)])),
      };
    case 'signal':
      boxes.get(request.box).box.signal(request.signal);
      return boxStatus(boxes.get(request.box));
    case 'kill':
      await boxes.get(request.box).box.kill();
      return boxStatus(boxes.get(request.box));
    case 'hold':
      boxes.get(request.box).hold();
      return boxStatus(boxes.get(request.box));
    case 'release':
      boxes.get(request.box).release();
      return boxStatus(boxes.get(request.box));
    case 'scale':
      await changes.scale(request.box, request.count, say);
      return { boxes: all() };
    case 'roll':
      await changes.roll(request.box, say, request.force);
      return { boxes: all() };
    case 'reload':
      await changes.reload(request.box, say);
      return { boxes: all() };
    case 'set':
      await changes.set(request.numbers, say);
      return {};
  }
}

function boxStatus({ box, state, restarts, held }: Supervisor) {
  return { box: box.settings.name, pid: box.pid ?? null, state, restarts, held };
}
