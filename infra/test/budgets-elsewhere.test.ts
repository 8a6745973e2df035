import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openBudgets } from '../src/budgets.ts';

describe('budgets of another machine', () => {
  let folder: string;
  let asked: string[];
  const bus = process.env.XDG_RUNTIME_DIR;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'day90-test-'));
    asked = [];
    process.env.XDG_RUNTIME_DIR = '/run/user/1000';
  });
  afterEach(() => {
    process.env.XDG_RUNTIME_DIR = bus;
    if (bus === undefined) delete process.env.XDG_RUNTIME_DIR;
    rmSync(folder, { recursive: true, force: true });
  });

  /** Files by path; a content of `undefined` makes a folder in its place, which can't be written. */
  function tree(files: Record<string, string | undefined>): void {
    for (const [path, text] of Object.entries(files)) {
      const file = join(folder, path);
      mkdirSync(text === undefined ? file : dirname(file), { recursive: true });
      if (text !== undefined) writeFileSync(file, text);
    }
  }

  const open = (answer = { ok: false, output: 'no bus' }) =>
    openBudgets('test', {
      proc: join(folder, 'proc'),
      systemdRun: (argv) => {
        asked.push(argv.join(' '));
        return argv.includes('set-property') ? { ok: true, output: '' } : answer;
      },
    });
  const read = (path: string) => readFileSync(join(folder, path), 'utf8');
  const mine = `day90-test-${process.pid}`;
  const mount2 = () => ({
    'proc/self/mountinfo': `30 20 0:26 / ${folder}/cg rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n`,
    'proc/self/cgroup': '0::/user.slice/user-0.slice/session-1.scope\n',
  });
  const group = (path: string, controllers: string, handed: string | undefined) => ({
    [`${path}/cgroup.controllers`]: `${controllers}\n`,
    [`${path}/cgroup.subtree_control`]: handed,
    [`${path}/cgroup.procs`]: '',
  });

  it('are in the nearest v2 group that hands the cpu controller down', () => {
    tree({
      ...mount2(),
      ...group('cg', 'cpuset cpu io', 'cpu io'),
      ...group('cg/user.slice', 'cpu io', 'cpu'),
      ...group('cg/user.slice/user-0.slice', 'cpu', ''),
      ...group('cg/user.slice/user-0.slice/session-1.scope', '', ''),
    });
    const budgets = open();
    expect(budgets.kind).toBe('cgroup2');
    budgets.setCpu('app-1', 0.2);
    const at = `cg/user.slice/${mine}`;
    expect(read(`${at}/cgroup.subtree_control`)).toBe('+cpu');
    expect(read(`${at}/app-1/cpu.max`)).toBe('4000 20000');
    budgets.setCpu('app-1', 0.01);
    expect(read(`${at}/app-1/cpu.max`)).toBe('1000 100000');
    budgets.setCpu('app-1', undefined);
    expect(read(`${at}/app-1/cpu.max`)).toBe('max');
    budgets.place('app-1', 4321);
    expect(read(`${at}/app-1/cgroup.procs`)).toBe('4321');
    expect(budgets.freeze('app-1', true)).toBe(true);
    expect(read(`${at}/app-1/cgroup.freeze`)).toBe('1');
    tree({ [`${at}/app-1/cpu.stat`]: 'usage_usec 900\nuser_usec 800\nnr_periods 7\nnr_throttled 3\n' });
    expect(budgets.usage('app-1')).toEqual({ cpuMicros: 900, periods: 7, throttledPeriods: 3 });
  });

  it('are in the nearest v2 group that can be made to hand it down when none does', () => {
    tree({
      ...mount2(),
      ...group('cg', 'cpu io', 'io'),
      ...group('cg/user.slice', 'cpu', ''),
      ...group('cg/user.slice/user-0.slice', 'cpu', undefined),
    });
    const budgets = open();
    budgets.setCpu('app', 2);
    expect(read('cg/user.slice/cgroup.subtree_control')).toBe('+cpu');
    expect(read(`cg/user.slice/${mine}/app/cpu.max`)).toBe('40000 20000');
    expect(read('cg/cgroup.subtree_control')).toBe('io');
  });

  it('are below the own v1 group, with the two controllers mounted as one', () => {
    const line = (controller: string, at: string) =>
      `31 20 0:27 /docker/7 ${folder}/${at} rw - cgroup cgroup rw,${controller}\n`;
    tree({
      'proc/self/mountinfo': line('memory', 'memory') + line('cpu,cpuacct', 'both'),
      'proc/self/cgroup': '5:memory:/docker/7\n4:cpu,cpuacct:/docker/7/inner\n',
      'both/inner/cgroup.procs': '',
    });
    const budgets = open();
    expect(budgets.kind).toBe('cgroup1');
    budgets.setCpu('app', 0.2);
    const at = `both/inner/${mine}/app`;
    expect([read(`${at}/cpu.cfs_period_us`), read(`${at}/cpu.cfs_quota_us`)]).toEqual(['20000', '4000']);
    tree({
      [`${at}/cpu.stat`]: 'nr_periods 7\nnr_throttled 3\nthrottled_time 1\n',
      [`${at}/cpuacct.usage`]: '900500\n',
    });
    expect(budgets.usage('app')).toEqual({ cpuMicros: 900.5, periods: 7, throttledPeriods: 3 });
  });

  it("are scopes of the user's systemd where groups may not be written", () => {
    tree({ ...mount2(), ...group('cg', 'cpu', undefined) });
    const budgets = open({ ok: true, output: '10000 20000\n' });
    expect(budgets.kind).toBe('systemd');
    const command = budgets.command('app-1', ['node', 'src/main.ts']);
    const unit = `day90-${mine.slice('day90-'.length)}-app-1-1.scope`;
    expect(command.join(' ')).toMatch(
      /^env XDG_RUNTIME_DIR=\/run\/user\/1000 (\S+ )?systemd-run --user --scope --quiet --collect --unit=\S+ -- env -u XDG_RUNTIME_DIR -u DBUS_SESSION_BUS_ADDRESS node src\/main\.ts$/,
    );
    expect(command).toContain(`--unit=${unit}`);
    budgets.place('app-1', 4321);
    tree({ 'proc/4321/cgroup': '0::/user.slice/session-1.scope\n' });
    expect(budgets.usage('app-1')).toBeUndefined();
    tree({ 'proc/4321/cgroup': `0::/app.slice/${unit}\n`, [`cg/app.slice/${unit}/cpu.stat`]: 'usage_usec 5\n' });
    expect(budgets.usage('app-1')).toEqual({ cpuMicros: 5, periods: 0, throttledPeriods: 0 });
    budgets.setCpu('app-1', 0.2);
    budgets.setCpu('app-1', undefined);
    const set = `systemctl --user set-property --runtime ${unit}`;
    expect(asked.slice(-2)).toEqual([`${set} CPUQuota=20.00% CPUQuotaPeriodSec=20000us`, `${set} CPUQuota=`]);
    expect(budgets.command('app-1', ['node'])).not.toContain(`--unit=${unit}`);
  });

  it("go on over the scopes of a box's starts, also of one that ended between two looks", async () => {
    tree({ ...mount2(), ...group('cg', 'cpu', undefined) });
    const budgets = open({ ok: true, output: '10000 20000\n' });
    const begin = (pid: number) => {
      const unit = budgets
        .command('app-1', ['node'])
        .find((arg) => arg.startsWith('--unit='))
        ?.slice('--unit='.length);
      budgets.place('app-1', pid);
      tree({ [`proc/${pid}/cgroup`]: `0::/app.slice/${unit}\n` });
      const uses = (micros: number) =>
        tree({ [`cg/app.slice/${unit}/cpu.stat`]: `usage_usec ${micros}\nnr_periods 4\nnr_throttled 1\n` });
      const end = () => rmSync(join(folder, `cg/app.slice/${unit}`), { recursive: true });
      return { uses, end };
    };
    const first = begin(4321);
    first.uses(500);
    await sleep(600); // a look was taken, by nobody's asking
    first.end();
    expect(budgets.usage('app-1')).toEqual({ cpuMicros: 500, periods: 4, throttledPeriods: 1 });
    const second = begin(4322);
    expect(budgets.usage('app-1')?.cpuMicros).toBe(500);
    second.uses(70);
    budgets.freeze('app-1', false); // as before a kill
    second.end();
    begin(4323).uses(3);
    expect(budgets.usage('app-1')).toEqual({ cpuMicros: 573, periods: 12, throttledPeriods: 3 });
    budgets.close();
  });

  it('are none where systemd takes a limit that no group then has', () => {
    tree({ ...mount2(), ...group('cg', 'memory', undefined) });
    const budgets = open({ ok: true, output: '' });
    expect(asked).toEqual([expect.stringMatching(/^env .*-p CPUQuota=50% -p CPUQuotaPeriodSec=20ms -- .*cpu\.max/)]);
    expect(budgets.kind).toBe('none');
    budgets.setCpu('app', 0.2);
    expect(budgets.usage('app')).toBeUndefined();
    expect(budgets.command('app', ['node', 'a.ts'])).toEqual(['node', 'a.ts']);
  });

  it('are none where there is nothing at all', () => {
    expect(open().kind).toBe('none');
  });
});
