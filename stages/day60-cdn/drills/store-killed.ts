import { atMost, type Check, type Drill, during, JUDGED, noneFailed } from '@day90/bench/drill';
import { canHaveTool } from '@day90/infra';
import { Album, type Heard } from './album.ts';
import { bookChecks, pictureBooks } from './picture-books.ts';

const DOWN_MS = 8_000;
const SOON_MS = 4_000;
const PICTURES = 5;

let album: Album;
let refused: Heard[];
let looks: Heard[];
let unseen: Heard;

/** Without their store pictures go on being shown where they have been seen, and none is taken that could not be kept. */
export const storeKilled: Drill = {
  number: 22,
  slug: 'store-killed',
  stage: 'stage-5',
  title: 'the store of pictures down for 8 s while pictures are sent and looked at',
  expects: [
    'pictures that are sent: 503 within 4 s, and no row',
    'pictures that have been looked at are shown by the edge; one that has not: 503 within 4 s',
    'everything else: 0 failed; once the store is back, pictures are taken and all are shown',
  ],
  topology: 'src/topology.ts',
  env: { app: { CACHE_POST_SECONDS: '1', EDGE_MOST_SECONDS: '1', UPLOAD_TURNS_PER_HOUR: '1000000' } },
  rate: 40,
  mix: { post: 20, feed: 30, me: 10, keyed: 10, update: 5 },
  faultSeconds: 15,
  skip: () => (canHaveTool('versitygw') ? undefined : 'no S3 server can be had here: pictures are in a folder'),
  async rehearse(rig) {
    album = await Album.open(rig);
    for (let n = 0; n < PICTURES + 1; n += 1) await album.send();
    for (const path of album.kept.slice(0, PICTURES)) await album.look(path);
  },
  async fault(rig) {
    const [last = '', ...seen] = album.kept.toReversed();
    const { pid } = rig.instance.box('s3');
    rig.instance.hold('s3');
    await rig.kill('s3');
    const until = rig.now() + DOWN_MS;
    const already = album.sent.length;
    const sending = album.sendUntil(() => rig.now() > until, 300);
    looks = [];
    unseen = await album.look(last);
    while (rig.now() < until) {
      for (const path of seen) looks.push(await album.look(path));
      await rig.sleep(200);
    }
    await sending;
    refused = album.sent.slice(already);
    rig.instance.release('s3');
    await rig.restarted('s3', pid, 15_000);
  },
  async heal() {
    await album.send();
  },
  async judge(records, rig) {
    const notShown = await album.notShown();
    return [
      ...refusals(),
      ...bookChecks(await pictureBooks(rig), 0),
      {
        id: 'edge',
        criterion: 'pictures that have been looked at are shown by the edge',
        value: `${looks.filter(isFromEdge).length} of ${looks.length}`,
        passed: looks.length > 0 && looks.every(isFromEdge),
      },
      {
        id: 'shown',
        criterion: 'afterwards one more is taken, and all are shown',
        value: `${notShown} of ${album.kept.length} are not`,
        passed: notShown === 0 && album.kept.length === PICTURES + 2,
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

function refusals(): Check[] {
  const others = [...refused, unseen].filter(({ status }) => status !== 503);
  return [
    {
      id: 'refused',
      criterion: 'pictures that are sent, and one that nobody has looked at: 503',
      value: `${others.length} of ${refused.length + 1} are not`,
      passed: refused.length > 0 && others.length === 0,
    },
    atMost('soon', 'each within 4 s', Math.max(...[...refused, unseen].map(({ ms }) => ms)), SOON_MS, 'ms'),
  ];
}

function isFromEdge({ status, headers }: Heard): boolean {
  return status === 200 && headers.get('x-cache') !== 'MISS';
}
