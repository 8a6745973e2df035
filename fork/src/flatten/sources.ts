import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { type Module, readModule } from './read-module.ts';

/** Where the packages of the workspace lie, by the beginning of their names. */
const SCOPES = { '@day90/core': 'shared/core', '@day90/testing': 'shared/testing' };

/** A place in the source: a name in a module of ours, or in a package. */
export type Source = { path: string; name: string } | { from: string; name: string; type: boolean };

/** The modules of the workspace, read when they are first asked for. Paths are from its root. */
export class Sources {
  readonly #workspace: string;
  readonly #packages: Record<string, string>;
  readonly #edit: (path: string, text: string) => string;
  readonly #written: ReadonlyMap<string, string>;
  readonly #modules = new Map<string, Module>();

  /**
   * @param stages - Folder of each stage's package, by name.
   * @param edit - What is changed in a file before it is read.
   * @param written - Modules that are in no file, by path.
   */
  constructor(
    workspace: string,
    stages: Record<string, string>,
    edit: (path: string, text: string) => string,
    written: ReadonlyMap<string, string>,
  ) {
    this.#workspace = workspace;
    this.#packages = { ...SCOPES, ...stages };
    this.#edit = edit;
    this.#written = written;
  }

  module(path: string): Module {
    let module = this.#modules.get(path);
    if (!module) {
      const text = this.#written.get(path) ?? readFileSync(join(this.#workspace, path), 'utf8');
      module = readModule(path, this.#edit(path, text));
      this.#modules.set(path, module);
    }
    return module;
  }

  /** What a name that a module imports, or hands on, is in the end. */
  resolve(importer: string, { name, from, type }: { name: string; from: string; type: boolean }): Source {
    const path = this.#pathOf(importer, from);
    if (path === undefined) return { from, name, type };
    const { handedOn, statements } = this.module(path);
    const further = handedOn.get(name);
    if (further) return this.resolve(path, { ...further, type: type || further.type });
    if (!statements.some((one) => one.exported && one.names.includes(name)))
      throw new Error(`${importer} takes ${name} of ${path}, which has no such export`);
    return { path, name };
  }

  /** @returns `undefined` for what is a package from elsewhere, or a part of Node. */
  #pathOf(importer: string, from: string): string | undefined {
    if (from.startsWith('.')) return posix.join(posix.dirname(importer), from);
    const owner = Object.keys(this.#packages).find((name) => from === name || from.startsWith(`${name}/`));
    if (owner === undefined) return undefined;
    const folder = this.#packages[owner] as string;
    const file = join(this.#workspace, folder, 'package.json');
    const { exports } = JSON.parse(readFileSync(file, 'utf8')) as { exports: Record<string, string> };
    const target = exports[`.${from.slice(owner.length)}`];
    if (target === undefined || !existsSync(join(this.#workspace, folder, target)))
      throw new Error(`${importer} imports ${from}, which ${file} does not export`);
    return posix.join(folder, target);
  }
}
