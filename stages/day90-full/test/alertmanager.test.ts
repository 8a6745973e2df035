import { fileURLToPath } from 'node:url';
import { defineTopology, type Instance, launch } from '@day90/infra';
import { eventually } from '@day90/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { watch } from 'stage-7/boxes';
import { askChannel, breakChannel } from '../drills/channel.ts';

/** One attempt that hangs, and the next interval of its group. */
const PATIENCE_MS = 60_000;

let instance: Instance;
beforeAll(async () => {
  const { notices, alertmanager } = watch(17_061);
  const topology = defineTopology({ stage: 'stage-7', door: 'alertmanager', boxes: { notices, alertmanager } });
  instance = await launch(topology, {
    ...{ folder: fileURLToPath(new URL('..', import.meta.url)), instance: `test-alertmanager-${process.pid}` },
    ...{ ports: 'free', quiet: true, throwAway: true, onProgress: () => {} },
  });
}, PATIENCE_MS);
afterAll(() => instance?.stop());

/** As Prometheus tells of alerts. */
async function tell(...alerts: { alertname: string; instance?: string; severity?: string }[]): Promise<void> {
  const body = alerts.map(({ severity = 'page', ...labels }) => ({
    labels: { severity, ...labels },
    annotations: {
      summary: `${labels.alertname} of ${labels.instance}.`,
      runbook: `docs/runbooks/${labels.alertname}.md`,
    },
    generatorURL: 'http://127.0.0.1/graph',
  }));
  const headers = { 'Content-Type': 'application/json' };
  const { status } = await fetch(`${instance.url}/api/v2/alerts`, {
    ...{ method: 'POST', headers, body: JSON.stringify(body) },
  });
  if (status !== 200) throw new Error(`Alertmanager answered ${status}`);
}

const told = async (title: string) =>
  (await askChannel({ instance })).notices.filter((notice) => notice.title === title);
const arrives = (title: string) =>
  eventually(
    () => told(title),
    (found) => found.length > 0,
    PATIENCE_MS,
  );

describe('Alertmanager', () => {
  it(
    'makes one notice of all boxes that the same has happened to',
    async () => {
      const boxes = ['app-1', 'app-2', 'app-3'];
      await tell(...boxes.map((box) => ({ alertname: 'TargetDown', instance: box })));
      const [notice] = await arrives('FIRING: TargetDown');
      for (const box of boxes) expect(notice?.text).toContain(`TargetDown of ${box}.`);
      expect(notice).toMatchObject({ color: 'danger', link: 'http://127.0.0.1/graph' });
      expect(notice?.text).toMatch(/docs\/runbooks\/TargetDown\.md$/);
    },
    PATIENCE_MS,
  );

  it(
    'tells nothing of what follows from a dead database',
    async () => {
      await tell(
        { alertname: 'DatabaseDown', instance: 'db-1' },
        { alertname: 'ErrorRatioHigh' },
        { alertname: 'OutboxOld' },
        { alertname: 'JobsGivenUp', severity: 'ticket' },
      );
      await arrives('FIRING: DatabaseDown');
      expect(await arrives('FIRING: JobsGivenUp')).toMatchObject([{ color: 'warning' }]);
      expect(await told('FIRING: ErrorRatioHigh')).toEqual([]);
      expect(await told('FIRING: OutboxOld')).toEqual([]);
    },
    PATIENCE_MS,
  );

  it(
    'sends the Watchdog to the dead-man switch alone',
    async () => {
      await tell({ alertname: 'Watchdog', severity: 'none' });
      const alive = async () => (await askChannel({ instance })).watchdog.state;
      expect(await eventually(alive, (state) => state === 'alive', PATIENCE_MS)).toBe('alive');
      expect(await told('FIRING: Watchdog')).toEqual([]);
    },
    PATIENCE_MS,
  );

  it.each([
    ['500', 'RedisDown'],
    ['hang', 'ProxyDown'],
  ] as const)(
    'tries again what the channel answered by %s',
    async (fault, alertname) => {
      await breakChannel({ instance }, fault);
      await tell({ alertname, instance: 'one' });
      const refused = async () => (await askChannel({ instance })).refused[fault];
      expect(await eventually(refused, (count) => count > 0, PATIENCE_MS)).toBeGreaterThan(0);
      await breakChannel({ instance }, 'none');
      expect(await arrives(`FIRING: ${alertname}`)).toHaveLength(1);
    },
    PATIENCE_MS,
  );
});
