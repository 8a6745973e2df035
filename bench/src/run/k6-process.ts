import { type Guardian, runCommand } from '@day90/infra';

/** A run of one script. */
export interface K6Run {
  /** The k6 binary. */
  k6: string;
  script: string;
  /** `-e` variables of the script. */
  env: Record<string, string>;
  /** Where the raw samples go. */
  csv: string;
  guardian: Guardian;
  /** Told each line that k6 writes. */
  onLine?: (line: string) => void;
  signal: AbortSignal;
}

/** k6's status when a threshold was crossed: the books say by themselves what was wrong. */
const THRESHOLD_CROSSED = 99;

/**
 * Runs k6 to its end, without a word to its makers and with only those tags that are read here.
 * @throws {Error} With k6's own last message when it could not run; the signal's reason when that was aborted.
 */
export async function runK6({ k6, script, env, csv, guardian, signal, onLine }: K6Run): Promise<void> {
  const variables = Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  const tags = ['--system-tags', 'name,scenario,expected_response'];
  let problem = '';
  const { code } = await runCommand({
    argv: [
      k6,
      [
        'run',
        '--quiet',
        '--no-color',
        '--include-system-env-vars=false',
        ...tags,
        '--out',
        `csv=${csv}`,
        ...variables,
        script,
      ],
    ],
    cwd: process.cwd(),
    // Nothing of the caller's: k6 takes options from the environment (K6_DURATION), and its scripts would take our own
    // variables (RATE, BEFORE) from there.
    env: {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '',
      K6_CSV_TIME_FORMAT: 'unix_micro',
      K6_NO_USAGE_REPORT: 'true',
      K6_AUTO_EXTENSION_RESOLUTION: 'false',
    },
    guardian,
    onLine: (line) => {
      onLine?.(line);
      if (line.includes('level=error')) problem = messageIn(line);
    },
    signal,
  });
  if (code !== 0 && code !== THRESHOLD_CROSSED) throw new Error(`k6 ended with ${code}: ${problem}`);
}

/** k6 logs `time="…" level=error msg="…"`; the message may hold a stack. */
function messageIn(line: string): string {
  const message = /msg="((?:[^"\\]|\\.)*)"/.exec(line)?.[1] ?? line;
  return (message.split('\\n')[0] ?? '').replaceAll('\\"', '"');
}
