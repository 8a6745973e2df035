import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { BoxSettings } from './box-settings.ts';
import type { Budgets } from './budget.ts';
import { inheritedEnv } from './child-env.ts';
import type { Guardian } from './guardian-link.ts';
import { commandAndArgs } from './programs.ts';

/** Environment variable by which the processes of one box are known from those of another. */
const MARKER = 'DAY90_BOX';

/** What every box of a run is started with. */
export interface RunTools {
  guardian: Guardian;
  budgets: Budgets;
}

/** One process of a box, from its start to its end. */
export interface SpawnedBox {
  child: ChildProcess;
  /** Resolves with how it ended (`exit code 0`, `killed by SIGKILL`), its process group gone with it. */
  gone: Promise<string>;
}

/** What only the environment of a box's processes holds. */
export function boxMarker(name: string, guardian: Guardian): string {
  return `${MARKER}=${guardian.run}.${name}`;
}

/** Starts the process of a box, in its budget and as its user. */
export function spawnBox(settings: BoxSettings, { guardian, budgets }: RunTools): SpawnedBox {
  const { name, box, argv, env, cwd, log, user } = settings;
  const [program, args] = commandAndArgs(argv);
  const [command = '', ...rest] = budgets.command(name, [program, ...args]);
  const out = openSync(log, 'a');
  // Written to the file by the box itself: no byte passes through the launcher, whose CPU time belongs to a bench.
  const child = spawn(command, rest, {
    cwd,
    env: { ...inheritedEnv(), ...env, ...guardian.env, [MARKER]: `${guardian.run}.${name}` },
    detached: true,
    stdio: ['ignore', out, out],
    ...user,
  });
  closeSync(out);
  const { pid } = child;
  if (pid !== undefined) {
    guardian.add(pid, box.abortSignal);
    budgets.place(name, pid);
  }
  const gone = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`${argv[0]}: ${error.message}`));
    child.once('exit', (code, signal) => {
      if (pid !== undefined) {
        killGroup(pid); // its children, should it have left some
        guardian.drop(pid);
      }
      resolve(signal ? `killed by ${signal}` : `exit code ${code}`);
    });
  });
  return { child, gone };
}

/** SIGKILLs a process group. */
export function killGroup(pid: number): void {
  send(-pid, 'SIGKILL');
}

/** Signals a process, or by a negative number a group, that may be gone. */
export function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // nobody left
  }
}
