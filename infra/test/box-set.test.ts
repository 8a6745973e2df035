import { describe, expect, it } from '@jest/globals';
import { BoxSet } from '../src/box-set.ts';
import type { BoxSettings } from '../src/box-settings.ts';
import type { Supervisor } from '../src/supervisor.ts';

/** As much of a box as its place in an order depends on. */
const settingsOf = (name: string, after: string[] = []) =>
  ({ name, of: name, box: { after } }) as unknown as BoxSettings;

describe('the boxes of a run', () => {
  it('are ended in reverse, also when one of them is removed meanwhile, as one that is just being added is', async () => {
    const boxes = new BoxSet((settings) => ({ box: { settings } }) as unknown as Supervisor);
    boxes.add(settingsOf('app'));
    boxes.add(settingsOf('web', ['app']));
    const ended: string[] = [];
    await boxes.inReverse(async ({ box }) => {
      ended.push(box.settings.name);
      boxes.remove('app');
    });
    expect(ended).toEqual(['web', 'app']);
  });
});
