import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { atMost, type Drill, type Rig } from '@day90/bench/drill';
import { Album } from './album.ts';
import { mostGrowth, openFiles } from './open-files.ts';
import { bookChecks, pictureBooks } from './picture-books.ts';

const ABORTS = 1_000;
const AT_ONCE = 4;
/** Now and then a box is just busy, and hears of one when it is over. */
const LEAST_HEARD = 0.8 * ABORTS;
const SENDERS = 6;
/** Idle connections to the store, to Redis and to databases come and go. */
const SPARED_FILES = 20;

let album: Album;

/** Of what was begun and never came to its end nothing is left, and of what did everything is there. */
export const uploadsAborted: Drill = {
  number: 21,
  slug: 'uploads-aborted',
  stage: 'stage-5',
  title: `${ABORTS.toLocaleString('en')} pictures broken off at half, then kill -9 of two apps while others are sent`,
  expects: [
    'no row without its picture; every picture that was acknowledged is shown, whole',
    'no parts in the store, and no more pictures without a row than were under way at the kills',
    'no connection or file stays open',
  ],
  topology: 'src/topology.ts',
  env: { app: { CACHE_POST_SECONDS: '1', EDGE_MOST_SECONDS: '1', UPLOAD_TURNS_PER_HOUR: '1000000' } },
  rate: 40,
  mix: { post: 20, feed: 30, me: 10, keyed: 10 },
  faultSeconds: 45,
  async rehearse(rig) {
    album = await Album.open(rig);
    await Promise.all(Array.from({ length: SENDERS }, () => album.send()));
  },
  async fault(rig) {
    const before = openFiles(rig);
    let left = ABORTS;
    const breakOff = async () => {
      while (left-- > 0) await album.breakOff();
    };
    await Promise.all(Array.from({ length: AT_ONCE }, breakOff));
    await rig.sleep(500);
    rig.facts['more open files'] = mostGrowth(before, openFiles(rig));
    rig.facts['heard of'] = brokenOff(rig);
    for (const box of ['app-1', 'app-2']) {
      let ended = false;
      const senders = Array.from({ length: SENDERS }, () => album.sendUntil(() => ended));
      await rig.sleep(1_500);
      const { pid } = rig.instance.box(box);
      await rig.kill(box);
      ended = true;
      await Promise.all(senders);
      await rig.restarted(box, pid, 15_000);
    }
  },
  async heal() {
    // The launcher has started both again.
  },
  async judge(_records, rig) {
    const notShown = await album.notShown();
    return [
      ...bookChecks(await pictureBooks(rig), 2 * SENDERS),
      {
        id: 'shown',
        criterion: 'acknowledged pictures that are not shown: 0',
        value: `${notShown} of ${album.kept.length}`,
        passed: notShown === 0 && album.kept.length > SENDERS,
      },
      {
        id: 'heard',
        criterion: `of ${ABORTS} that broke off an app had begun to read ≥ ${LEAST_HEARD}`,
        value: String(rig.facts['heard of']),
        passed: (rig.facts['heard of'] ?? 0) >= LEAST_HEARD,
      },
      atMost(
        'files',
        `open files of an app ≤ ${SPARED_FILES} more than before`,
        rig.facts['more open files'] ?? Number.NaN,
        SPARED_FILES,
        '',
      ),
    ];
  },
  mutation: {
    title: 'answers before the picture is in the store',
    topology: 'drills/write-behind/topology.ts',
    breaks: ['rows', 'shown'],
  },
};

/** How many of them had begun in an app, and not been turned away at a door before it. */
function brokenOff({ logs }: Rig): number {
  const lines = readdirSync(logs)
    .filter((name) => name.startsWith('app-'))
    .flatMap((name) => readFileSync(join(logs, name), 'utf8').split('\n'));
  return lines.filter((line) => line.includes('"event":"invalid"') && line.includes('"path":"/images"')).length;
}
