import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { PLANS } from '../src/plans.ts';
import { projectOf } from '../src/project.ts';
import { namesOf } from '../src/wording.ts';

const WORKSPACE = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
/** Where the code comes from is no business of a project; LICENSE alone has to name it. */
const FOREIGN =
  /\bstages?\b|day ?\d|tutorial|lesson|workspace:|catalog:|\bpnpm\b(?!-lock)|topolog|launcher|\.run\/|\bthe guide\b/i;

describe.each(PLANS)('a project made of $name', (plan) => {
  let files: Map<string, string | Buffer>;
  beforeAll(async () => {
    files = await projectOf(WORKSPACE, plan, namesOf('@acme/my-app'));
  });
  const text = (path: string) => String(files.get(path));
  const code = () => [...files].filter(([path]) => path.endsWith('.ts')).map(([path]) => path);

  it('has no word of where it comes from', () => {
    const found = [...files]
      .filter(([path, content]) => path !== 'LICENSE' && typeof content === 'string')
      .flatMap(([path, content]) =>
        String(content)
          .split('\n')
          .map((line) => `${path}: ${line}`),
      )
      .filter((line) => FOREIGN.test(line.replaceAll(/https?:\/\/\S+/g, '')));
    expect(found).toEqual([]);
  });

  it('imports nothing that is not in it, or in its package.json', () => {
    const { dependencies, devDependencies } = JSON.parse(text('package.json')) as Record<
      string,
      Record<string, string>
    >;
    const missing = code()
      .filter((path) => !path.startsWith('load/'))
      .flatMap((path) => [...text(path).matchAll(/ from '([^']+)';$/gm)].map(([, from = '']) => ({ path, from })))
      .filter(({ path, from }) => {
        if (from.startsWith('node:')) return false;
        if (from.startsWith('.')) return !files.has(new URL(from, `file:///${path}`).pathname.slice(1));
        const name = from
          .split('/')
          .slice(0, from.startsWith('@') ? 2 : 1)
          .join('/');
        const known = path.startsWith('src/') ? dependencies : { ...dependencies, ...devDependencies };
        // A type is there for whoever compiles, in the package of its types.
        return known?.[name] === undefined && devDependencies?.[`@types/${name}`] === undefined;
      });
    expect(missing).toEqual([]);
  });

  it('says of every variable what it is for, and has a value for each that is needed', () => {
    const lines = text('.env.example').split('\n');
    const settings = lines.filter((line) => /^(# )?[A-Z_]+=/.test(line));
    expect(settings.length).toBeGreaterThan(10);
    for (const line of settings) expect(lines[lines.indexOf(line) - 1]).toMatch(/^# \S/);
    expect(settings.filter((line) => /^[A-Z_]+=$/.test(line))).toEqual([]);
    expect(settings.find((line) => line.startsWith('SESSION_SECRETS='))).toBeDefined();
  });

  it('finds all its services where compose.yaml has them, on this machine alone', () => {
    const { services } = parse(text('compose.yaml')) as { services: Record<string, { ports: string[] }> };
    const offered = Object.values(services).flatMap(({ ports }) => ports);
    expect(offered.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
    const wanted = [...text('.env.example').matchAll(/^\w+=.*$/gm)].flatMap(([line]) =>
      [...line.matchAll(/127\.0\.0\.1:(\d+)/g)].map(([, port]) => port),
    );
    const ports = offered.map((port) => port.split(':')[1]);
    expect(wanted.filter((port) => !ports.includes(port as string))).toEqual([]);
  });

  it('has nothing of what it does without', () => {
    const { pictures, queue } = plan.has;
    expect([...files.keys()].some((path) => path.startsWith('test/pictures/'))).toBe(pictures);
    const all = code().map(text).join('\n');
    expect(/\/images\b/.test(all)).toBe(pictures);
    expect(/\boutbox\b(?!-1@)/.test(all)).toBe(queue);
    const migrations = [...text('src/migrations/index.ts').matchAll(/^ *'(\d+)-[a-z-]+': /gm)].map(([, n]) =>
      Number(n),
    );
    expect(migrations).toEqual(migrations.map((_, i) => i + 1));
    expect(all).not.toMatch(/^ *\.\.\.\{ /m);
  });

  it('tells in its README what each folder of its code is', () => {
    expect(text('README.md')).not.toContain('undefined');
    for (const path of code().filter((one) => /^src\/\w+\//.test(one)))
      expect(text('README.md')).toContain(`\`${path.split('/').slice(0, 2).join('/')}/\``);
  });
});

describe('the names of a project', () => {
  it.each([
    ['my-app', 'my-app', 'my_app'],
    ['@acme/shop', 'shop', 'shop'],
    ['shop_2.0', 'shop-2-0', 'shop_2_0'],
    ['2048', '2048', 'app_2048'],
  ])('of the package %s are %s and %s', (name, slug, database) => {
    expect(namesOf(name)).toEqual({ package: name, slug, database });
  });
});
