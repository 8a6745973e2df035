import { fileURLToPath } from 'node:url';
import { BadInput, findProgram, type Guardian, runCommand, versionOf } from '@day90/infra';
import { z } from 'zod';

/** wrk as it was found. */
export interface Wrk {
  path: string;
  version: string;
}

/** One door under load by one wrk. */
export interface WrkLoad {
  wrk: Wrk;
  /** Its path is asked for where no `requests` are given. */
  url: string;
  /** Kept open and always waiting for an answer. */
  connections: number;
  /** Whole seconds: wrk knows no others. */
  seconds: number;
  /** A file of requests, as load.lua reads it, and the line to begin with. */
  requests?: { file: string; first: number } | undefined;
  guardian: Guardian;
  signal: AbortSignal;
  /** Called right before the first request is sent. */
  onUp: () => void;
  /** Called right after the last answer was counted. */
  onDone: () => void;
}

/** What one run of wrk gave. What was under way when it ended is in none of the numbers. */
export interface WrkCount {
  seconds: number;
  /** Answers with a status below 400. */
  answered: number;
  /** Answers with a status of 400 and more. */
  refused: number;
  /** Answers that did not come within wrk's 2 s; such a request may be counted among the answers later. */
  timedOut: number;
  /** Connections that could not be made, and those that broke off. */
  broken: number;
  /** Requests a second in two halves of the time, cut into slices of 0.1 s and labelled a b b a. */
  labels: [number, number];
  /** CPU time of wrk itself, in microseconds. */
  cpuMicros: number;
}

const SCRIPT = fileURLToPath(new URL('./load.lua', import.meta.url));

const spoken = z.strictObject({
  ...{ micros: z.number(), answers: z.number(), refused: z.number(), unconnected: z.number(), cutOff: z.number() },
  ...{ timedOut: z.number(), cpuMicros: z.number(), labels: z.tuple([z.number(), z.number()]) },
});

/**
 * wrk from PATH.
 * @throws {BadInput} Without it, naming the command that brings it.
 */
export function requireWrk(): Wrk {
  const path = findProgram('wrk');
  if (!path)
    throw new BadInput(
      'wrk is not there, which loads boxes to their limit: `npx -y pnpm setup:system` installs it (macOS: brew install wrk)',
      { code: 'D90-PACKAGE-MISSING' },
    );
  return { path, version: versionOf(path, ['-v']) ?? 'of no known version' };
}

/**
 * Loads one door for some seconds.
 * @throws {Error} With wrk's own last words when it could not; the signal's reason when that was aborted.
 */
export async function runWrk(load: WrkLoad): Promise<WrkCount> {
  const { url, connections, seconds, requests, guardian, signal } = load;
  let said: string | undefined;
  const shape = ['-t', '1', '-c', String(connections), '-d', `${seconds}s`, '-s', SCRIPT, url];
  const { code, lastLines } = await runCommand({
    argv: [
      load.wrk.path,
      [...shape, '--', String(seconds), ...(requests ? [requests.file, String(requests.first)] : [])],
    ],
    cwd: process.cwd(),
    env: { PATH: process.env.PATH ?? '' },
    guardian,
    onLine: (line) => {
      if (line === 'up') load.onUp();
      if (!line.startsWith('{')) return;
      load.onDone();
      said = line;
    },
    signal,
  });
  if (code !== 0 || said === undefined) throw new Error(`wrk ended with ${code}: ${lastLines.at(-1) ?? 'no word'}`);
  return countOf(said);
}

function countOf(line: string): WrkCount {
  const { micros, answers, refused, unconnected, cutOff, timedOut, cpuMicros, labels } = spoken.parse(JSON.parse(line));
  return {
    ...{ seconds: micros / 1e6, answered: answers - refused, refused, timedOut, labels, cpuMicros },
    broken: unconnected + cutOff,
  };
}
