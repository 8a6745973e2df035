import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { z } from 'zod';
import type { ReachedModule } from './flatten/reach.ts';

/** A variable that the project reads. */
export interface Setting {
  name: string;
  about: string;
  /** As it would be written; `undefined` where one has to be given. */
  initial: string | undefined;
}

const IN_FILES = /(^|[/-])(env|config)\.ts$/;

/**
 * The variables of all processes, read from where the code declares them: the exports named `…Env` that something uses.
 * @returns Groups, each in the order of its declaration.
 */
export async function settingsOf(workspace: string, modules: Iterable<ReachedModule>): Promise<Setting[][]> {
  const groups: Setting[][] = [];
  const known = new Set<string>();
  for (const { path, statements } of [...modules].sort((a, b) => order(a.path) - order(b.path))) {
    const names = statements.flatMap((one) => one.names).filter((name) => name.endsWith('Env'));
    if (!IN_FILES.test(path) || names.length === 0) continue;
    const module = (await import(pathToFileURL(join(workspace, path)).href)) as Record<
      string,
      Record<string, z.ZodType>
    >;
    for (const name of names) {
      const fresh = Object.entries(module[name] ?? {}).filter(([variable]) => !known.has(variable));
      for (const [variable] of fresh) known.add(variable);
      groups.push(fresh.map(([variable, schema]) => settingOf(variable, schema)));
    }
  }
  return groups.filter((group) => group.length > 0);
}

/** What all processes have comes first. */
function order(path: string): number {
  return path.startsWith('shared/') ? 0 : 1;
}

function settingOf(name: string, schema: z.ZodType): Setting {
  const { success, data } = schema.safeParse(undefined);
  const initial = success && data !== undefined ? [data].flat().join(',') : undefined;
  return { name, about: schema.description ?? '', initial: success ? (initial ?? '') : undefined };
}
