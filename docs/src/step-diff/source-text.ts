import { posix } from 'node:path';

/** A line of a file, with its number from 1 on. */
export interface Line {
  number: number;
  text: string;
}

/** A name that a module takes from another. */
export interface Imported {
  /** `stage-1`, or the path of a file from the stage's folder. */
  from: string;
  name: string;
}

/** A file in two parts: what it imports, and all the rest. */
export interface SourceText {
  imports: Imported[];
  /** Names that it hands on from other modules: `export { … } from`. */
  handedOn: Imported[];
  /** That is all it does. */
  isIndex: boolean;
  lines: Line[];
}

/**
 * Takes a file apart. Only TypeScript has imports; each begins in the first column, as the formatter has it.
 * @param path - From the stage's folder; relative imports are resolved by it.
 */
export function sourceText(path: string, text: string): SourceText {
  const isScript = path.endsWith('.ts');
  const all = text.trimEnd().split('\n');
  const source = { imports: [] as Imported[], handedOn: [] as Imported[], lines: [] as Line[] };
  let isIndex = isScript;
  for (let i = 0; i < all.length; i++) {
    const line = all[i] as string;
    const end = isScript ? endOfStatement(all, i) : i;
    const statement = all.slice(i, end + 1).join(' ');
    if (isScript && line.startsWith('import ')) source.imports.push(...namesIn(path, statement));
    else {
      if (isScript && isHandedOn(statement)) source.handedOn.push(...namesIn(path, statement));
      else if (!isSilent(statement)) isIndex = false;
      source.lines.push(...all.slice(i, end + 1).map((own, j) => ({ number: i + j + 1, text: own })));
    }
    i = end;
  }
  return { ...source, isIndex, lines: trimmed(source.lines) };
}

/** The last line of an import or export list that begins at `start`; `start` for all else. */
function endOfStatement(lines: readonly string[], start: number): number {
  const first = lines[start] as string;
  const isList = first.startsWith('import ') || first.startsWith('export {') || first.startsWith('export type {');
  if (!isList) return start;
  const end = lines.findIndex((line, i) => i >= start && line.endsWith(';'));
  return end < 0 ? start : end;
}

function isHandedOn(statement: string): boolean {
  return statement.startsWith('export ') && statement.includes(" from '") && /^export (type )?[{*]/.test(statement);
}

function isSilent(line: string): boolean {
  const text = line.trim();
  return text === '' || text.startsWith('//') || text.startsWith('/*') || text.startsWith('*');
}

/** The names in one `import … from '…'` or `export … from '…'`; the module itself (`*`) where it names none. */
function namesIn(path: string, statement: string): Imported[] {
  const specifier = statement.split("'")[1] ?? '';
  const from = specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : specifier;
  const list = statement.includes('{') ? statement.slice(statement.indexOf('{') + 1, statement.indexOf('}')) : '';
  const names = list
    .split(',')
    .map((name) => (name.trim().replace('type ', '').split(' as ').at(-1) as string).trim())
    .filter((name) => name !== '');
  const whole = /^(?:import|export) (?:type )?(?:\* as )?([\w$*]+)/.exec(statement)?.[1];
  if (whole !== undefined && whole !== 'type') names.unshift(whole);
  return (names.length > 0 ? names : ['*']).map((name) => ({ from, name }));
}

function trimmed(lines: Line[]): Line[] {
  const isText = ({ text }: Line) => text.trim() !== '';
  return lines.slice(lines.findIndex(isText), lines.findLastIndex(isText) + 1);
}
