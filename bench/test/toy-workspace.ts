import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';

const fixture = (name: string) => fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url));
const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** A workspace of one stage with a k6 that is none, so that the whole of a bench can be tested in seconds. */
export class ToyWorkspace {
  readonly root = realpathSync(mkdtempSync(`${tmpdir()}/day90 bench-`));
  readonly stage = `${this.root}/stages/toy`;

  readonly #program: string;

  /** @param program - What is started in it: `pnpm bench` unless told. */
  constructor(program: string = main) {
    this.#program = program;
    this.write('pnpm-workspace.yaml', 'packages: []\n');
    this.write('stages/toy/package.json', JSON.stringify({ name: 'stage-1', type: 'module' }));
    this.write('stages/toy/claims/index.ts', CLAIMS);
    this.write('stages/toy/topology.ts', TOPOLOGY);
    this.write('stages/toy/load.ts', '');
    copyFileSync(fixture('toy-app.mjs'), `${this.stage}/toy-app.mjs`);
    // Only what a commit holds is kept for others.
    this.write('.gitignore', 'bin/\n.run/\n');
    const identity = ['-c', 'user.name=toy', '-c', 'user.email=toy@day90.test'];
    for (const args of [
      ['init', '-q'],
      ['add', '-A'],
      [...identity, 'commit', '-qm', 'toy'],
    ]) {
      execFileSync('git', args, { cwd: this.root });
    }
  }

  /** Starts the program with these arguments. */
  start(args: string[], env: Record<string, string> = {}) {
    // The bench gives k6 nothing of its caller's environment, so what the fake is to do stands in the program itself.
    const settings = Object.entries(env).map(([name, value]) => `${name}='${value}' `);
    this.write(
      'bin/k6',
      `#!/bin/sh\n${settings.join('')}exec "${process.execPath}" "${fixture('fake-k6.mjs')}" "$@"\n`,
    );
    chmodSync(`${this.root}/bin/k6`, 0o755);
    const child = spawn(process.execPath, [this.#program, ...args], {
      cwd: this.root,
      env: { ...process.env, PATH: `${this.root}/bin:${process.env.PATH}`, SCALE: '', NO_COLOR: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let err = '';
    child.stdout.on('data', (text: Buffer) => {
      out += text;
    });
    child.stderr.on('data', (text: Buffer) => {
      err += text;
    });
    const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
      child.once('close', (code) => resolve({ code, out, err }));
    });
    return { child, ended };
  }

  run(args: string[], env?: Record<string, string>) {
    return this.start(args, env).ended;
  }

  /** Names in a folder of the workspace; none when there is no such folder. */
  list(folder: string): string[] {
    return existsSync(`${this.root}/${folder}`) ? readdirSync(`${this.root}/${folder}`).sort() : [];
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  /** Puts a file there, by its path from the root. */
  write(file: string, text: string): void {
    const path = `${this.root}/${file}`;
    mkdirSync(path.slice(0, path.lastIndexOf('/')), { recursive: true });
    writeFileSync(path, text);
  }
}

const TOPOLOGY = `export const topology = {
  stage: 'stage-1',
  door: 'app',
  boxes: { app: { role: 'app', run: ['node', 'toy-app.mjs'], env: { PORT: '\${port:app}' }, port: 4001, ready: { http: '/' } } },
};
`;

const CLAIMS = `const arm = (label) => ({ label, topology: 'topology.ts', box: 'app' });
const toy = {
  kind: 'k6', id: 'toy', title: 'A toy', proves: ['C1'], script: 'load.ts',
  arms: { before: arm('slow toy'), after: arm('toy') },
  metrics: [{ from: 'db_ms', metric: 'database time', goal: { op: '>=', value: 2.5 } }],
  queries: { before: 101, after: 1 },
};
const broken = {
  kind: 'measured', id: 'broken', title: 'A broken one', proves: [], seconds: 1,
  measure: async () => { throw new Error('the toy is broken'); },
};
export const claims = [toy, broken];
`;
