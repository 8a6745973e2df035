import type { Imported } from './source-text.ts';

/** Names taken from one module: `a, b from stage-1`. */
interface ImportedNames {
  from: string;
  names: string[];
}

/** An import block, folded: what came to it, and what went. */
export interface ImportChanges {
  added: ImportedNames[];
  removed: ImportedNames[];
  isEmpty: boolean;
}

/** How the imports of a file changed. How they are broken into lines counts for nothing. */
export function importChanges(before: Imported[], after: Imported[]): ImportChanges {
  const added = byModule(missingIn(before, after));
  const removed = byModule(missingIn(after, before));
  return { added, removed, isEmpty: added.length + removed.length === 0 };
}

/** `a, b from stage-1`; the module alone where it is taken whole. */
export function inWords({ from, names }: ImportedNames): string {
  return names.includes('*') ? from : `${names.join(', ')} from ${from}`;
}

function missingIn(list: Imported[], wanted: Imported[]): Imported[] {
  return wanted.filter(({ from, name }) => !list.some((other) => other.from === from && other.name === name));
}

function byModule(imports: Imported[]): ImportedNames[] {
  const modules = Map.groupBy(imports, ({ from }) => from);
  return [...modules].map(([from, all]) => ({ from, names: all.map(({ name }) => name) }));
}
