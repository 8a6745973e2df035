import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { boxCpuMicros } from '../src/box-usage.ts';
import type { Budgets } from '../src/budget.ts';
import { openBudgets } from '../src/budgets.ts';
import { eventually } from './fixtures/workspace.ts';

const SPIN = 'for (;;);';
const FORKING_SPIN = `require('node:child_process').spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' })`;

/** What this machine has for this user; `systemd` and `none` are told by the fakes below. */
const trial = openBudgets('test-trial');
trial.close();
const hasGroups = trial.kind === 'cgroup2' || trial.kind === 'cgroup1';

(hasGroups ? describe : describe.skip)(`budgets on this machine (${trial.kind})`, () => {
  let budgets: Budgets;
  let children: ChildProcess[];

  beforeEach(() => {
    budgets = openBudgets('test-budgets');
    children = [];
  });
  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL');
    await Promise.all(children.map(exited));
    budgets.close();
  });

  function start(box: string, script: string): number {
    const child = spawn(process.execPath, ['-e', script], { stdio: 'ignore' });
    children.push(child);
    budgets.place(box, child.pid ?? 0);
    return child.pid ?? 0;
  }

  it('hold a box to its share, and count the periods in which it hit it', async () => {
    budgets.setCpu('app', 0.2);
    start('app', SPIN);
    await sleep(200); // what ran before it was placed is not held
    const [from, began] = [budgets.usage('app'), performance.now()];
    const throttled = () => (budgets.usage('app')?.throttledPeriods ?? 0) - (from?.throttledPeriods ?? 0);
    await eventually(() => throttled() > 5, 'it was stopped some times', 20_000);
    const [to, elapsed] = [budgets.usage('app'), performance.now() - began];
    const used = (to?.cpuMicros ?? Number.NaN) - (from?.cpuMicros ?? 0);
    expect(used).toBeGreaterThan(0);
    expect(used / 1000).toBeLessThan(0.2 * elapsed + 20);
    expect(to?.periods).toBeGreaterThanOrEqual(to?.throttledPeriods ?? Number.NaN);
  });

  it('let a box run free before a limit and after it', async () => {
    start('app', SPIN);
    await sleep(200);
    expect(budgets.usage('app')).toMatchObject({ periods: 0, throttledPeriods: 0 });
    budgets.setCpu('app', 0.05);
    await eventually(() => (budgets.usage('app')?.throttledPeriods ?? 0) > 0, 'it was stopped');
    budgets.setCpu('app', undefined);
    await sleep(100);
    const before = budgets.usage('app');
    await sleep(300);
    expect(budgets.usage('app')?.throttledPeriods).toBe(before?.throttledPeriods);
  });

  it('count what a box forks, and what has ended', async () => {
    const parent = start('app', `${FORKING_SPIN}.on('exit', () => process.exit()); setTimeout(() => {}, 60_000)`);
    const used = await eventually(() => {
      const micros = budgets.usage('app')?.cpuMicros ?? 0;
      return micros > boxCpuMicros(parent) + 50_000 && micros;
    }, 'more was used than by the one process');
    const forked = members(budgets, 'app').filter((pid) => pid !== parent);
    expect(forked).toHaveLength(1);
    for (const pid of forked) process.kill(pid, 'SIGKILL');
    await Promise.all(children.map(exited));
    expect(budgets.usage('app')?.cpuMicros).toBeGreaterThanOrEqual(used);
  });

  it('freeze all processes of a box, thaw them, and let a frozen one be killed', async () => {
    const ticking = `setInterval(() => { for (const end = performance.now() + 5; performance.now() < end; ); }, 10)`;
    const pid = start('app', ticking);
    await eventually(() => boxCpuMicros(pid) > 0, 'it runs');
    expect(budgets.freeze('app', true)).toBe(true);
    await sleep(100);
    const frozen = boxCpuMicros(pid);
    await sleep(200);
    expect(boxCpuMicros(pid)).toBe(frozen);
    budgets.freeze('app', false);
    await eventually(() => boxCpuMicros(pid) > frozen, 'it goes on');
    budgets.freeze('app', true);
    children[0]?.kill('SIGKILL');
    await Promise.all(children.map(exited));
  });

  it('leave no group behind, also of a launcher that died', async () => {
    start('app', SPIN);
    const parent = dirname(dirname(budgets.group('app') ?? ''));
    const dead = spawn('true');
    await exited(dead);
    const left = join(parent, `day90-test-dead-${dead.pid}`);
    mkdirSync(join(left, 'app'), { recursive: true });
    const other = openBudgets('test-other');
    other.setCpu('app', 0.5);
    const folder = other.group('app') ?? '';
    expect(existsSync(left)).toBe(false);
    expect(existsSync(folder)).toBe(true);
    other.close();
    expect(existsSync(dirname(folder))).toBe(false);
    expect(existsSync(budgets.group('app') ?? '')).toBe(true);
  });

  it('leave no group behind when their launcher is killed', async () => {
    const source = fileURLToPath(new URL('../src', import.meta.url));
    const launcher = spawn(process.execPath, [
      ...['--input-type=module', '-e'],
      `import { spawn } from 'node:child_process';
      const { Guardian } = await import('${source}/guardian-link.ts');
      const { openBudgets } = await import('${source}/budgets.ts');
      const [guardian, budgets] = [new Guardian(), openBudgets('test-killed')];
      for (const path of budgets.folders) guardian.leftover(path);
      const box = spawn(process.execPath, ['-e', 'for (;;);'], { env: { ...process.env, ...guardian.env } });
      guardian.add(box.pid);
      budgets.place('app', box.pid);
      setTimeout(() => console.log(budgets.group('app')), 200);
      setInterval(() => {}, 1000);`,
    ]);
    children.push(launcher);
    const [group] = await once(launcher.stdout, 'data');
    const folder = dirname(String(group).trim());
    expect(existsSync(join(folder, 'app'))).toBe(true);
    launcher.kill('SIGKILL');
    for (let tries = 0; existsSync(folder) && tries < 100; tries += 1) await sleep(100);
    expect(existsSync(folder)).toBe(false);
  });

  it('refuse a share that is none, naming the box', () => {
    for (const share of [0, -1, Number.NaN])
      expect(() => budgets.setCpu('app', share)).toThrow(/^box app: .*the least one is 0\.001/);
  });

  it('know nothing of a box that was never started, and place no process that is gone', async () => {
    expect(budgets.usage('mail')).toBeUndefined();
    expect(budgets.freeze('mail', true)).toBe(false);
    const gone = spawn('true');
    await exited(gone);
    expect(() => budgets.place('mail', gone.pid ?? 0)).not.toThrow();
  });
});

async function exited(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await new Promise((resolve) => child.once('exit', resolve));
}

function members(budgets: Budgets, box: string): number[] {
  const text = readFileSync(join(budgets.group(box) ?? '', 'cgroup.procs'), 'utf8');
  return text.split('\n').filter(Boolean).map(Number);
}
