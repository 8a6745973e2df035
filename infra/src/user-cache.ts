import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Per user, so that a second clone has it, too: `$XDG_CACHE_HOME/day90`, `~/.cache/day90` unless set (on macOS as well). */
export function userCache(): string {
  const base = process.env.XDG_CACHE_HOME;
  // The base directory specification has relative paths ignored.
  return join(base && isAbsolute(base) ? base : join(homedir(), '.cache'), 'day90');
}
