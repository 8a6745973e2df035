import {
  carriedBy,
  closedLoop,
  knownScalability,
  type MeasureContext,
  type Measurement,
  mean,
  measuredValue,
  publicPaths,
  timesOne,
} from '@day90/bench';
import type { Instance } from '@day90/infra';
import { limitApp, SATURATED_SHARE } from '../cached-stage.ts';

const WARM_UP_REQUESTS = 8_000;
/** In a budget's shadow: few at once, so that nothing waits for anything. */
const CONNECTIONS = 4;
const REQUESTS = 3_000;
/** The farthest that a prediction may be off, in per cent. */
export const MOST_OFF = 15;

/** Paths in the shares of the public, the same ones each time. */
export function readPaths(context: Pick<MeasureContext, 'scale' | 'seed'>, count: number): string[] {
  const next = publicPaths(context);
  return Array.from({ length: count }, next);
}

/** Asks each app box by itself, without its budget, until it has compiled what it runs and the cache has what is read. */
export async function warmUpReads(instance: Instance, context: MeasureContext): Promise<void> {
  limitApp(instance, undefined);
  for (const box of instance.boxesOf('app')) {
    const url = `http://127.0.0.1:${instance.box(box).port}`;
    const nextPath = publicPaths(context);
    await closedLoop({ url, connections: 16, requests: WARM_UP_REQUESTS, nextPath, signal: context.signal });
  }
}

/** What so many boxes will carry in a second, from the CPU time of one request. */
export async function predict(
  instance: Instance,
  context: MeasureContext,
  sizes: readonly number[],
): Promise<Record<number, number>> {
  const before = instance.usage('app-1').cpuMicros;
  const nextPath = publicPaths(context);
  await closedLoop({
    url: instance.url,
    connections: CONNECTIONS,
    requests: REQUESTS,
    nextPath,
    signal: context.signal,
  });
  const seconds = (instance.usage('app-1').cpuMicros - before) / REQUESTS / 1e6;
  const one = carriedBy(SATURATED_SHARE, seconds);
  const usl = knownScalability();
  return Object.fromEntries(sizes.map((n) => [n, one * timesOne(n, usl)]));
}

/** Each prediction beside what came, and how far the worst of them is off. */
export function predictionValues(
  predicted: Readonly<Record<number, number>>,
  measured: Readonly<Record<number, readonly number[]>>,
  judged: boolean,
): NonNullable<Measurement['values']> {
  const sizes = Object.keys(measured).map(Number);
  const said = (n: number) => predicted[n] ?? Number.NaN;
  const boxes = (n: number) => (n === 1 ? '1 box' : `${n} boxes`);
  const off = sizes.map((n) => Math.abs(said(n) / mean(measured[n] ?? []) - 1) * 100);
  return [
    ...sizes.flatMap((n) => [
      measuredValue(`${boxes(n)}, predicted`, '/s', said(n)),
      measuredValue(`${boxes(n)}, measured`, '/s', measured[n] ?? []),
    ]),
    measuredValue(
      'the farthest that a prediction is off',
      '%',
      Math.max(...off),
      judged ? { op: '<=', value: MOST_OFF } : undefined,
    ),
  ];
}
