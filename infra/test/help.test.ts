import { spawn } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CLI = resolve(ROOT, 'infra/src/cli.ts');

/** A command of ours, as a script of a package calls it. */
interface Script {
  /** `pnpm bench`, `pnpm --filter stage-3 scale` */
  name: string;
  folder: string;
  argv: string[];
}

/** One script for each program and subcommand: variants of a stage are all started by the same one. */
function scripts(): Script[] {
  const found = new Map<string, Script>();
  for (const file of globSync(['package.json', 'stages/*/package.json'], { cwd: ROOT })) {
    const folder = dirname(resolve(ROOT, file));
    const known = JSON.parse(readFileSync(resolve(ROOT, file), 'utf8')) as { scripts: Record<string, string> };
    const filter = file === 'package.json' ? '' : `--filter ${(known as { name?: string }).name} `;
    for (const [name, line] of Object.entries(known.scripts)) {
      const [program = '', ...args] = line.split(' ');
      if (program !== 'node' && program !== 'day90') continue; // others come with a help of their own
      const argv = program === 'day90' ? [CLI, ...args] : [resolve(folder, args[0] ?? ''), ...args.slice(1)];
      const key = argv[0] === CLI ? `${CLI} ${argv[1]}` : String(argv[0]);
      if (!found.has(key)) found.set(key, { name: `pnpm ${filter}${name}`, folder, argv });
    }
  }
  return [...found.values()];
}

function help({ folder, argv }: Script): Promise<string> {
  return new Promise((done, reject) => {
    let text = '';
    const child = spawn(process.execPath, [...argv, '--help'], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (text += part));
    child.once('error', reject).once('close', (code) => done(`${text}\nexit status ${code}`));
  });
}

describe('--help', () => {
  it('of every command says what it is for, and has an example', async () => {
    const all = scripts();
    expect(all.length).toBeGreaterThan(20);
    const texts = await Promise.all(all.map(async (script) => ({ name: script.name, text: await help(script) })));
    const isWhole = (text: string) =>
      /^Usage: /m.test(text) && /^Examples?:\s+(k6|pnpm|npx) /m.test(text) && text.endsWith('exit status 0');
    expect(texts.filter(({ text }) => !isWhole(text))).toEqual([]);
  }, 120_000);
});
