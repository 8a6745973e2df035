import { BadInput } from '../bad-input.ts';
import { instanceState } from '../instance-state.ts';
import { instanceNames } from '../run-folder.ts';

/**
 * Whose logs are meant: those of the instance that is up, or of the only one that ever was.
 * @throws {BadInput} When the named one has none, or more than one could be meant.
 */
export function loggedInstance(workspace: string, named: string | undefined): string {
  const names = instanceNames(workspace);
  if (names.length === 0)
    throw new BadInput('nothing was started yet; `npx -y pnpm --filter stage-1 start` does', { code: 'D90-NOT-UP' });
  if (named !== undefined) {
    if (names.includes(named)) return named;
    throw new BadInput(`no logs of ${JSON.stringify(named)}; there are those of ${names.join(', ')}`);
  }
  const up = names.filter((name) => instanceState(workspace, name).state !== 'down');
  const [only, ...others] = up.length > 0 ? up : names;
  if (only !== undefined && others.length === 0) return only;
  throw new BadInput(`the logs of which run? --instance is one of ${[only, ...others].join(', ')}`);
}
