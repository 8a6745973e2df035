import { BadInput, type ControlRequest, callersEnv, control, Guardian, type MailFault, runCommand } from '@day90/infra';
import { z } from 'zod';
import { commandOf, REPLAY } from './commands.ts';
import type { InstanceWatch } from './instance-watch.ts';
import { OFFERED_MAIL_FAULTS } from './mail-faults.ts';
import type { Action, BoxFigures, Scene } from './snapshot.ts';
import { databaseClient } from './told/database-client.ts';

const name = z.string().max(60);
const action: z.ZodType<Action> = z.union([
  z.strictObject({
    do: z.enum(['kill', 'freeze', 'thaw', 'reload', 'pause', 'resume', 'roll', 'failover']),
    box: name,
  }),
  z.strictObject({ do: z.literal('scale'), box: name, count: z.int().positive() }),
  z.strictObject({ do: z.literal('mail'), box: name, fault: z.enum(OFFERED_MAIL_FAULTS) }),
]);
/** What takes a fault back can be done wherever it could be put in. */
const UNDOES: Partial<Record<Action['do'], Action['do']>> = { thaw: 'freeze', resume: 'pause' };
/** What takes longer than whoever has pressed a button should wait for. */
const LONG: Action['do'][] = ['scale', 'roll', 'failover'];

/** Around an action. */
interface Around {
  workspace: string;
  scene: Scene;
  watch: InstanceWatch;
  onTrouble: (why: string) => void;
}

/**
 * Does what the page asked for. What takes longer than a moment goes on behind it.
 * @returns The command that does the same.
 * @throws {BadInput} For what is no action here, or when who is told says no.
 */
export async function act(asked: unknown, around: Around): Promise<string> {
  const { scene, watch, onTrouble } = around;
  const { data } = action.safeParse(asked);
  if (!data) throw new BadInput('an action is a word such as kill, with the name of a box');
  const box = watch.boxNamed(data.box);
  if (!isPossible(data, scene, box)) throw new BadInput(`${data.do} is not possible with ${JSON.stringify(data.box)}`);
  const told = { ...scene, pid: box?.pid ?? null, port: box?.port };
  const what = [data.do, data.box, data.count && `to ${data.count}`, data.fault].filter(Boolean).join(' ');
  const done = carryOut(data, box?.port ?? 0, around);
  watch.begin(data, what, done);
  if (LONG.includes(data.do)) done.catch((error: Error) => onTrouble(error.message));
  else await done;
  return commandOf(data, told);
}

function isPossible({ do: what, box }: Action, { marks }: Scene, figures: BoxFigures | undefined): boolean {
  const wanted = UNDOES[what] ?? what;
  const mark = marks.find(({ name }) => name === (figures?.mark ?? box));
  const isOfMark = mark?.name === box && mark.markActions.includes(wanted);
  return isOfMark || (figures !== undefined && mark?.boxActions.includes(wanted) === true);
}

async function carryOut(asked: Action, port: number, { workspace, scene }: Around): Promise<void> {
  const request = requestFor(asked);
  if (request) await control(workspace, scene.instance, request);
  else if (asked.do === 'mail') await breakMail(port, asked.fault ?? 'none');
  else if (asked.do === 'failover') await failOver(workspace, scene);
  else await replay(workspace, port, asked.do === 'pause' ? 'pause' : 'resume');
}

/** What a launcher can do itself. */
function requestFor({ do: what, box, count = 1 }: Action): ControlRequest | undefined {
  switch (what) {
    case 'kill':
      return { do: 'kill', box };
    case 'freeze':
      return { do: 'signal', box, signal: 'SIGSTOP' };
    case 'thaw':
      return { do: 'signal', box, signal: 'SIGCONT' };
    case 'reload':
      return { do: 'signal', box, signal: 'SIGHUP' };
    case 'scale':
      return { do: 'scale', box, count };
    case 'roll':
      return { do: 'roll', box };
    default:
      return undefined;
  }
}

async function replay(workspace: string, port: number, what: 'pause' | 'resume'): Promise<void> {
  const client = await databaseClient(workspace, port, 'day90_operator').catch((error: Error) => error);
  if (client instanceof Error) throw new BadInput(`the database was not told: ${client.message}`);
  try {
    await client.query(REPLAY[what]);
  } catch (error) {
    // Such as that it is the primary, which replays nothing.
    throw new BadInput(`the database says: ${(error as Error).message}`);
  } finally {
    await client.end().catch(() => {});
  }
}

async function breakMail(port: number, fault: MailFault): Promise<void> {
  const body = new URLSearchParams({ fault });
  const answer = await fetch(`http://127.0.0.1:${port}/fault`, { method: 'POST', body, redirect: 'manual' }).catch(
    (error: Error) => error,
  );
  if (answer instanceof Error) throw new BadInput(`the mail server was not told: ${answer.message}`);
  if (answer.status !== 303) throw new BadInput(`the mail server answered ${answer.status}`);
}

/** By its command: it asks and tells databases, of which the room knows nothing. */
async function failOver(workspace: string, { stage, instance }: Scene): Promise<void> {
  const argv: [string, string[]] = ['npx', ['-y', 'pnpm', '--filter', stage, 'failover', '--instance', instance]];
  const guardian = new Guardian();
  try {
    const { code, lastLines } = await runCommand({
      argv,
      cwd: workspace,
      env: callersEnv(),
      guardian,
      onLine: () => {},
    });
    if (code !== 0) throw new BadInput(`failover ended with ${code}: ${lastLines.at(-1) ?? 'no word'}`);
  } finally {
    guardian.bye();
  }
}
