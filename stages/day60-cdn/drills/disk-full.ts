import { spawnSync } from 'node:child_process';
import { atMost, type Drill, during, JUDGED, noneFailed, type Rig } from '@day90/bench/drill';
import { Album, type Heard } from './album.ts';
import { bookChecks, pictureBooks } from './picture-books.ts';

const FULL_MS = 8_000;
const SOON_MS = 4_000;
/** Less than a picture, and than the log of any app that has been asked a few times. */
const MOST_BYTES = 4096;

let album: Album;
let refused: Heard[];

/** A full disk takes no picture and no line of a log, and whoever has nothing to write there notices nothing of it. */
export const diskFull: Drill = {
  number: 23,
  slug: 'disk-full',
  stage: 'stage-5',
  title: "the disk of pictures and of the apps' logs full for 8 s (no file may grow: RLIMIT_FSIZE)",
  expects: [
    'pictures that are sent: 507 within 4 s, and no row; those that are there are shown',
    'everything else: 0 failed, and no app ends',
    'once there is room, pictures are taken',
  ],
  topology: 'src/topology.ts',
  env: {
    app: {
      ...{ CACHE_POST_SECONDS: '1', EDGE_MOST_SECONDS: '1', UPLOAD_TURNS_PER_HOUR: '1000000' },
      IMAGES_URL: 'file://${data}/pictures', // the app's own writes are what can be limited: Go ends at such a limit
    },
  },
  rate: 40,
  mix: { post: 20, feed: 30, me: 10, keyed: 10, update: 5 },
  faultSeconds: 10,
  skip: () => (spawnSync('prlimit', ['--version']).status === 0 ? undefined : 'there is no prlimit here'),
  async rehearse(rig) {
    album = await Album.open(rig);
    for (let n = 0; n < 5; n += 1) await album.send();
  },
  async fault(rig) {
    const already = album.sent.length;
    limitFiles(rig, String(MOST_BYTES));
    const until = rig.now() + FULL_MS;
    await album.sendUntil(() => rig.now() > until, 300);
    refused = album.sent.slice(already);
    limitFiles(rig, 'unlimited');
  },
  async heal() {
    await album.send();
  },
  async judge(records, rig) {
    const others = refused.filter(({ status }) => status !== 507);
    const notShown = await album.notShown();
    return [
      {
        id: 'refused',
        criterion: 'pictures that are sent: 507',
        value: `${others.length} of ${refused.length} are not`,
        passed: refused.length > 0 && others.length === 0,
      },
      atMost('soon', 'each within 4 s', Math.max(...refused.map(({ ms }) => ms)), SOON_MS, 'ms'),
      ...bookChecks(await pictureBooks(rig, 'pictures'), 0),
      {
        id: 'shown',
        criterion: 'afterwards one more is taken, and all are shown',
        value: `${notShown} of ${album.kept.length} are not`,
        passed: notShown === 0 && album.kept.length === 6,
      },
      noneFailed('load', 'everything else', during(records, JUDGED)),
    ];
  },
  mutation: {
    title: 'answers before the picture is in the store',
    topology: 'drills/write-behind/topology.ts',
    breaks: ['refused', 'rows'],
  },
};

/** Files above that size may not grow, from now on, of the processes that run. The soft limit: a hard one is for ever. */
function limitFiles({ instance }: Rig, bytes: string): void {
  for (const name of instance.boxesOf('app')) {
    const pid = String(instance.box(name).pid);
    const { status, stderr } = spawnSync('prlimit', ['--pid', pid, `--fsize=${bytes}:`], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`prlimit: ${stderr.trim()}`);
  }
}
