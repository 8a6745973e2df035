import { type Node, type Program, parseSync } from 'oxc-parser';
import { loadedIn, namesIn, namesOf } from './names.ts';

/** A name that a module takes from another; `name` is `default`, or `*` for all of it. */
interface Import {
  name: string;
  from: string;
  /** Taken as a type alone, so that nothing of it is there at run time. */
  type: boolean;
}

/** A statement at the top of a module, with the comments above it. */
export interface Statement {
  /** Its comments and itself, as they stand in the file. */
  text: string;
  /** Where in `text` the statement itself begins. */
  at: number;
  exported: boolean;
  /** What it declares; nothing for one that is there for its effect. */
  names: string[];
  /** Every name in it that may be one of the module's own, or an imported one. */
  uses: Set<string>;
  /** Packages that it loads while it runs: `await import('…')`. */
  loads: string[];
}

/** What is in a module, as far as taking it apart needs to know. */
export interface Module {
  path: string;
  /** A comment above everything. */
  head: string;
  imports: Map<string, Import>;
  /** Names that are only handed on: by the name they have here. */
  handedOn: Map<string, Import>;
  statements: Statement[];
}

type Top = Program['body'][number];

/**
 * Takes a module apart.
 * @throws {Error} When it isn't written the way the modules of this repository are, such as with `export *`.
 */
export function readModule(path: string, text: string): Module {
  const { program, errors } = parseSync(path, text, { lang: 'ts', sourceType: 'module' });
  if (errors[0]) throw new Error(`${path}: ${errors[0].message}`);
  const module: Module = { path, head: '', imports: new Map(), handedOn: new Map(), statements: [] };
  let from = 0;
  for (const node of program.body) {
    const to = endOfLine(text, node.end);
    addTop(module, node, { text: text.slice(from, to), at: node.start - from });
    from = to;
  }
  return module;
}

function addTop(module: Module, node: Top, place: { text: string; at: number }): void {
  if (node.type === 'ImportDeclaration') {
    if (module.imports.size === 0) module.head = place.text.slice(0, place.at).trim();
    for (const one of node.specifiers) {
      const type = node.importKind === 'type' || (one.type === 'ImportSpecifier' && one.importKind === 'type');
      const name =
        one.type === 'ImportSpecifier' ? nameOf(one.imported) : one.type === 'ImportDefaultSpecifier' ? 'default' : '*';
      module.imports.set(one.local.name, { name, from: node.source.value, type });
    }
    return;
  }
  if (node.type === 'ExportNamedDeclaration' && node.source) {
    for (const one of node.specifiers) {
      const type = node.exportKind === 'type' || one.exportKind === 'type';
      module.handedOn.set(nameOf(one.exported), { name: nameOf(one.local), from: node.source.value, type });
    }
    return;
  }
  const exported = node.type === 'ExportNamedDeclaration';
  const declaration = exported ? node.declaration : node;
  if (!declaration || node.type === 'ExportAllDeclaration' || node.type === 'ExportDefaultDeclaration')
    throw new Error(`${module.path}: an export that names nothing it declares can't be taken apart`);
  const code = declaration as Node;
  module.statements.push({ ...place, exported, names: namesOf(code), uses: namesIn(code), loads: loadedIn(code) });
}

function nameOf(name: { type: string; name?: string; value?: string }): string {
  return name.name ?? name.value ?? '';
}

/** With what stands behind it on its line, such as a comment. */
function endOfLine(text: string, end: number): number {
  const at = text.indexOf('\n', end);
  return at < 0 ? text.length : at + 1;
}
