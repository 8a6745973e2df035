import { BadInput, type ControlRequest, control } from '@day90/infra';
import { z } from 'zod';
import { commandOf } from './commands.ts';
import type { InstanceWatch } from './instance-watch.ts';
import type { Action, Scene } from './snapshot.ts';

const name = z.string().max(60);
const action: z.ZodType<Action> = z.union([
  z.strictObject({ do: z.enum(['kill', 'freeze', 'thaw', 'roll']), box: name }),
  z.strictObject({ do: z.literal('scale'), box: name, count: z.int().positive() }),
]);

/**
 * Does what the page asked for, by the launcher's control socket. What takes longer than a moment goes on behind it.
 * @returns The command that does the same.
 * @throws {BadInput} For what is no action, or when the launcher says no.
 */
export async function act(
  asked: unknown,
  {
    workspace,
    scene,
    watch,
    onTrouble,
  }: { workspace: string; scene: Scene; watch: InstanceWatch; onTrouble: (why: string) => void },
): Promise<string> {
  const parsed = action.safeParse(asked);
  if (!parsed.success) throw new BadInput('an action is kill, freeze, thaw, scale or roll, with the name of a box');
  const { data } = parsed;
  const isThere = data.do === 'scale' || data.do === 'roll' || watch.stateOf(data.box) !== undefined;
  if (!isThere) throw new BadInput(`there is no box ${JSON.stringify(data.box)}`);
  const command = commandOf(data, { ...scene, pid: watch.stateOf(data.box)?.pid ?? null });
  watch.begin(data, `${data.do} ${data.box}${data.count === undefined ? '' : ` to ${data.count}`}`);
  const done = control(workspace, scene.instance, requestFor(data));
  if (data.do === 'scale' || data.do === 'roll') done.catch((error: Error) => onTrouble(error.message));
  else await done;
  return command;
}

function requestFor({ do: what, box, count = 1 }: Action): ControlRequest {
  switch (what) {
    case 'kill':
      return { do: 'kill', box };
    case 'freeze':
      return { do: 'signal', box, signal: 'SIGSTOP' };
    case 'thaw':
      return { do: 'signal', box, signal: 'SIGCONT' };
    case 'scale':
      return { do: 'scale', box, count };
    case 'roll':
      return { do: 'roll', box };
  }
}
