import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger, Resource } from '@day90/core';
import type { ClusterView } from './cluster-view.ts';
import type { DatabaseNode, Sighting } from './database-node.ts';

/**
 * How often each database is looked at, in milliseconds: so long a failover, or a lag, may go unseen. At ten times a second,
 * three databases took a fifth of what a box with a tenth of a core has, whether anybody came or not.
 */
const LOOK_EVERY_MS = 250;
/** The same for one that did not answer: each look is a new connection, which costs several times what an answer does. */
const LOOK_AGAIN_MS = 1000;
/**
 * Writes a word into the log, and the log to the disk. A primary nobody writes to leaves the end of its log in memory (what
 * reads have tidied up in their pages, for one); no standby can get that, and it would look behind for as long as that lasts.
 * @see https://www.postgresql.org/docs/18/functions-admin.html#FUNCTIONS-REPLICATION
 */
const FLUSH = { name: 'flush-log', sql: `SELECT pg_logical_emit_message(false, 'day90', '', true)`, values: [] };

/** Looks at every database of a cluster until it is closed, and says when one leaves the rotation or comes back. */
export function watchNodes(view: ClusterView, logger: Logger): Resource {
  let closed = false;
  const told = new Map<DatabaseNode, string>();

  async function watch(node: DatabaseNode): Promise<void> {
    let last: Sighting | undefined;
    while (!closed) {
      const startedAt = performance.now();
      try {
        const sighting = await node.look(node.watch);
        view.note(sighting, performance.now());
        // At first it makes some by itself, and there is nobody else to read from.
        if (!node.up && last) await node.db.connect();
        node.up = true;
        if (node === view.primary && standsStill(sighting, last)) await node.watch.run(FLUSH);
        last = sighting;
      } catch {
        // Why, its pool of connections has logged. At its limit a server has whoever looks wait in line with all others.
        node.up = node.answeredAt > startedAt;
      }
      tell(node);
      const pauseMs = node.up ? LOOK_EVERY_MS : LOOK_AGAIN_MS;
      await sleep(Math.max(1, pauseMs - (performance.now() - startedAt)), undefined, { ref: false });
    }
  }

  function tell(node: DatabaseNode): void {
    const isPrimary = node === view.primary;
    const state = isPrimary ? 'is the primary' : view.isInRotation(node) ? 'is read' : 'is not read';
    if (told.get(node) === state) return;
    told.set(node, state);
    const lagMs = isPrimary ? 0 : Math.round(view.lagOf(node));
    logger.info({ node: node.number, up: node.up, lagMs }, `database ${node.number} ${state}`);
  }

  for (const node of view.nodes) void watch(node);
  return {
    async close() {
      closed = true;
    },
  };
}

/** Whether the end of a primary's log is not on its disk, and did not get there since the last look. */
function standsStill({ flushed, place }: Sighting, last: Sighting | undefined): boolean {
  return flushed !== undefined && flushed < place && flushed === last?.flushed;
}
