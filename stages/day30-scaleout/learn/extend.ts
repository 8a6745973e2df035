import { afterEach, describe, expect, it } from '@jest/globals';
import { balance } from '../src/boxes.ts';
import { FakeBox, type NginxRig, startNginx } from '../test/nginx-rig.ts';

const REQUESTS = 300;
const choices: Record<string, { method: string; first: string }> = balance.choices;

let boxes: FakeBox[] = [];
let rig: NginxRig | undefined;
afterEach(async () => {
  await rig?.close();
  await Promise.all(boxes.map((box) => box.die()));
  [rig, boxes] = [undefined, []];
});

describe('--balance=random-two', () => {
  it('is a choice', () => {
    expect(Object.keys(choices)).toContain('random-two');
  });

  it('draws two boxes, and takes the one with fewer connections', () => {
    expect(choices['random-two']?.method).toMatch(/^random two( least_conn)?;$/);
  });

  it('is understood by nginx, and gives each box its share', async () => {
    boxes = ['app-1', 'app-2', 'app-3'].map((name) => new FakeBox(name));
    const ports = await Promise.all(boxes.map((box) => box.listen()));
    rig = await startNginx(ports, choices['random-two']?.method ?? 'not_there_yet;');
    for (let n = 0; n < REQUESTS; n += 1) await (await fetch(`${rig.url}/posts`)).text();
    const counts = boxes.map(({ seen }) => seen.length);
    expect(counts.reduce((sum, count) => sum + count)).toBe(REQUESTS);
    expect(Math.min(...counts)).toBeGreaterThan(REQUESTS / 6);
    expect(new Set(counts).size).toBeGreaterThan(1); // by turns it would be one hundred each
  });
});
