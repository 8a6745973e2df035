import { delimiter, dirname, join } from 'node:path';
import { userCache } from './user-cache.ts';

/** What a box inherits. Everything else it is told by its topology, so that a run does not depend on whose shell it came from. */
const INHERITED = [
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'TMPDIR',
  'TZ',
  'LANG',
  'LC_ALL',
  'LC_CTYPE',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'XDG_CACHE_HOME',
];

/** The environment that every started process begins with. `node` in it is the running Node. */
export function inheritedEnv(): Record<string, string> {
  const env: Record<string, string> = {
    PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ''}`,
    // What Node made of each source file: without it every box strips the types of some 300 files at its start, which takes
    // half of it, and 25 MB that it never gives back.
    NODE_COMPILE_CACHE: join(userCache(), 'node'),
  };
  for (const name of INHERITED) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  return env;
}
