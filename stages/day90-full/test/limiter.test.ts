import { createSocket } from 'node:dgram';
import { createLogger } from '@day90/core';
import { eventually } from '@day90/testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { inFlightLimit } from '../src/in-flight-limit.ts';
import { hearReports, type LimitReport } from '../src/limit-reports.ts';
import type { FrontLimits } from '../src/limiter/front-limits.ts';
import { steerProxy } from '../src/limiter/steer-proxy.ts';

const logger = createLogger({ BOX: 'test', LOG_LEVEL: 'silent' });
const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});
function use<T extends { close(): Promise<void> }>(one: T): T {
  opened.push(one);
  return one;
}

async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(resolve));
  return port;
}

/** A proxy that notes the places it is given for each box, and when. */
function steered() {
  const set: { inFlight: number; at: number }[] = [];
  const { hear } = use(
    steerProxy({
      ...{ PUBLIC_READ_SHARE: 0.4, logger },
      set: async ({ inFlight }) => void set.push({ inFlight, at: performance.now() }),
    }),
  );
  return { set, hear };
}

describe('the way from a box to the proxy', () => {
  it('leads from the reports of each box to limits that are set once', async () => {
    const set: FrontLimits[] = [];
    const { hear } = use(steerProxy({ PUBLIC_READ_SHARE: 0.75, logger, set: async (limits) => void set.push(limits) }));
    const port = await freeUdpPort();
    use(await hearReports(port, hear, { host: '127.0.0.1', logger }));
    for (const BOX of ['app-1', 'app-2'])
      use(inFlightLimit({ BOX, TARGET_MS: 40, LIMITER: `127.0.0.1:${port}` }, logger));
    const both = { inFlight: 32, publicReads: 48 };
    expect(
      await eventually(
        async () => set.at(-1),
        (limits) => limits?.publicReads === 48,
        10_000,
      ),
    ).toEqual(both);
    const { length } = set;
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(set).toHaveLength(length);
  });

  it('tries again when the proxy could not be told', async () => {
    let tries = 0;
    const set = async () => {
      tries += 1;
      if (tries < 2) throw new Error('not up yet');
    };
    const { hear } = use(steerProxy({ PUBLIC_READ_SHARE: 0.75, logger, set }));
    const again = setInterval(() => hear({ box: 'app-1', limit: 32, peak: 1 }), 200);
    expect(
      await eventually(
        async () => tries,
        (count) => count >= 2,
        10_000,
      ),
    ).toBe(2);
    clearInterval(again);
  });

  it('follows a change within a moment, and the next one a second later: each is a reload', async () => {
    const { set, hear } = steered();
    const until = (count: number) =>
      eventually(
        async () => set.length,
        (length) => length === count,
        5000,
      );
    hear({ box: 'app-1', limit: 32, peak: 1 });
    await until(1);
    await new Promise((resolve) => setTimeout(resolve, 1250));
    const heardAt = performance.now();
    hear({ box: 'app-1', limit: 16, peak: 1 });
    await until(2);
    expect((set[1]?.at ?? 0) - heardAt).toBeLessThan(600);
    hear({ box: 'app-1', limit: 8, peak: 1 });
    await new Promise((resolve) => setTimeout(resolve, 500));
    hear({ box: 'app-1', limit: 4, peak: 1 });
    await until(3);
    expect(set.map(({ inFlight }) => inFlight)).toEqual([32, 16, 4]);
    expect((set[2]?.at ?? 0) - (set[1]?.at ?? 0)).toBeGreaterThan(950);
  });

  it('goes up by a little only when that has lasted for three seconds', async () => {
    const { set, hear } = steered();
    const began = performance.now();
    const limit = () => {
      const after = performance.now() - began;
      return after < 1500 || (after < 4000 && Math.floor(after / 500) % 2 === 1) ? 2 : 3;
    };
    const saying = setInterval(() => hear({ box: 'app-1', limit: limit(), peak: 1 }), 100);
    await eventually(
      async () => set.at(-1)?.inFlight,
      (inFlight) => inFlight === 3,
      10_000,
    );
    clearInterval(saying);
    expect(set.map(({ inFlight }) => inFlight)).toEqual([2, 3]);
    expect((set[1]?.at ?? 0) - began).toBeGreaterThan(6300);
  });

  it('does not take a silence for three seconds at one limit', async () => {
    const { set, hear } = steered();
    const isNow = (inFlight: number) =>
      eventually(
        async () => set.at(-1)?.inFlight,
        (last) => last === inFlight,
        10_000,
      );
    hear({ box: 'app-1', limit: 2, peak: 1 });
    await isNow(2);
    await new Promise((resolve) => setTimeout(resolve, 4500));
    const saying = setInterval(() => hear({ box: 'app-1', limit: 3, peak: 1 }), 100);
    await new Promise((resolve) => setTimeout(resolve, 2000));
    expect(set.map(({ inFlight }) => inFlight)).toEqual([2]);
    await isNow(3);
    clearInterval(saying);
  });

  it('tells how much of the limit was under way, one that takes seconds no more than once', async () => {
    const limit = use(inFlightLimit({ BOX: 'app-1', TARGET_MS: 60_000 }, logger));
    const seen = new Set<number>();
    const looks = (count: number) =>
      eventually(
        async () => seen.add(limit.share).size,
        (size) => size >= count,
        10_000,
      );
    const leave = limit.enter(undefined);
    await looks(3);
    leave();
    await looks(4);
    expect(Math.max(...seen) * 32).toBeGreaterThan(0.8);
    expect(Math.max(...seen) * 32).toBeLessThan(1.01);
    await eventually(
      async () => limit.share,
      (share) => share === 0,
      10_000,
    );
  });

  it('passes over what is no report', async () => {
    const heard: LimitReport[] = [];
    const port = await freeUdpPort();
    use(await hearReports(port, (report) => heard.push(report), { host: '127.0.0.1', logger }));
    const socket = createSocket('udp4');
    for (const text of ['', '{', '{"box":"app-1","limit":-1,"peak":0}', '{"box":"app-1","limit":8,"peak":0}'])
      socket.send(text, port, '127.0.0.1');
    expect(
      await eventually(
        async () => heard.length,
        (count) => count > 0,
        10_000,
      ),
    ).toBe(1);
    expect(heard).toEqual([{ box: 'app-1', limit: 8, peak: 0 }]);
    socket.close();
  });
});
