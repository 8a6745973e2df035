import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Data, ensureTemplate, launch } from '../src/index.ts';
import { makeWorkspace, serverTopology } from './fixtures/workspace.ts';

let workspace: ReturnType<typeof makeWorkspace>;
beforeEach(() => {
  workspace = makeWorkspace();
});
afterEach(() => workspace.remove());

const script = "require('node:fs').writeFileSync(process.env.DATA_DIR + '/password', process.env.PASSWORD)";
const data = (PASSWORD: string): Data => ({
  engine: 'sqlite',
  version: 1,
  load: ['node', '-e', script],
  env: { PASSWORD },
});
const options = () => ({ folder: workspace.folder, scale: 'small', quiet: true, onProgress: () => {} }) as const;
const make = (value = '${secret:db}') => ensureTemplate(data(value), options());
const passwordIn = (folder: string) => readFileSync(join(folder, 'password'), 'utf8');
const forgetSecrets = () => rmSync(join(workspace.root, '.run', 'secrets.json'));

describe('data made with secrets', () => {
  it('gets those of the checkout, and is made anew when they are others', async () => {
    const first = passwordIn(await make());
    expect(first).toMatch(/^[\w-]{43}$/);
    expect(passwordIn(await make())).toBe(first);
    forgetSecrets();
    expect(passwordIn(await make())).not.toBe(first);
  });

  it('gets others in another checkout', async () => {
    const other = makeWorkspace();
    const there = await ensureTemplate(data('${secret:db}'), { ...options(), folder: other.folder });
    expect(passwordIn(there)).not.toBe(passwordIn(await make()));
    other.remove();
  });

  it('can name secrets alone: a template is no run’s', async () => {
    await expect(make('${port:app}')).rejects.toThrow(
      'data.env: unknown placeholder ${port:app}; allowed: ${secret:<name>}',
    );
  });

  it('is refused, not replaced, when an instance holds it and the secrets are others', async () => {
    const topology = await serverTopology({ app: {} }, { data: data('${secret:db}') });
    await (await launch(topology, options())).stop();
    const password = join(workspace.root, '.run', 'stage-1', 'data', 'password');
    forgetSecrets();
    await expect(launch(topology, options())).rejects.toThrow(
      /^stage-1 holds data made with other secrets than \.run\/secrets\.json has now: `npx -y pnpm reset stage-1`/,
    );
    expect(existsSync(password)).toBe(true);
  });
});
