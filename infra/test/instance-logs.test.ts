import { appendFileSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Choice, chosenEntries } from '../src/logs/chosen-entries.ts';
import { InstanceLogs } from '../src/logs/instance-logs.ts';
import { since } from '../src/logs/since.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'day90-logs-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (box: string, ...lines: (string | object)[]) =>
  appendFileSync(
    join(folder, `${box}.log`),
    lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''),
  );
const line = (time: number, msg: string, level = 30) => ({ level, time, msg });
const texts = (logs: InstanceLogs, part?: string) => [...logs.entries(part)].map(({ text }) => text);

/** A day in 2026, in milliseconds. */
const T = 1_770_000_000_000;

describe('the logs of an instance', () => {
  it('are in the order of time, also where a box writes some lines late', () => {
    write('nginx', { time: (T + 500) / 1000, msg: 'c' }, { time: (T + 100) / 1000, msg: 'a' });
    write('app-1', line(T + 300, 'b'), line(T + 60_000, 'd'));
    expect(texts(new InstanceLogs(folder, 'start'))).toEqual(['a', 'b', 'c', 'd']);
  });

  it('have those lines of a box together that have no time of their own, each as important as what it belongs to', () => {
    write(
      'db',
      '2026-03-01 03:00:00.250 UTC [7] ERROR:  duplicate key',
      '2026-03-01 03:00:00.250 UTC [7] DETAIL:  of 7',
    );
    write('app-1', 'early', line(T, 'ready'), 'TypeError: x', '    at y');
    const entries = [...new InstanceLogs(folder, 'start').entries()];
    expect(entries.map(({ box, at, level, text }) => [box, at - T, level, text])).toEqual([
      ['app-1', 0, 'info', 'early'],
      ['app-1', 0, 'info', 'ready'],
      ['app-1', 0, 'error', 'TypeError: x'],
      ['app-1', 0, 'error', '    at y'],
      ['db', Date.parse('2026-03-01T03:00:00.250Z') - T, 'error', 'duplicate key'],
      ['db', Date.parse('2026-03-01T03:00:00.250Z') - T, 'error', 'of 7'],
    ]);
  });

  it('have lines of a box that never tells a time where it last wrote something', () => {
    write('edge', 'Info: started');
    utimesSync(join(folder, 'edge.log'), T / 1000, T / 1000);
    expect([...new InstanceLogs(folder, 'start').entries()]).toMatchObject([{ at: T, box: 'edge', level: 'info' }]);
  });

  it('take the name of the box from a line that has one', () => {
    write('log-seoul', { ...line(T, 'x'), box: 'edge-seoul' });
    expect([...new InstanceLogs(folder, 'start').entries()]).toMatchObject([{ box: 'edge-seoul' }]);
  });

  it('are whole also where a character or a line goes over the end of what is read at once', () => {
    const long = '€'.repeat(50_000);
    write('app-1', line(T, long), line(T, 'after'));
    expect(texts(new InstanceLogs(folder, 'start'))).toEqual([long, 'after']);
  });

  it('can be followed: lines once they are whole, boxes that come, and an instance that is started anew', () => {
    write('app-1', line(T, 'before'));
    const logs = new InstanceLogs(folder, 'end');
    expect(texts(logs)).toEqual([]);
    const whole = JSON.stringify(line(T, 'written in two'));
    appendFileSync(join(folder, 'app-1.log'), whole.slice(0, 9));
    write('app-2', line(T, 'of a new box'));
    expect(texts(logs)).toEqual(['of a new box']);
    appendFileSync(join(folder, 'app-1.log'), `${whole.slice(9)}\n`);
    expect(texts(logs)).toEqual(['written in two']);
    renameSync(join(folder, 'app-1.log'), join(folder, 'app-1.previous.log'));
    writeFileSync(join(folder, 'app-1.log'), `${JSON.stringify(line(T, 'started anew'))}\n`);
    expect(texts(logs)).toEqual(['started anew']);
  });
});

describe('of the logs of an instance', () => {
  beforeEach(() => {
    write('app-1', { ...line(T, 'ready'), box: 'app-1' });
    write('app-2', { ...line(T + 1000, 'failed', 50), box: 'app-2', requestId: 'req-0001' });
    write(
      'mail',
      { ...line(T + 3000, 'accepted'), requestId: 'req-0001' },
      { ...line(T + 4000, 'req-0001, in words') },
    );
  });

  it.each<[Choice, string[]]>([
    [{}, ['ready', 'failed', 'accepted', 'req-0001, in words']],
    [{ request: 'req-0001' }, ['failed', 'accepted']],
    [{ level: 'warn' }, ['failed']],
    [{ box: 'app' }, ['ready', 'failed']],
    [{ box: 'app-1' }, ['ready']],
    [{ box: 'ap' }, []],
    [{ since: T + 3000 }, ['accepted', 'req-0001, in words']],
    [{ request: 'req-0001', box: 'mail', level: 'error' }, []],
  ])('%j chooses what it says', (choice, chosen) => {
    expect([...chosenEntries(new InstanceLogs(folder, 'start'), choice)].map(({ text }) => text)).toEqual(chosen);
  });
});

describe('a moment on the command line', () => {
  it.each([
    ['30s', T - 30_000],
    ['10m', T - 600_000],
    ['2h', T - 7_200_000],
    ['1d', T - 86_400_000],
    ['2026-03-01T03:00Z', Date.UTC(2026, 2, 1, 3)],
    ['2026-03-01', Date.UTC(2026, 2, 1)],
  ])('%s is understood', (text, at) => {
    expect(since(text, T)).toBe(at);
  });

  it.each(['yesterday', '10', '-5m', '2026-13-01', '1e3s', ''])('%j is refused, with what would do', (text) => {
    expect(() => since(text, T)).toThrow('A time is 30s, 10m, 2h, 1d, or such as 2026-03-01T03:00Z.');
  });
});
