import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BadInput } from './bad-input.ts';
import { secretNames } from './placeholders.ts';
import { secrets } from './secrets.ts';
import type { Data } from './topology.ts';

const FILE = 'secrets.sha256';

/** The secrets that data is made with, such as the passwords of a database's roles. */
export interface DataSecrets {
  /** The variables of `data.env`, filled in. */
  env: Record<string, string>;
  /** Whether the data in this folder was made with them; of data without any it always was. */
  fit(folder: string): boolean;
  /** Notes with the data, by a hash, which ones they were. */
  note(folder: string): void;
}

/**
 * Fills in the variables of a loader.
 * @throws {BadInput} For a placeholder that is no secret: a template is shared by runs, and knows none of theirs.
 */
export async function dataSecrets(data: Data, workspace: string): Promise<DataSecrets> {
  const given = Object.entries(data.env ?? {});
  const known = await secrets(workspace, secretNames(given.map(([, value]) => value)));
  const env = Object.fromEntries(
    given.map(([name, value]) => [name, value.replace(/\$\{([^}]*)\}/g, (whole, inside) => secretOf(whole, inside))]),
  );
  function secretOf(whole: string, inside: string): string {
    const secret = inside.startsWith('secret:') ? known[inside.slice('secret:'.length)] : undefined;
    if (secret === undefined)
      throw new BadInput(`data.env: unknown placeholder ${whole}; allowed: \${secret:<name>}`, {
        code: 'D90-TOPOLOGY',
      });
    return secret;
  }
  const print = given.length === 0 ? undefined : createHash('sha256').update(JSON.stringify(env)).digest('hex');
  return {
    env,
    fit: (folder) => print === readPrint(folder),
    note(folder) {
      if (print) writeFileSync(join(folder, FILE), print);
    },
  };
}

function readPrint(folder: string): string | undefined {
  try {
    return readFileSync(join(folder, FILE), 'utf8');
  } catch {
    return undefined;
  }
}
