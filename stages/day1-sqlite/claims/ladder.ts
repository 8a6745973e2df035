import { fileURLToPath } from 'node:url';
import { type MeasuredClaim, measureLadder } from '@day90/bench';
import { idOfRank, SCALES, zipfRanks } from '@day90/testing/data';
import { RUNGS } from './ladder/rungs.ts';
import { topology } from './ladder/topology.ts';

/** What each layer of the app costs one request, in CPU time. */
export const ladder: MeasuredClaim = {
  kind: 'measured',
  id: 'ladder',
  title: 'What each layer costs: one post, from a bare server with the same look-up to the app as it is shipped',
  proves: [],
  seconds: 65,
  measure(context) {
    const { posts } = SCALES[context.scale];
    return measureLadder(
      {
        rungs: RUNGS,
        topology,
        folder: fileURLToPath(new URL('..', import.meta.url)),
        requests: 1_500,
        paths(random) {
          const rank = zipfRanks(posts, random);
          return () => `/posts/${idOfRank(rank(), posts)}`;
        },
        notes: ["GET /posts/:id, posts by Zipf's law."],
      },
      context,
    );
  },
};
