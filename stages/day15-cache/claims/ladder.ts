import { fileURLToPath } from 'node:url';
import { closedLoop, type MeasuredClaim, measureLadder } from '@day90/bench';
import { idOfRank, SCALES, zipfRanks } from '@day90/testing/data';
import { RUNGS } from './ladder/rungs.ts';
import { topology } from './ladder/topology.ts';

/** The posts that are asked for. All of them fit into the cache, so that each request is a hit. */
const POSTS = 5_000;

/** What each layer of the app costs a hit, in CPU time. */
export const ladder: MeasuredClaim = {
  kind: 'measured',
  id: 'ladder',
  title:
    'What each layer costs: one cached post, from a bare server with the same GET from Redis to the app as it is shipped',
  proves: [],
  seconds: 35,
  measure(context) {
    const pathOf = (rank: number) => `/posts/${idOfRank(rank, SCALES[context.scale].posts)}`;
    return measureLadder(
      {
        rungs: RUNGS,
        topology,
        folder: fileURLToPath(new URL('..', import.meta.url)),
        requests: 1_500,
        paths(random) {
          const rank = zipfRanks(POSTS, random);
          return () => pathOf(rank());
        },
        async prepare({ url }) {
          let rank = 0;
          const nextPath = () => pathOf(1 + (rank++ % POSTS));
          await closedLoop({ url, connections: 8, requests: POSTS, nextPath, signal: context.signal });
        },
        notes: [
          `GET /posts/:id, by Zipf's law among the ${POSTS.toLocaleString('en')} posts read most, all of which were in the cache.`,
          'The floor is a node:http server that forwards what the same client gets from the same Redis, as it is held there.',
        ],
      },
      context,
    );
  },
};
