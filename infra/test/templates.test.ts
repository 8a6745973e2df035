import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Data, ensureTemplate, launch } from '../src/index.ts';
import { eventually, makeWorkspace, serverTopology } from './fixtures/workspace.ts';

let workspace: ReturnType<typeof makeWorkspace>;
let lines: string[];

beforeEach(() => {
  workspace = makeWorkspace();
  lines = [];
});
afterEach(() => workspace.remove());

/** Writes the scale into `rows`, and one line into a file that counts the loads. */
const script = `
  const { appendFileSync, writeFileSync } = require('node:fs');
  console.error('loading 50 %');
  appendFileSync('loads', 'x');
  writeFileSync(process.env.DATA_DIR + '/rows', process.env.SCALE);`;
const data = (more = ''): Data => ({ engine: 'sqlite', version: 3, load: ['node', '-e', `${script}${more}`] });
const make = (from: Data, signal?: AbortSignal) =>
  ensureTemplate(from, { folder: workspace.folder, scale: 'small', onProgress: (line) => lines.push(line), signal });
const template = () => join(workspace.root, '.run', 'templates', 'sqlite-small-3');
const loads = () => readFileSync(join(workspace.folder, 'loads'), 'utf8').length;

describe('ensureTemplate', () => {
  it('loads once, also when two ask at the same time, and passes the progress on', async () => {
    const slow = data("setTimeout(() => console.error('loading 100 %'), 300)");
    expect(await Promise.all([make(slow), make(slow)])).toEqual([template(), template()]);
    expect(await make(slow)).toBe(template());
    expect(readFileSync(join(template(), 'rows'), 'utf8')).toBe('small');
    expect(loads()).toBe(1);
    expect(lines).toEqual(
      expect.arrayContaining(['loading 50 %', 'loading 100 %', expect.stringMatching(/^waiting for pid \d+/)]),
    );
  });

  it('never takes a half-loaded one', async () => {
    mkdirSync(`${template()}.partial`, { recursive: true });
    writeFileSync(join(`${template()}.partial`, 'rows'), 'hal');
    await make(data());
    expect(readFileSync(join(template(), 'rows'), 'utf8')).toBe('small');
    expect(readdirSync(join(template(), '..'))).toEqual(['sqlite-small-3']);
  });

  it('keeps nothing of a load that failed, and says why it did', async () => {
    await expect(make(data("console.error('disk full'); process.exit(4)"))).rejects.toThrow(
      /failed with code 4: .*disk full/,
    );
    expect(readdirSync(join(template(), '..'))).toEqual([]);
  });

  it('says in one line that the disk was full, whatever the loader makes of it', async () => {
    const fails = "console.error('database or disk is full\\n  at insert\\n  at load'); process.exit(1)";
    await expect(make(data(fails))).rejects.toThrow(
      /^no space left on the disk of .*templates: `npx -y pnpm reset` deletes old runs$/,
    );
    expect(lines.filter((line) => /full|at /.test(line))).toEqual([]);
  });

  it('keeps nothing of a load that was interrupted, and ends the loader', async () => {
    const controller = new AbortController();
    const loading = make(data('setInterval(() => {}, 1e6); console.error(process.pid)'), controller.signal);
    const pid = await eventually(() => lines.find((line) => /^\d+$/.test(line)), 'the loader runs');
    controller.abort(new Error('enough'));
    await expect(loading).rejects.toThrow('enough');
    expect(() => process.kill(Number(pid), 0)).toThrow();
    expect(readdirSync(join(template(), '..'))).toEqual([]);
  });
});

describe('data of an instance', () => {
  const options = () => ({ folder: workspace.folder, quiet: true, onProgress: () => {} });

  it('is a copy of the template, kept between starts', async () => {
    const topology = await serverTopology({ app: {} }, { data: data() });
    const file = join(workspace.root, '.run', 'stage-1', 'data', 'rows');
    const first = await launch(topology, { ...options(), scale: 'small' });
    writeFileSync(file, 'written by the app');
    await first.stop();
    const second = await launch(topology, options());
    expect(second.ready.scale).toBe('small');
    await second.stop();
    expect(readFileSync(file, 'utf8')).toBe('written by the app');
    expect(readFileSync(join(template(), 'rows'), 'utf8')).toBe('small');
  });

  it('is never replaced by a start: another scale or version is refused with the way out', async () => {
    const topology = await serverTopology({ app: {} }, { data: data() });
    await (await launch(topology, { ...options(), scale: 'small' })).stop();
    await expect(launch(topology, { ...options(), scale: 'full' })).rejects.toThrow(
      /stage-1 holds data of scale small, not full: `npx -y pnpm reset stage-1` deletes it.*--scale small/,
    );
    const newer = { ...topology, data: { ...data(), version: 4 } };
    await expect(launch(newer, options())).rejects.toThrow(
      /version 3, this checkout wants sqlite version 4: .*reset stage-1/,
    );
    expect(existsSync(join(workspace.root, '.run', 'stage-1', 'data', 'rows'))).toBe(true);
  });
});
