import type { Imported, SourceText } from './source-text.ts';

/** What is needed to follow the imports of a stage. */
export interface Modules {
  /** Every TypeScript file of the stage, by its path from the stage's folder. */
  sources: Map<string, SourceText>;
  /** File by the name under which the stage's own package exports it: `stage-6/app` → `src/app-index.ts`. */
  exported: Map<string, string>;
}

/**
 * The files of the stage that a root comes to need, in the order in which it names them: each before what it needs in turn,
 * as one reads from above.
 */
export function readingOrder(root: string, modules: Modules): string[] {
  const order = new Set<string>();
  const visit = (path: string) => {
    const source = modules.sources.get(path);
    if (!source || order.has(path)) return;
    order.add(path);
    for (const imported of inOrderOfUse(source)) {
      const file = fileOf(imported, modules);
      if (file !== undefined) visit(file);
    }
  };
  visit(root);
  return [...order];
}

/** By the line on which each name is used first; what is only handed on comes in its own order. */
function inOrderOfUse({ imports, handedOn, lines }: SourceText): Imported[] {
  const firstUse = new Map<string, number>();
  for (const { text } of lines) {
    for (const [word] of text.matchAll(/[\w$]+/g)) if (!firstUse.has(word)) firstUse.set(word, firstUse.size);
  }
  const place = ({ name }: Imported) => firstUse.get(name) ?? Number.MAX_SAFE_INTEGER;
  return [...imports].sort((a, b) => place(a) - place(b)).concat(handedOn);
}

/** The file of the stage in which an imported name is written down, past those that only hand it on. */
function fileOf({ from, name }: Imported, modules: Modules): string | undefined {
  const file = modules.exported.get(from) ?? (modules.sources.has(from) ? from : undefined);
  const next = modules.sources.get(file ?? '')?.handedOn.find((handed) => handed.name === name);
  return next && file !== next.from ? (fileOf(next, modules) ?? file) : file;
}

/** What no other file of the stage imports: commands, and what starts a process. */
export function commands(modules: Modules): string[] {
  const imports = [...modules.sources.values()].flatMap(({ imports, handedOn }) => [...imports, ...handedOn]);
  const imported = new Set(imports.map((one) => fileOf(one, modules)));
  return [...modules.sources.keys()].filter((path) => !imported.has(path)).sort();
}
