import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type RecordedAnswer, recordAnswer } from '../recorded-answer.ts';
import { type K6Run, runK6 } from './k6-process.ts';
import { readSamples } from './k6-samples.ts';

/** A run that asked more of its generator than this share of the ceiling is void (MEASURING rule 11). */
export const LARGEST_SHARE = 0.7;

const SECONDS = 3;
/** Enough that k6 never waits for this server, few enough to start at once. */
const USERS = 16;

/**
 * How many requests a second this generator can send with this very script: visitors who come back at once, to a bare
 * `node:http` server that gives one constant answer, the first one of the real arm to what the script asks for.
 *
 * @param run - Without the arms' addresses: a script sends its load to them, wherever else it is told to.
 * @param like - URL of the arm whose answer is copied.
 * @throws {RangeError} When they are there all the same, and the ceiling would be that of the arms.
 */
export async function generatorCeiling(run: K6Run, like: string): Promise<number> {
  if (run.env.BEFORE !== undefined) throw new RangeError('the load would go to the arms, and not to a constant answer');
  let copy: Promise<RecordedAnswer> | undefined;
  const server = createServer((request, response) => {
    copy ??= recordAnswer(new URL(request.url ?? '/', like));
    copy.then(
      ({ status, headers, body }) => response.writeHead(status, headers).end(body),
      (error: unknown) => response.destroy(error instanceof Error ? error : undefined),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const env = {
      ...run.env,
      BASE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      CLOSED_LOOP_USERS: String(USERS),
      SECONDS: String(SECONDS),
    };
    await runK6({ ...run, env });
    const { counters } = await readSamples(run.csv);
    return Math.round((counters.offered ?? 0) / SECONDS);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}
