import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { atMost, type Check, type Drill, during, JUDGED, noneFailed, PUBLIC_READS, type Rig } from '@day90/bench/drill';
import { control, workspaceRoot } from '@day90/infra';
import { LauncherProcess } from './launcher-process.ts';

const ROOT = workspaceRoot(fileURLToPath(new URL('.', import.meta.url)));
const CLI = fileURLToPath(new URL('./cli.ts', import.meta.resolve('@day90/infra')));
const [UP_MS, GONE_MS, EXIT_MS] = [30_000, 5000, 15_000];
/** Between two looks at all processes, in which the load stands still. */
const LOOK_MS = 500;
/** A topology of this stage takes fewer ports. Below those that drills take for themselves, above those of all stages. */
const [FIRST_PORT, PORTS, BASES] = [18_100, 20, 90];

/** Whatever becomes of a launcher, nothing of it is left, and the next one starts as if nothing had been. */
export const launcherKilled: Drill = {
  number: 36,
  slug: 'launcher-killed',
  stage: 'stage-3',
  title:
    'beside a stage that serves, another one: kill -9 of its launcher, a stale postmaster.pid, taken ports, Ctrl-C while it starts',
  expects: [
    `killed, none of its processes is left ${GONE_MS / 1000} s later`,
    'the next start works, nothing cleaned up by hand, though postmaster.pid names a process that lives',
    'a start on taken ports exits with 1 and names each with the pid and the command of who has it, and the flag that helps',
    `Ctrl-C while it starts: it exits with 130, and nothing is left ${GONE_MS / 1000} s later`,
    'the stage beside it: 0 failed',
  ],
  topology: 'src/topology.ts',
  rate: 20,
  mix: { post: 40, feed: 10, user: 20, me: 20, create: 10 },
  faultSeconds: 40,
  async fault(rig) {
    await withLaunchers(rig, async (start) => {
      await killed(rig, start);
      await startedAgain(rig, start);
      await interrupted(rig, start);
    });
  },
  async heal() {
    // It was another instance that was broken.
  },
  judge(records, { facts }) {
    const of = (name: string) => facts[name] ?? Number.NaN;
    return [
      atMost('orphans', `processes left ${GONE_MS / 1000} s after kill -9: 0`, of('left after kill -9'), 0, ''),
      equals('again', 'the next start serves: status', of('status after the next start'), 200),
      equals('taken', 'a start on taken ports: exit code', of('exit code on taken ports'), 1),
      equals('named', 'and each port is named with who has it', of('taken ports named'), 1),
      equals('interrupted', 'Ctrl-C while it starts: exit code', of('exit code after Ctrl-C'), 130),
      atMost('after-ctrl-c', `processes left ${GONE_MS / 1000} s after that: 0`, of('left after Ctrl-C'), 0, ''),
      noneFailed('beside', 'public reads of the stage beside it', during(records, JUDGED, PUBLIC_READS)),
    ];
  },
  mutation: {
    title: 'kills the guardian together with the launcher',
    fault: (rig) => withLaunchers(rig, (start) => killed(rig, start, 'and its guardian')),
    breaks: ['orphans'],
  },
};

type Start = (name?: string) => LauncherProcess;

/** Works with launchers that are gone afterwards, with all that came of them and all that they wrote. */
async function withLaunchers(rig: Rig, work: (start: Start) => Promise<void>): Promise<void> {
  const started: { instance: string; launcher: LauncherProcess }[] = [];
  const base = FIRST_PORT + (process.pid % BASES) * PORTS;
  try {
    await work((name = 'other') => {
      const instance = `${rig.instance.ready.instance}-${name}`;
      const launcher = new LauncherProcess(instance, base);
      started.push({ instance, launcher });
      return launcher;
    });
  } finally {
    for (const { launcher } of started) {
      launcher.child.kill('SIGKILL');
      for (const pid of launcher.left()) end(pid);
    }
    for (const instance of new Set(started.map((one) => one.instance)))
      spawnSync(process.execPath, [CLI, 'reset', instance, '--yes'], { cwd: ROOT });
  }
}

async function killed(rig: Rig, start: Start, alsoGuardian?: 'and its guardian'): Promise<void> {
  const launcher = start();
  await isUp(rig, launcher);
  launcher.left(); // its processes, as they are before its end
  if (alsoGuardian) {
    launcher.child.kill('SIGSTOP'); // or it would start another one
    end(launcher.guardian);
  }
  launcher.child.kill('SIGKILL');
  rig.mark('launcher killed');
  await launcher.exited;
  rig.facts['left after kill -9'] = await leftSoon(rig, launcher);
}

async function startedAgain(rig: Rig, start: Start): Promise<void> {
  const { pid } = rig.instance.box('postgres'); // a Postgres too, in another folder
  const folder = `${dataOf(rig)}/postgres`;
  writeFileSync(`${folder}/postmaster.pid`, `${pid}\n${folder}\n`);
  const launcher = start();
  await isUp(rig, launcher);
  rig.facts['status after the next start'] = (await fetch(`${launcher.url}/posts/1`)).status;
  const second = start('second');
  rig.facts['exit code on taken ports'] = (await second.exited) ?? -1;
  const { boxes } = await control(ROOT, instanceOf(rig), { do: 'status' });
  const nginx = (boxes as { box: string; pid: number }[]).find(({ box }) => box === 'nginx');
  const named = [`(box nginx) is taken by pid ${nginx?.pid}, `, '(box postgres) is taken by pid ', '--port-base '];
  rig.facts['taken ports named'] = Number(named.every((words) => second.output.includes(words)));
  launcher.child.kill('SIGTERM');
  await launcher.exited;
}

async function interrupted(rig: Rig, start: Start): Promise<void> {
  const launcher = start();
  await rig.until('it has begun to start boxes', EXIT_MS, () => launcher.output.includes(' ready in '));
  launcher.child.kill('SIGINT');
  rig.facts['exit code after Ctrl-C'] = (await launcher.exited) ?? -1;
  rig.facts['left after Ctrl-C'] = await leftSoon(rig, launcher);
}

/** @throws {Error} With its last line, when it ends first. */
async function isUp(rig: Rig, launcher: LauncherProcess): Promise<void> {
  await rig.until('another launcher is up', UP_MS, () => launcher.isUp || launcher.child.exitCode !== null);
  if (!launcher.isUp) throw new Error(`another launcher ended: ${launcher.output.trim().split('\n').at(-1)}`);
}

/** How many are left in the end; waits no longer than it has to. */
async function leftSoon(rig: Rig, launcher: LauncherProcess): Promise<number> {
  for (const by = rig.now() + GONE_MS; ; await rig.sleep(LOOK_MS)) {
    const { length } = launcher.left();
    if (length === 0 || rig.now() > by) return length;
  }
}

function instanceOf({ instance }: Rig): string {
  return `${instance.ready.instance}-other`;
}

/** Where the other instance keeps its data: as this one, beside it. */
function dataOf({ data, instance }: Rig): string {
  return data.replace(instance.ready.instance, `${instance.ready.instance}-other`);
}

function equals(id: string, criterion: string, seen: number, wanted: number): Check {
  return { id, criterion: `${criterion} ${wanted}`, value: String(seen), passed: seen === wanted };
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has ended meanwhile
  }
}
