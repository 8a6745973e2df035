import type { Plan } from '../plans.ts';
import { localPorts, serviceSettings } from '../services.ts';
import type { Setting } from '../settings.ts';
import type { Names } from '../wording.ts';

const HEAD = `# What the processes read from their environment. Copy it to .env, which is in no commit, and change it there. Values are those
# of compose.yaml; what is commented out is as it is unless told.
`;

/** Known to everybody: the app refuses it where others reach the app. */
const SAMPLE_SECRET = 'replace-this-sample-secret-with-32-random-bytes';

/** .env.example: every variable, with what it is for. */
export function envExample(plan: Plan, names: Names, groups: Setting[][]): string {
  const local: Record<string, string> = {
    SESSION_SECRETS: SAMPLE_SECRET,
    ...(plan.has.pictures && { EDGE_PURGE_KEY: SAMPLE_SECRET }),
    ...serviceSettings(plan, names, localPorts(plan)),
  };
  const parts = groups.map((group) => group.filter(({ name }) => isRead(plan, name)).map((one) => lines(one, local)));
  return [HEAD, ...parts.map((part) => part.join('')).filter((part) => part !== '')].join('\n');
}

/** One database's address is none that several have; where no pictures are taken, none are counted. */
function isRead({ database, has }: Plan, name: string): boolean {
  if (name === 'UPLOAD_TURNS_PER_HOUR') return has.pictures;
  return name !== 'DATABASE_URL' || database === 'postgres';
}

function lines({ name, about, initial }: Setting, local: Record<string, string>): string {
  const value = local[name];
  if (value === undefined && initial === undefined)
    throw new Error(`services.ts says nothing of ${name}, which is needed`);
  return `# ${about}\n${value === undefined ? `# ${name}=${initial}` : `${name}=${value}`}\n`;
}
