import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { faultsOf, type OpenRoom, openRoomOf } from './room-in-browser.ts';

let room: OpenRoom;
beforeAll(async () => {
  room = await openRoomOf('day90-full', 'stage-7');
}, 300_000);
afterAll(() => room?.close(), 90_000);

describe('the room of stage 7', () => {
  it('shows the notice that comes of a box which it has frozen', async () => {
    const { page } = room;
    await page.locator('.alerts', { hasText: 'The watchdog is alive' }).waitFor({ timeout: 60_000 });
    await page.locator('[data-mark=db]', { hasText: 's behind' }).waitFor();
    await page.locator('[data-mark=app] summary', { hasText: 'app-2' }).click();
    await page.getByRole('button', { name: 'freeze app-2' }).click();
    await page.locator('.notices', { hasText: 'app-2' }).waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: 'thaw app-2' }).click();
    await page.locator('.notices', { hasText: 'RESOLVED' }).waitFor({ timeout: 60_000 });
    expect(room.faults).toEqual([]);
    expect(await faultsOf(page)).toEqual([]);
  }, 240_000);
});
