import { spawn } from 'node:child_process';

/** A run of one script. */
export interface K6Run {
  /** The k6 binary. */
  k6: string;
  script: string;
  /** `-e` variables of the script. */
  env: Record<string, string>;
  /** Where the raw samples go. */
  csv: string;
  signal: AbortSignal;
}

/** k6's status when a threshold was crossed: the books say by themselves what was wrong. */
const THRESHOLD_CROSSED = 99;

/**
 * Runs k6 to its end, without a word to its makers and with only those tags that are read here.
 * @throws {Error} With k6's own last message when it could not run; the signal's reason when that was aborted.
 */
export async function runK6({ k6, script, env, csv, signal }: K6Run): Promise<void> {
  signal.throwIfAborted();
  const variables = Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  const tags = ['--system-tags', 'name,scenario,expected_response'];
  const child = spawn(k6, ['run', '--quiet', '--no-color', ...tags, '--out', `csv=${csv}`, ...variables, script], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      K6_CSV_TIME_FORMAT: 'unix_micro',
      K6_NO_USAGE_REPORT: 'true',
      K6_AUTO_EXTENSION_RESOLUTION: 'false',
    },
  });
  // SIGKILL: asked politely, k6 finishes its iterations first, and what it measured is thrown away anyway.
  const end = () => child.kill('SIGKILL');
  signal.addEventListener('abort', end);
  process.once('exit', end);
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-10_000);
  });
  try {
    const status = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    signal.throwIfAborted();
    if (status !== 0 && status !== THRESHOLD_CROSSED)
      throw new Error(`k6 ended with ${status}: ${lastMessage(errors)}`);
  } finally {
    signal.removeEventListener('abort', end);
    process.removeListener('exit', end);
  }
}

/** k6 logs `time="…" level=error msg="…"`; the message may hold a stack. */
function lastMessage(errors: string): string {
  const line = errors.trim().split('\n').at(-1) ?? '';
  const message = /msg="((?:[^"\\]|\\.)*)"/.exec(line)?.[1] ?? line;
  return (message.split('\\n')[0] ?? '').replaceAll('\\"', '"');
}
