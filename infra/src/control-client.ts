import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { BadInput } from './bad-input.ts';
import type { ControlAnswer, ControlRequest } from './control-socket.ts';
import { instanceState } from './instance-state.ts';
import type { Progress } from './progress.ts';
import { runFolder } from './run-folder.ts';

const ANSWER_TIMEOUT_MS = 10_000;
/** These take as long as boxes take to drain and to start; a launcher that dies hangs up. */
const LONG: ControlRequest['do'][] = ['scale', 'roll', 'reload', 'set'];

/**
 * Asks the launcher of an instance that is up.
 * @param say - Gets what the launcher tells on the way.
 * @throws {BadInput} When it is not up, or says no.
 */
export async function control(
  workspace: string,
  instance: string,
  request: ControlRequest,
  say: Progress = () => {},
): Promise<Record<string, unknown>> {
  const found = instanceState(workspace, instance);
  if (found.state !== 'up')
    throw new BadInput(`${instance} is not up: \`npx -y pnpm status\` lists what is`, { code: 'D90-NOT-UP' });
  const answer = await ask(found.ready.control ?? runFolder(workspace, instance).control, request, say);
  if (!answer.ok) throw new BadInput(`${instance}: ${answer.problem}`, { ...(answer.code && { code: answer.code }) });
  return answer;
}

function ask(path: string, request: ControlRequest, say: Progress): Promise<ControlAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    if (!LONG.includes(request.do))
      socket.setTimeout(ANSWER_TIMEOUT_MS, () => socket.destroy(new Error('the launcher does not answer')));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the launcher hung up')));
    createInterface({ input: socket }).on('line', (line) => {
      const words = JSON.parse(line) as ControlAnswer | { ok?: undefined; progress: string };
      if (words.ok === undefined) {
        say(words.progress);
        return;
      }
      resolve(words);
      socket.destroy();
    });
    socket.write(`${JSON.stringify(request)}\n`);
  });
}
