import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { freePorts } from '../src/ports.ts';

const PORTS = fileURLToPath(new URL('../src/ports.ts', import.meta.url));
const MANY = 60;

async function inAnotherProcess(): Promise<number[]> {
  const draw = `import { freePorts } from ${JSON.stringify(PORTS)}; console.log(JSON.stringify(await freePorts(${MANY})))`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', draw]);
  return JSON.parse(stdout) as number[];
}

describe('free ports', () => {
  it('are all different, also of calls that run at the same time', async () => {
    const all = (await Promise.all([freePorts(MANY), freePorts(MANY)])).flat();
    expect(new Set(all).size).toBe(2 * MANY);
  });

  it('are others in the process that was started next', async () => {
    const all = (await Promise.all([inAnotherProcess(), inAnotherProcess()])).flat();
    expect(new Set(all).size).toBe(2 * MANY);
  });

  it('do not run out: those of servers that have ended come again', async () => {
    for (let i = 0; i < 10; i++) expect(await freePorts(MANY)).toHaveLength(MANY);
  });
});
