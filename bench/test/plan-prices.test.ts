import { describe, expect, it } from '@jest/globals';
import { aMonth, priceListNames, readPriceList } from '../src/plan/prices.ts';

describe('the price list of the guide', () => {
  it('adds up to what the guide says it adds up to', () => {
    const { balancer, app, redis, database, cdn, objects, monitoring } = readPriceList('guide');
    const [small] = database;
    // Three app servers; a primary and two replicas.
    const lines = [balancer.cost, app.cost, app.cost, app.cost, redis.cost, cdn.cost, objects.cost, monitoring];
    const databases = 3 * aMonth(small?.cost ?? { monthly: 0 });
    expect(lines.reduce((sum, cost) => sum + aMonth(cost), databases)).toBe(1_000);
  });
});

describe.each(priceListNames())('the price list %s', (name) => {
  const list = readPriceList(name);

  it('has databases from small to large, each dearer than the one before', () => {
    const sizes = list.database.map(({ cores, cost }) => [cores, aMonth(cost)]);
    expect(sizes).toEqual([...sizes].sort(([a = 0, b = 0], [c = 0, d = 0]) => a - c || b - d));
  });

  it('says where its prices are from', () => {
    for (const { what } of list.sources) expect(what).not.toBe('');
  });
});
