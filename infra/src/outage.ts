import { BadInput } from './bad-input.ts';
import type { Progress } from './progress.ts';

/**
 * Says that a roll of a single box is an outage.
 * @throws {BadInput} Unless that is wanted.
 */
export function outage(of: string, say: Progress, force: boolean): void {
  const what = `there is one box of ${of}: nobody answers for it from its end until it is back`;
  if (!force) throw new BadInput(`${what}; \`scale 2\` first makes it none, --force goes on all the same`);
  say(what);
}
