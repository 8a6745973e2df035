import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { reach } from '../src/flatten/reach.ts';
import { Sources } from '../src/flatten/sources.ts';
import { writeModule } from '../src/flatten/write-module.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** The modules that `main.ts` reaches, as they are written next to each other, by name. */
function flattened(files: Record<string, string>): Record<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'day90-flatten-'));
  folders.push(folder);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const sources = new Sources(folder, { 'stage-1': 'one' }, (_path, text) => text, new Map());
  const modules = [...reach(sources, ['main.ts']).values()];
  return Object.fromEntries(modules.map((module) => [module.path, writeModule(module, (path) => path)]));
}

const PACKAGE = { 'one/package.json': '{ "exports": { ".": "./src/index.ts" } }' };

describe('flattening', () => {
  it('imports from where a thing is declared, and leaves no index behind', () => {
    const written = flattened({
      ...PACKAGE,
      'main.ts': `import { hello } from 'stage-1';\n\nhello();\n`,
      'one/src/index.ts': `export { hello } from './hello.ts';\nexport { other } from './other.ts';\n`,
      'one/src/hello.ts': 'export function hello(): void {}\n',
      'one/src/other.ts': 'export const other = 1;\n',
    });
    expect(written).toEqual({
      'main.ts': `import { hello } from './one/src/hello.ts';\n\nhello();\n`,
      'one/src/hello.ts': 'export function hello(): void {}\n',
    });
  });

  it('leaves out what nobody reaches, with its comments and its imports', () => {
    const { 'a.ts': text } = flattened({
      'main.ts': `import { used } from './a.ts';\n\nused();\n`,
      'a.ts': `import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Not wanted. */
export function unused(): string {
  return readFileSync('x', 'utf8');
}

/** Wanted. */
export function used(): string {
  return join(inner, 'x');
}

const inner = 'y'; // and why
`,
    });
    expect(text).toBe(`import { join } from 'node:path';

/** Wanted. */
export function used(): string {
  return join(inner, 'x');
}

const inner = 'y'; // and why
`);
  });

  it('exports only what another module takes', () => {
    const { 'a.ts': text } = flattened({
      'main.ts': `import { outer } from './a.ts';\n\nouter();\n`,
      'a.ts': 'export const outer = () => inner();\n\nexport function inner(): void {}\n',
    });
    expect(text).toBe('export const outer = () => inner();\n\nfunction inner(): void {}\n');
  });

  it('keeps types apart from values, and follows what is only named in a type', () => {
    const written = flattened({
      'main.ts': `import { type Shape, size } from './a.ts';\n\nexport const of = (shape: Shape) => size(shape);\n`,
      'a.ts': `import type { Side } from './b.ts';\n\nexport interface Shape {\n  side: Side;\n}\n\nexport const size = ({ side }: Shape) => side;\n`,
      'b.ts': 'export type Side = number;\n',
    });
    expect(written['a.ts']).toMatch(/^import type \{ Side \} from '.\/b.ts';/);
    expect(written['b.ts']).toBe('export type Side = number;\n');
    expect(written['main.ts']).toMatch(/^import \{ type Shape, size \} from '.\/a.ts';/);
  });

  it('keeps what a module does when it is loaded, and default and other names of imports', () => {
    const { 'main.ts': text } = flattened({
      'main.ts': `import express, { type Express } from 'express';\nimport { sum as add } from './a.ts';\n\nexport const app: Express = express();\nadd();\n`,
      'a.ts': 'export function sum(): void {}\n',
    });
    // The formatter puts them in order.
    expect(text?.split('\n').sort()).toEqual(
      [
        `import express from 'express';`,
        `import type { Express } from 'express';`,
        `import { sum as add } from './a.ts';`,
        'const app: Express = express();',
        'add();',
        ...['', ''],
      ].sort(),
    );
  });

  it('names an import that leads nowhere', () => {
    expect(() =>
      flattened({ 'main.ts': `import { gone } from './a.ts';\n\ngone();\n`, 'a.ts': 'export const other = 1;\n' }),
    ).toThrow('main.ts takes gone of a.ts, which has no such export');
  });
});
