import { posix } from 'node:path';
import type { ReachedModule } from './reach.ts';
import type { Statement } from './read-module.ts';

/** One import: what stands between `import` and `from`. */
interface Import {
  from: string;
  what: string;
  braces: boolean;
  type: boolean;
}

/**
 * The text of a module in its new place: its imports from where things are now, then what is left of it. The formatter puts the
 * lines and their order right.
 * @param placeOf - New path of each module.
 */
export function writeModule(module: ReachedModule, placeOf: (path: string) => string): string {
  const here = posix.dirname(placeOf(module.path));
  const imports = [...module.imports].map(([local, source]): Import => {
    const from = 'from' in source ? source.from : relative(here, placeOf(source.path));
    const { name, type } = source;
    const braces = name !== 'default' && name !== '*';
    return { from, type, braces, what: named(name, local) };
  });
  const body = module.statements.map((one) => textOf(one, module.wanted)).join('');
  return `${[module.head, lines(imports), body.trim()].filter((part) => part !== '').join('\n\n')}\n`;
}

function named(name: string, local: string): string {
  if (name === 'default' || name === local) return local;
  return `${name} as ${local}`;
}

function lines(imports: Import[]): string {
  const bare = imports.filter(({ braces }) => !braces);
  const inBraces = Map.groupBy(
    imports.filter(({ braces }) => braces),
    ({ from }) => from,
  );
  return [
    ...bare.map(({ from, what, type }) => `import ${type ? 'type ' : ''}${what} from '${from}';`),
    ...[...inBraces].map(([from, all]) => {
      const types = all.every(({ type }) => type);
      const names = all.map(({ what, type }) => (type && !types ? `type ${what}` : what));
      return `import ${types ? 'type ' : ''}{ ${names.join(', ')} } from '${from}';`;
    }),
  ].join('\n');
}

/** What nobody else takes is not exported. */
function textOf({ text, at, exported, names }: Statement, wanted: Set<string>): string {
  if (!exported || names.some((name) => wanted.has(name))) return text;
  return text.slice(0, at) + text.slice(at).replace(/^export /, '');
}

function relative(folder: string, path: string): string {
  const way = posix.relative(folder, path);
  return way.startsWith('.') ? way : `./${way}`;
}
