import { setTimeout as sleep } from 'node:timers/promises';
import {
  carriedBy,
  closedLoop,
  type MeasureContext,
  type Measurement,
  mean,
  measuredValue,
  publicPaths,
} from '@day90/bench';
import type { Instance } from '@day90/infra';
import { limitApp, SATURATED_SHARE } from '../cached-stage.ts';

const WARM_UP_REQUESTS = 8_000;
/** In a budget's shadow: few at once, so that nothing waits for anything. */
const CONNECTIONS = 4;
const REQUESTS = 1_000;
/** Until what the block before left in its queue is done with. */
const REST_MS = 100;
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

/** What one box will carry in a second, from the CPU time of one request: asked without its budget, which it has again afterwards. */
export async function predictOne(instance: Instance, nextPath: () => string, signal: AbortSignal): Promise<number> {
  limitApp(instance, undefined);
  await sleep(REST_MS);
  const before = instance.usage('app-1').cpuMicros;
  const { url } = instance;
  await closedLoop({ url, connections: CONNECTIONS, requests: REQUESTS, nextPath, signal });
  const seconds = (instance.usage('app-1').cpuMicros - before) / REQUESTS / 1e6;
  limitApp(instance, SATURATED_SHARE);
  return carriedBy(SATURATED_SHARE, seconds);
}

/** What was said of some boxes, and what came, each in a second. */
export interface Forecast {
  boxes: number;
  said: number;
  came: number;
}

/** Each prediction beside what came, and how far the worst of them is off. */
export function predictionValues(forecasts: readonly Forecast[], judged: boolean): NonNullable<Measurement['values']> {
  const sizes = [...Map.groupBy(forecasts, ({ boxes }) => boxes)].map(([boxes, all]) => ({
    label: boxes === 1 ? '1 box' : `${boxes} boxes`,
    said: all.map(({ said }) => said),
    came: all.map(({ came }) => came),
  }));
  const off = sizes.map(({ said, came }) => Math.abs(mean(said) / mean(came) - 1) * 100);
  return [
    ...sizes.flatMap(({ label, said, came }) => [
      measuredValue(`${label}, predicted`, '/s', said),
      measuredValue(`${label}, measured`, '/s', came),
    ]),
    measuredValue(
      'the farthest that a prediction is off',
      '%',
      Math.max(...off),
      judged ? { op: '<=', value: MOST_OFF } : undefined,
    ),
  ];
}
