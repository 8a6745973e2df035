import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Box, type Instance, launch, type Topology } from '../src/index.ts';
import { freePorts } from '../src/ports.ts';
import { makeWorkspace } from './fixtures/workspace.ts';

const CONF = 'port ${port:cache}\nbind 127.0.0.1\nrequirepass ${secret:cache}\nmaxmemory 1mb\ndir ${data}\nsave ""\n';

let workspace: ReturnType<typeof makeWorkspace>;
let running: Instance[];

beforeEach(() => {
  workspace = makeWorkspace();
  running = [];
});
afterEach(async () => {
  await Promise.all(running.map((instance) => instance.stop()));
  workspace.remove();
});

async function redisTopology(box: Partial<Box> = {}): Promise<Topology> {
  const [port = 0] = await freePorts(1);
  const run = ['redis-server', '${conf}/redis.conf'];
  const cache = { role: 'cache', run, files: { 'redis.conf': 'cache.conf' }, port, ready: { redis: true as const } };
  return { stage: 'stage-1', door: 'cache', boxes: { cache: { ...cache, ...box } } };
}

async function up(topology: Topology, conf = CONF): Promise<Instance> {
  writeFileSync(join(workspace.folder, 'cache.conf'), conf);
  const instance = await launch(topology, { folder: workspace.folder, quiet: true, onProgress: () => {} });
  running.push(instance);
  return instance;
}

const runFile = (...path: string[]) => join(workspace.root, '.run', 'stage-1', ...path);
const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);

/** What Redis answers to inline commands, up to the answer of the last one. */
function ask(port: number, ...commands: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => socket.end(commands.map((line) => `${line}\r\n`).join('')));
    socket.on('data', (bytes) => {
      text += bytes;
    });
    socket.once('close', () => resolve(text)).once('error', reject);
  });
}

describe('a box with files', () => {
  it('runs on what its templates became, which only their owner may read', async () => {
    const instance = await up(await redisTopology());
    const port = instance.box('cache').port ?? 0;
    const { cache } = JSON.parse(readFileSync(join(workspace.root, '.run', 'secrets.json'), 'utf8'));

    expect(await ask(port, 'PING')).toMatch(/^-NOAUTH/);
    expect(await ask(port, `AUTH ${cache}`, 'CONFIG GET maxmemory', 'CONFIG GET dir')).toContain('1048576');
    expect(readFileSync(runFile('conf', 'cache', 'redis.conf'), 'utf8')).toContain(`dir ${runFile('data')}\n`);
    expect([mode(runFile('conf', 'cache')), mode(runFile('conf', 'cache', 'redis.conf'))]).toEqual(['700', '600']);
  });

  it.each<[string, string, RegExp]>([
    [
      'an unknown placeholder',
      `${CONF}maxclients \${clients}\n`,
      /^box cache: cache\.conf: unknown placeholder \$\{clients\}/,
    ],
    [
      'a setting that its program refuses',
      `${CONF}maxmemory lots\n`,
      /box cache ended before it was ready.*1\)[\s\S]*maxmemory lots/,
    ],
  ])('is refused for %s', async (_, conf, message) => {
    await expect(redisTopology().then((topology) => up(topology, conf))).rejects.toThrow(message);
  });

  it('is refused for a template that is not there', async () => {
    const topology = await redisTopology({ files: { 'redis.conf': 'redis.template' } });
    await expect(up(topology)).rejects.toThrow(/^box cache: files\.redis\.conf: no template redis\.template in /);
  });
});
