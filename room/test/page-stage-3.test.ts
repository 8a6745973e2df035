import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { faultsOf, type OpenRoom, openRoomOf } from './room-in-browser.ts';

let room: OpenRoom;
beforeAll(async () => {
  room = await openRoomOf('day30-scaleout', 'stage-3');
}, 240_000);
afterAll(() => room?.close(), 60_000);

describe('the room of stage 3', () => {
  it('has readers notice nothing while one of three boxes is killed', async () => {
    await room.page.locator('[data-mark=app] summary', { hasText: 'app-2' }).click();
    await room.page.getByRole('button', { name: 'kill app-2' }).click();
    await room.page.locator('.trial', { hasText: / as expected/ }).waitFor({ timeout: 90_000 });
    expect(room.faults).toEqual([]);
  }, 120_000);

  it('adds a box, and takes it away', async () => {
    await room.page.locator('[data-mark=app] summary', { hasText: 'all of them' }).click();
    await room.page.getByRole('button', { name: 'one more app' }).click();
    await room.page
      .getByRole('button', { name: 'kill app-4', includeHidden: true })
      .waitFor({ state: 'attached', timeout: 60_000 });
    expect(room.instance.boxesOf('app')).toHaveLength(4);
    await room.page.getByRole('button', { name: 'one less app' }).click();
    await room.page
      .getByRole('button', { name: 'kill app-4', includeHidden: true })
      .waitFor({ state: 'detached', timeout: 60_000 });
    expect(await faultsOf(room.page)).toEqual([]);
  }, 150_000);
});
