import { UnavailableError } from '@day90/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RedisLink } from 'stage-2';
import { redisPositions } from '../src/positions.ts';
import { redisOfThisFile } from './redis-rig.ts';

const redis = redisOfThisFile('positions');
let link: RedisLink;
beforeAll(async () => {
  link = await redis.sessions();
});
afterAll(() => link.close());

const position = (place: number) => `00000001${place.toString(16).toUpperCase().padStart(16, '0')}`;

describe('redisPositions', () => {
  it('knows nothing of a client that nobody raised', async () => {
    expect(await redisPositions(link).get('nobody')).toBeUndefined();
  });

  it('keeps the latest, whatever order the answers of several boxes come in', async () => {
    const boxes = [redisPositions(link), redisPositions(link), redisPositions(link)];
    const places = Array.from({ length: 60 }, (_, n) => (n * 37) % 61);
    await Promise.all(places.map((place, n) => boxes[n % 3]?.raise('crossing', position(place))));
    expect(await boxes[0]?.get('crossing')).toBe(position(60));
  });

  it('takes any position of a later timeline for later', async () => {
    const [one, other] = [redisPositions(link), redisPositions(link)];
    await one.raise('failed over', position(9999));
    await other.raise('failed over', `00000002${'0'.repeat(15)}1`);
    await redisPositions(link).raise('failed over', position(10_000));
    expect(await one.get('failed over')).toBe('000000020000000000000001');
  });

  it('asks Redis once for what it has already said, and again after Redis was emptied', async () => {
    let asked = 0;
    const counted: RedisLink = {
      call: (command, budget) => {
        asked += 1;
        return link.call(command, budget);
      },
      close: async () => {},
    };
    const positions = redisPositions(counted);
    for (let n = 0; n < 5; n++) await positions.raise('again', position(1));
    expect(asked).toBe(1);
    await link.call((client) => client.del('session:seen:again'));
    expect(await positions.get('again')).toBeUndefined();
    await positions.raise('again', position(1));
    expect(await positions.get('again')).toBe(position(1));
  });

  it('knows better than a Redis that has lost its last second, where it has raised a client itself', async () => {
    const positions = redisPositions(link);
    await positions.raise('crashed', position(2));
    await link.call((client) => client.set('session:seen:crashed', position(1)));
    expect(await positions.get('crashed')).toBe(position(2));
    await positions.raise('crashed', position(2));
    expect(await redisPositions(link).get('crashed')).toBe(position(2));
  });

  it('says so soon when Redis does not answer', async () => {
    redis.signal('SIGSTOP');
    const startedAt = performance.now();
    await expect(redisPositions(link).get('frozen')).rejects.toThrow(UnavailableError);
    expect(performance.now() - startedAt).toBeLessThan(1_900); // the socket's own time-out is 2 s
    redis.signal('SIGCONT');
  });
});
