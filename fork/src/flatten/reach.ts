import type { Module, Statement } from './read-module.ts';
import type { Source, Sources } from './sources.ts';

/** A module with only that of it which somebody needs. */
export interface ReachedModule {
  path: string;
  head: string;
  /** In the order of the file. */
  statements: Statement[];
  /** What it takes from elsewhere, by the name it has here. */
  imports: Map<string, Source & { type: boolean }>;
  /** What others take from it. */
  wanted: Set<string>;
}

/**
 * Follows what modules need, statement by statement.
 * @param roots - Modules that are wanted whole.
 * @returns All that can be reached, by path.
 */
export function reach(sources: Sources, roots: readonly string[]): Map<string, ReachedModule> {
  const walk = new Walk(sources);
  for (const root of roots) walk.takeAll(root);
  return walk.finish();
}

class Walk {
  readonly #sources: Sources;
  readonly #reached = new Map<string, ReachedModule>();
  readonly #taken = new Set<Statement>();

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  takeAll(path: string): void {
    for (const statement of this.#sources.module(path).statements) this.#take(path, statement);
    for (const name of this.#sources.module(path).handedOn.keys())
      throw new Error(`${path} hands ${name} on: a root declares what it exports`);
  }

  finish(): Map<string, ReachedModule> {
    for (const [path, reached] of this.#reached)
      reached.statements = this.#sources.module(path).statements.filter((one) => this.#taken.has(one));
    return this.#reached;
  }

  #visit(path: string): ReachedModule {
    let reached = this.#reached.get(path);
    if (!reached) {
      const module = this.#sources.module(path);
      reached = { path, head: module.head, statements: [], imports: new Map(), wanted: new Set() };
      this.#reached.set(path, reached);
      for (const statement of module.statements) if (statement.names.length === 0) this.#take(path, statement);
    }
    return reached;
  }

  #take(path: string, statement: Statement): void {
    if (this.#taken.has(statement)) return;
    this.#taken.add(statement);
    const module = this.#sources.module(path);
    for (const name of statement.uses) this.#use(module, name);
  }

  #use(module: Module, name: string): void {
    const own = module.statements.find((one) => one.names.includes(name));
    if (own) {
      this.#take(module.path, own);
      return;
    }
    const taken = module.imports.get(name);
    const { imports } = this.#visit(module.path);
    if (!taken || imports.has(name)) return;
    const source = this.#sources.resolve(module.path, taken);
    imports.set(name, { ...source, type: taken.type || ('type' in source && source.type) });
    if ('from' in source) return;
    this.#visit(source.path).wanted.add(source.name);
    const statements = this.#sources.module(source.path).statements;
    this.#take(source.path, statements.find((one) => one.names.includes(source.name)) as Statement);
  }
}
