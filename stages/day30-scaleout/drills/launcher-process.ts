import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { workspaceRoot } from '@day90/infra';

const CLI = fileURLToPath(new URL('./cli.ts', import.meta.resolve('@day90/infra')));
const FOLDER = fileURLToPath(new URL('..', import.meta.url));
/** Between two looks at all processes, in which the load beside it stands still. */
const LOOK_MS = 1000;

/** What is told of a process from all others that ever had its pid. */
interface Row {
  pid: number;
  parent: number;
  started: string;
}

/** A launcher as somebody starts it in a terminal, and all that comes of it. */
export class LauncherProcess {
  readonly child: ChildProcess;
  /** Resolves with its exit code; null where a signal ended it. */
  readonly exited: Promise<number | null>;
  readonly #instance: string;
  readonly #family = new Map<number, Row>();
  readonly #looking: NodeJS.Timeout;
  #output = '';

  /** @param portBase - Its first port. */
  constructor(instance: string, portBase: number) {
    this.#instance = instance;
    const args = ['start', 'drills/one-app-topology.ts', '--quiet', '--scale', 'small'];
    this.child = spawn(process.execPath, [CLI, ...args, '--instance', instance, '--port-base', String(portBase)], {
      cwd: FOLDER,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (text) => {
        this.#output += text;
      });
    this.#looking = setInterval(() => this.#look(), LOOK_MS);
    this.exited = new Promise((resolve) =>
      this.child.once('close', (code) => {
        clearInterval(this.#looking);
        resolve(code);
      }),
    );
  }

  /** All that it has written. */
  get output(): string {
    return this.#output;
  }

  get isUp(): boolean {
    return this.output.includes('Ctrl-C ends all of it');
  }

  get url(): string {
    const file = `${workspaceRoot(FOLDER)}/.run/${this.#instance}/ready.json`;
    return (JSON.parse(readFileSync(file, 'utf8')) as { url: string }).url;
  }

  /** The small process that ends the boxes should the launcher die. */
  get guardian(): number {
    this.#look();
    const found = [...this.#family.keys()].find((pid) => commandOf(pid).includes('/guardian.ts'));
    if (found === undefined) throw new Error('the launcher has no guardian');
    return found;
  }

  /** Its processes that still run, all that ever came of it. */
  left(): number[] {
    this.#look();
    const rows = allProcesses();
    return [...this.#family.values()]
      .filter((one) => rows.some(({ pid, started }) => pid === one.pid && started === one.started))
      .map(({ pid }) => pid);
  }

  #look(): void {
    const rows = allProcesses();
    const known = new Set([this.child.pid, ...this.#family.keys()]);
    for (let grown = true; grown; ) {
      const fresh = rows.filter(({ pid, parent }) => known.has(parent) && !known.has(pid));
      grown = fresh.length > 0;
      for (const row of fresh) {
        known.add(row.pid);
        this.#family.set(row.pid, row);
      }
    }
  }
}

/** All processes but those that have ended and wait for their parent alone. */
function allProcesses(): Row[] {
  const text = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,lstart='], { encoding: 'utf8' });
  return text.split('\n').flatMap((line) => {
    const [, pid, parent, stat = '', started = ''] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined || stat.startsWith('Z') ? [] : [{ pid: Number(pid), parent: Number(parent), started }];
  });
}

function commandOf(pid: number): string {
  try {
    return execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return ''; // it ended meanwhile
  }
}
