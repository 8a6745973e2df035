import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { parseSync } from '@swc/core';
import { checkSync } from 'recheck';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
/** What runs in an app process. */
const SOURCES = globSync(['shared/core/src/**/*.ts', 'stages/*/src/**/*.ts'], { cwd: ROOT });

/** Every node of a syntax tree, depth first. */
function* nodesOf(node: unknown): Generator<Record<string, unknown>> {
  if (typeof node !== 'object' || node === null) return;
  if (!Array.isArray(node)) yield node as Record<string, unknown>;
  for (const inner of Object.values(node)) yield* nodesOf(inner);
}

const trees = SOURCES.map((path) => ({
  path,
  nodes: [...nodesOf(parseSync(readFileSync(`${ROOT}/${path}`, 'utf8'), { syntax: 'typescript' }).body)],
}));

describe('the code of the app', () => {
  const literals = trees.flatMap(({ path, nodes }) =>
    nodes
      .filter(({ type }) => type === 'RegExpLiteral')
      .map(({ pattern, flags }) => [path, String(pattern), String(flags)] as const),
  );

  it.each(literals)('matches in time linear to its input: %s /%s/%s', (_path, pattern, flags) => {
    expect(checkSync(pattern, flags, { timeout: 10_000 }).status).toBe('safe');
  });

  it('makes no regular expression from a value, which could be a visitor’s', () => {
    const made = trees.flatMap(({ path, nodes }) =>
      nodes
        .filter(
          ({ type, callee }) =>
            /^(New|Call)Expression$/.test(String(type)) && (callee as { value?: string })?.value === 'RegExp',
        )
        .map(() => path),
    );
    expect(made).toEqual([]);
  });

  it('puts no value into the text of a query given to a database', () => {
    const called = ['raw', 'whereRaw', 'orderByRaw', 'exec', 'prepare', 'pragma'];
    const mixed = trees.flatMap(({ path, nodes }) =>
      nodes
        .filter(({ type, callee }) => type === 'CallExpression' && called.includes(methodOf(callee)))
        .filter((call) => holdsExpression((call.arguments as { expression: unknown }[])[0]?.expression))
        .map(() => path),
    );
    // A cache size in KiB, a plan of a statement of our own, the loader's own column names: constants all.
    expect([...new Set(mixed)].sort()).toEqual(ALLOWED);
  });
});

/** Files that build SQL from constants of their own. */
const ALLOWED = [
  'stages/day1-sqlite/src/explain.ts',
  'stages/day1-sqlite/src/load-data.ts',
  'stages/day1-sqlite/src/sqlite.ts',
];

function methodOf(callee: unknown): string {
  return (callee as { property?: { value?: string } })?.property?.value ?? '';
}

function holdsExpression(argument: unknown): boolean {
  const { type, expressions } = (argument ?? {}) as { type?: string; expressions?: unknown[] };
  return type === 'TemplateLiteral' && (expressions?.length ?? 0) > 0;
}
