import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { faultsOf, type OpenRoom, openRoomOf } from './room-in-browser.ts';

let room: OpenRoom;
beforeAll(async () => {
  room = await openRoomOf('day1-sqlite', 'stage-1');
}, 180_000);
afterAll(() => room?.close(), 60_000);

describe('the room of stage 1', () => {
  it('draws each box with its figures, and loads nothing from elsewhere', async () => {
    expect(
      await room.page.locator('[data-mark]').evaluateAll((marks) => marks.map((one) => one.getAttribute('data-mark'))),
    ).toEqual(['visitors', 'app', 'SQLite', 'mail']);
    await room.page.locator('[data-mark=app] dt', { hasText: 'CPU' }).waitFor();
    await fetch(`${room.instance.url}/posts/17`);
    await room.page.locator('[data-mark=app] dt', { hasText: 'requests/s' }).waitFor();
    expect(room.faults).toEqual([]);
  });

  it('shows the way of a request that it sends', async () => {
    await room.page.getByRole('button', { name: 'send one request' }).click();
    await room.page.locator('.way li', { hasText: /app GET \/posts\/\d+ 200/ }).waitFor();
    expect(await faultsOf(room.page)).toEqual([]);
  });

  it('sends as much as is asked for, also after it was asked for something else', async () => {
    const { page, instance } = room;
    await page.getByLabel(/^requests a second/).fill('30');
    await page.locator('.panel', { hasText: /Now: \d+ a second/ }).waitFor({ timeout: 30_000 });
    await page.getByLabel(/^requests a second/).fill('50');
    await page.getByLabel(/^of which write/).fill('10');
    const newest = async () => (await (await fetch(`${instance.url}/posts`)).json()) as { items: { title: string }[] };
    while ((await newest()).items[0]?.title !== 'From the control room') await sleep(200);
    await page.getByRole('button', { name: 'stop' }).click();
    await page.locator('.panel', { hasText: 'Now: 0 a second' }).waitFor();
  }, 90_000);

  it('kills a box by the keyboard, having said what will happen, and tells what did', async () => {
    const { pid } = room.instance.box('app');
    await room.page.locator('[data-mark=app] summary').press('Enter');
    await room.page.locator('[data-mark=app]', { hasText: `kill -KILL -- -${pid}` }).waitFor();
    await room.page.getByRole('button', { name: 'kill app' }).press('Enter');
    await room.page.locator('.trial', { hasText: 'every request fails until it is back' }).waitFor();
    await room.page
      .locator('.trial', { hasText: / [1-9]\d* of \d+ reads failed.* as expected/ })
      .waitFor({ timeout: 60_000 });
    expect(room.instance.box('app').pid).not.toBe(pid);
    expect(await faultsOf(room.page)).toEqual([]);
  }, 90_000);
});
