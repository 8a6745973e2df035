import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { callersEnv } from '@day90/infra';
import { pnpmCall, programsOf } from './command-line.ts';
import { documentedCommands } from './documented-commands.ts';
import { scriptOf } from './workspace-scripts.ts';

/** How a command of a document ended; without `why` it did what it should. */
interface RanCommand {
  line: number;
  text: string;
  why?: string;
}

/** A stage that a document has started. */
interface Started {
  script: string;
  child: ChildProcess;
}

/** Longest time for a command, in milliseconds: the first start of a fresh clone loads the data. */
const LONGEST = 15 * 60_000;
const READY = /is up after/;

/**
 * Runs the commands of a document that are tagged so, in a checkout, one after the other. A stage that is started stays up for what
 * follows, until the document ends or starts the same one otherwise.
 */
export async function runDocument(checkout: string, text: string): Promise<RanCommand[]> {
  const up: Started[] = [];
  const ran: RanCommand[] = [];
  try {
    for (const { line, text: command } of documentedCommands(text).commands.filter(({ tag }) => tag === 'run')) {
      const script = startedScript(checkout, command);
      if (script) await end(up, (one) => one.script === script);
      const child = shell(checkout, command);
      if (script) up.push({ script, child });
      const why = await outcome(child, script !== undefined);
      ran.push({ line, text: command, ...(why !== undefined && { why }) });
    }
  } finally {
    await end(up, () => true);
  }
  return ran;
}

/** The script of a line that starts a stage, which does not end by itself. */
function startedScript(checkout: string, command: string): string | undefined {
  const call = pnpmCall(programsOf(command)[0] ?? []);
  const script = call && scriptOf(checkout, call);
  return script?.text.startsWith('day90 start ') ? `${script.folder} ${script.text}` : undefined;
}

function shell(checkout: string, command: string): ChildProcess {
  const env = { ...callersEnv(), CI: 'true', NO_COLOR: '1' };
  // A group of its own: an interrupt reaches pnpm and what it runs, as Ctrl-C does.
  return spawn('bash', ['-o', 'pipefail', '-c', command], {
    cwd: checkout,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Why a command failed; nothing once it has ended well, or is up where it is to stay so. */
function outcome(child: ChildProcess, stays: boolean): Promise<string | undefined> {
  return new Promise((resolve) => {
    let output = '';
    const timer = setTimeout(() => settle(`not done after ${LONGEST / 60_000} minutes`), LONGEST);
    const settle = (why?: string) => {
      clearTimeout(timer);
      resolve(why === undefined ? why : `${why}\n${output.split('\n').slice(-20).join('\n')}`);
    };
    const read = (chunk: Buffer) => {
      output += chunk;
      if (stays && READY.test(output)) settle();
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('close', (code) => settle(!stays && code === 0 ? undefined : `ended with ${code}`));
  });
}

async function end(up: Started[], which: (one: Started) => boolean): Promise<void> {
  for (const { child } of up.filter(which)) {
    if (child.exitCode !== null || child.pid === undefined) continue;
    const closed = once(child, 'close');
    process.kill(-child.pid, 'SIGINT');
    await closed;
  }
  up.splice(0, up.length, ...up.filter((one) => !which(one)));
}
