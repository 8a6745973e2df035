import type { ControlAnswer, ControlRequest } from './control-socket.ts';
import type { ReadyFile } from './ready-file.ts';
import type { Supervisor } from './supervisor.ts';

/** Does what was asked through the control socket. */
export function answerControl(
  request: ControlRequest,
  boxes: ReadonlyMap<string, Supervisor>,
  ready: () => ReadyFile,
): ControlAnswer {
  switch (request.do) {
    case 'status':
      return { ok: true, ready: ready(), boxes: [...boxes.values()].map(boxStatus) };
    case 'signal':
      return onBox(request.box, boxes, ({ box }) => box.signal(request.signal));
    case 'hold':
      return onBox(request.box, boxes, (supervisor) => supervisor.hold());
    case 'release':
      return onBox(request.box, boxes, (supervisor) => supervisor.release());
    default:
      return { ok: false, problem: `${request.do} is not in this stage: status, signal, hold, release are` };
  }
}

function onBox(
  name: string,
  boxes: ReadonlyMap<string, Supervisor>,
  act: (supervisor: Supervisor) => void,
): ControlAnswer {
  const supervisor = boxes.get(name);
  if (!supervisor) return { ok: false, problem: `no box ${name}; boxes: ${[...boxes.keys()].join(', ')}` };
  act(supervisor);
  return { ok: true, ...boxStatus(supervisor) };
}

function boxStatus({ box, state, restarts, held }: Supervisor) {
  return { box: box.settings.name, pid: box.pid ?? null, state, restarts, held };
}
