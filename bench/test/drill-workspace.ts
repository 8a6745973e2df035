import { spawn } from 'node:child_process';
import {
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
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../src/drill/main.ts', import.meta.url));
const blog = fileURLToPath(new URL('./fixtures/toy-blog.mjs', import.meta.url));

/** A workspace of one stage that can be broken in a second or two. */
export class DrillWorkspace {
  readonly root = realpathSync(mkdtempSync(`${tmpdir()}/day90 drill-`));

  constructor() {
    this.#write('pnpm-workspace.yaml', 'packages: []\n');
    this.#write('stages/toy/package.json', JSON.stringify({ name: 'stage-1', type: 'module' }));
    this.#write('stages/toy/topology.ts', TOPOLOGY);
    this.#write('stages/toy/drills/index.ts', DRILLS);
    copyFileSync(blog, `${this.root}/stages/toy/toy-blog.mjs`);
  }

  /** Starts `pnpm drill` with these arguments. */
  start(args: string[]) {
    const child = spawn(process.execPath, [main, ...args], {
      cwd: this.root,
      env: { ...process.env, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (text: Buffer) => {
      out += text;
    });
    child.stderr.on('data', (text: Buffer) => {
      err += text;
    });
    const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
      child.once('close', (code) => resolve({ code, out, err }));
    });
    return { child, ended, err: () => err };
  }

  run(args: string[]) {
    return this.start(args).ended;
  }

  /** Names in a folder of the workspace; none when there is no such folder. */
  list(folder: string): string[] {
    return existsSync(`${this.root}/${folder}`) ? readdirSync(`${this.root}/${folder}`).sort() : [];
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  #write(file: string, text: string): void {
    const path = `${this.root}/${file}`;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

const TOPOLOGY = `export const topology = {
  stage: 'stage-1',
  door: 'app',
  boxes: {
    app: { role: 'app', run: ['node', 'toy-blog.mjs'], env: { PORT: '\${port:app}' }, port: 4001, ready: { http: '/' } },
  },
};
`;

const DRILLS = `import { execFileSync } from 'node:child_process';
const base = {
  stage: 'stage-1',
  topology: 'topology.ts',
  phases: { warmUp: 0.2, steady: 0.8, healed: 1 },
  expects: ['nothing is lost'],
  rate: 60,
  mix: { post: 5, feed: 1, popular: 1, user: 1, me: 1, create: 2, keyed: 2, update: 2 },
  faultSeconds: 1,
  async heal() {},
  judge: () => [],
};
const freeze = {
  ...base, number: 1, slug: 'freeze', title: 'the app is frozen for a moment',
  async fault(rig) {
    rig.signal('app', 'SIGSTOP');
    await rig.sleep(300);
    rig.signal('app', 'SIGCONT');
  },
  mutation: { title: 'forgets what it was told', env: { app: { FORGETFUL: '1' } }, breaks: ['acked'] },
};
const kill = {
  ...base, number: 2, slug: 'kill', title: 'an app that keeps posts in memory is killed',
  async fault(rig) {
    const { pid } = rig.instance.box('app');
    await rig.kill('app');
    await rig.restarted('app', pid, 10_000);
  },
  mutation: { title: 'is sad', env: { app: { MOOD: 'sad' } }, breaks: ['mood'] },
};
const calm = {
  ...base, number: 3, slug: 'calm', title: 'nothing happens',
  async fault() {},
  mutation: { title: 'is sad', env: { app: { MOOD: 'sad' } }, breaks: ['acked'] },
};
const stuck = {
  ...base, number: 4, slug: 'stuck', title: 'a fault that does not come about',
  fault: (rig) => rig.until('the sky falls', 100, () => false),
  mutation: { title: 'is sad', breaks: [] },
};
const elsewhere = {
  ...base, number: 5, slug: 'elsewhere', title: 'a drill for another machine',
  skip: () => 'this machine has no such thing',
  fault: () => { throw new Error('was run'); },
  mutation: { title: 'is sad', breaks: [] },
};
const endless = {
  ...base, number: 6, slug: 'endless', title: 'a fault without an end',
  fault: (rig) => rig.sleep(60_000),
  mutation: { title: 'is sad', breaks: [] },
};
const deserted = {
  ...base, number: 8, slug: 'deserted', title: 'the process of the visitors dies',
  async fault(rig) {
    execFileSync('pkill', ['-KILL', '-P', String(process.pid), '-f', 'visitors-process']);
    await rig.sleep(60_000);
  },
  mutation: { title: 'is sad', breaks: [] },
};
const forget = {
  ...base, number: 7, slug: 'forget', title: 'a death that is allowed to lose what was told before it',
  losesAcknowledged: true,
  async fault(rig) {
    rig.mark('killed');
    await kill.fault(rig);
  },
  judge: (records, { marks }, { lost }) => [{
    id: 'bounded',
    criterion: 'lost is what was told before, and something is',
    value: String(lost.length),
    passed: lost.length > 0 && lost.every(({ answeredAt }) => answeredAt <= marks.killed + 100),
  }],
  mutation: {
    title: 'dies twice',
    async fault(rig) {
      await forget.fault(rig);
      await rig.sleep(300);
      await kill.fault(rig);
    },
    breaks: ['bounded'],
  },
};
export const drills = [freeze, kill, calm, stuck, elsewhere, endless, forget, deserted];
`;
