import { fileURLToPath } from 'node:url';
import { eventually } from '@day90/testing';
import { type LaunchedStage, launchedStage } from '@day90/testing/launched';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { askChannel } from '../drills/channel.ts';
import { topology } from '../src/topology.ts';
import { allExpressions, rules, unknownMetrics } from './expressions.ts';

/** Two scrapes and two evaluations, on a machine that does something else, too. */
const PATIENCE_MS = 60_000;
const TEST_MS = 3 * PATIENCE_MS;

let stage: LaunchedStage;
beforeAll(async () => {
  stage = await launchedStage(topology, fileURLToPath(new URL('..', import.meta.url)), 'watch');
}, TEST_MS);
afterAll(() => stage?.stop(), TEST_MS);

async function ask<Data>(path: string): Promise<Data> {
  const response = await fetch(`http://127.0.0.1:${stage.instance.box('prometheus').port}/api/v1/${path}`);
  const { status, data, error } = (await response.json()) as { status: string; data: Data; error?: string };
  if (status !== 'success') throw new Error(error);
  return data;
}

interface Target {
  health: string;
  labels: { job: string; instance: string };
  lastError: string;
}

async function targets(): Promise<Target[]> {
  return (await ask<{ activeTargets: Target[] }>('targets?state=active')).activeTargets;
}

const query = (expr: string) =>
  ask<{ result: { value: [number, string] }[] }>(`query?query=${encodeURIComponent(expr)}`);

describe('the watch over a running stage', () => {
  it(
    'asks each box itself, and follows scale',
    async () => {
      const names = async (job: string) => {
        const all = (await targets()).filter(({ labels }) => labels.job === job);
        return all.map(({ labels }) => labels.instance).toSorted();
      };
      await eventually(
        () => names('app'),
        (found) => found.join() === 'app-1,app-2,app-3',
        PATIENCE_MS,
      );
      await stage.instance.scale('app', 4);
      await eventually(
        () => names('app'),
        (found) => found.includes('app-4'),
        PATIENCE_MS,
      );
      await stage.instance.scale('app', 2);
      await eventually(
        () => names('app'),
        (found) => found.length === 2,
        PATIENCE_MS,
      );
      const down = async () => (await targets()).filter(({ health }) => health !== 'up').map(({ labels }) => labels);
      expect(await eventually(down, (found) => found.length === 0, PATIENCE_MS)).toEqual([]);
    },
    TEST_MS,
  );

  it(
    'finds every metric that a rule or the dashboard names',
    async () => {
      await fetch(`${stage.url}/posts`);
      const known = async () => {
        const metadata = await ask<Record<string, { type: string }[]>>('metadata');
        const families = Object.entries(metadata).flatMap(([name, [one]]) =>
          one?.type === 'histogram' ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name],
        );
        // Without metadata: `up`, `ALERTS` and the like, which are nobody's, and what rules record, some only every five minutes.
        const series = await ask<string[]>('label/__name__/values');
        return new Set([...families, ...series, ...rules().flatMap(({ record }) => record ?? [])]);
      };
      const unknown = async () => unknownMetrics(allExpressions(), await known());
      expect(await eventually(unknown, (found) => found.length === 0, PATIENCE_MS)).toEqual([]);
    },
    TEST_MS,
  );

  it(
    'evaluates every rule and every query of the dashboard',
    async () => {
      const { groups } = await ask<{ groups: { rules: { name: string; health: string; lastError?: string }[] }[] }>(
        'rules',
      );
      const all = groups.flatMap((group) => group.rules);
      expect(all).toHaveLength(rules().length);
      expect(all.filter(({ health }) => health === 'err')).toEqual([]);
      for (const { expr } of allExpressions()) await query(expr);
    },
    TEST_MS,
  );

  it(
    'is quiet but for the Watchdog, which the channel hears',
    async () => {
      const alerts = async () => {
        const { alerts: all } = await ask<{ alerts: { labels: { alertname: string }; state: string }[] }>('alerts');
        return all.filter(({ state }) => state === 'firing').map(({ labels }) => labels.alertname);
      };
      expect(await eventually(alerts, (found) => found.length === 1, PATIENCE_MS)).toEqual(['Watchdog']);
      const channel = () => askChannel(stage);
      const { watchdog } = await eventually(channel, (found) => found.watchdog.state === 'alive', PATIENCE_MS);
      expect(watchdog.state).toBe('alive');
    },
    TEST_MS,
  );
});
