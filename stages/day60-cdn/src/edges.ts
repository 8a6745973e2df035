import type { Logger, Resource } from '@day90/core';
import { Invalidations } from 'stage-2';
import { edgeClient } from './edge-client.ts';

/**
 * A fetch that was under way when a purge came may bring what the purge was for. An edge keeps that for a second only; this is
 * for one that can't, and for the moment between its look and its keeping: the longest that an edge waits for an answer.
 */
const AGAIN_MS = 8000;
/** What is purged within so long is said again in one go. */
const GATHER_MS = 1000;
/** What an edge has kept for longer is over by itself. */
const FORGET_MS = 600_000;

/** All edges of an app. */
export interface Edges {
  /**
   * Tells them what is over, to be called after the commit. Resolves once the first one, which the others ask, has been told: they
   * are told after it, or would get from it what they have just let go. Never rejects: an edge that is away is tried again.
   */
  purge(tags: string[]): Promise<void>;
}

/**
 * The edges by their addresses, the one before the origin first.
 * @param config.EDGE_PURGE_KEY - Proves to them that a purge comes from the app.
 * @param options.againMs - Time after which a purge is said once more, within a second, in milliseconds.
 */
export function connectEdges(
  { EDGE_URLS, EDGE_PURGE_KEY }: { EDGE_URLS: string[]; EDGE_PURGE_KEY: string },
  logger: Logger,
  { againMs = AGAIN_MS } = {},
): Edges & Resource {
  const clients = EDGE_URLS.map((url) => edgeClient(url, EDGE_PURGE_KEY, logger));
  const tell = async (edges: Invalidations[], tags: string[]) => {
    await Promise.all(edges.map((edge) => edge.add(tags, '')));
  };
  const [shield, ...behind] = clients.map(
    (client, i) =>
      new Invalidations(async (tags) => {
        const done = await client.purge(tags);
        if (done && i === 0) void tell(behind, tags);
        return done;
      }, FORGET_MS),
  );
  const timers = new Set<NodeJS.Timeout>();
  let again: { tags: Set<string>; until: number } | undefined;
  const sayAgain = (edge: Invalidations, tags: string[]) => {
    if (!again || performance.now() >= again.until) {
      const gathered = new Set<string>();
      again = { tags: gathered, until: performance.now() + GATHER_MS };
      const timer = setTimeout(() => {
        timers.delete(timer);
        void tell([edge], [...gathered]);
      }, GATHER_MS + againMs).unref();
      timers.add(timer);
    }
    for (const tag of tags) again.tags.add(tag);
  };
  return {
    async purge(tags) {
      if (!shield) return;
      sayAgain(shield, tags);
      await tell([shield], tags);
    },
    async close() {
      for (const timer of timers) clearTimeout(timer);
      await Promise.all([shield, ...behind].map((edge) => edge?.close()));
      for (const client of clients) client.close();
    },
  };
}
