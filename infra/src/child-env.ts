import { delimiter, dirname } from 'node:path';

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
  const env: Record<string, string> = { PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ''}` };
  for (const name of INHERITED) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  return env;
}
