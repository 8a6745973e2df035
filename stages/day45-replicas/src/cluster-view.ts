import { BEYOND_COPIES } from '@day90/core';
import type { DatabaseNode, Sighting } from './database-node.ts';
import { LagLedger } from './lag.ts';
import { Timelines, timelineOf } from './timelines.ts';

/** What this process knows of the databases, from looking at them: who is the primary, who has seen how much, who lags. */
export class ClusterView {
  readonly nodes: readonly DatabaseNode[];
  readonly #maxLagMs: number;
  readonly #timelines = new Timelines();
  readonly #ledger: LagLedger;

  /** @param maxLagMs - How far behind a standby may be that is read, in milliseconds. */
  constructor(nodes: readonly DatabaseNode[], maxLagMs: number) {
    this.nodes = nodes;
    this.#maxLagMs = maxLagMs;
    this.#ledger = new LagLedger(maxLagMs);
  }

  /**
   * The one that takes writes: no standby, and on the latest timeline. It stays the primary while it can't be reached, until
   * there is another one: writes to it fail by themselves. `undefined` while nobody is.
   */
  get primary(): DatabaseNode | undefined {
    const { latest } = this.#timelines;
    return this.nodes.find(({ seen }) => seen?.timeline === latest);
  }

  /** Failovers since this process began to look. */
  get failovers(): number {
    return this.#timelines.changes;
  }

  /** Takes in what a node told at a time, in milliseconds of any clock that goes on. */
  note(sighting: Sighting, at: number): void {
    const { timeline, place } = sighting;
    if (timeline === undefined) return;
    this.#timelines.note(timeline, place);
    // An old primary that came back is none: copies are not behind what it writes to itself.
    if (timeline === this.#timelines.latest) this.#ledger.note(timeline + place, at);
  }

  /** Where a database stood that told this. */
  positionOf({ timeline, place }: Sighting): string {
    return timeline === undefined ? this.#timelines.ofStandby(place) : timeline + place;
  }

  /** How far a standby is behind, in milliseconds; endless for what was never seen. */
  lagOf({ seen }: DatabaseNode): number {
    return seen ? this.#ledger.of(this.positionOf(seen)) : Number.POSITIVE_INFINITY;
  }

  /** Whether a node is read at all: it answers, takes writes as the primary or none, and is not too far behind. */
  isInRotation(node: DatabaseNode): boolean {
    const { seen, up } = node;
    if (!up || !seen) return false;
    if (node === this.primary) return true;
    return seen.timeline === undefined && this.lagOf(node) <= this.#maxLagMs;
  }

  /** Whether a node is known to have seen as much as `floor` says. A primary has all there is, while it is one. */
  hasSeen(node: DatabaseNode, floor: string): boolean {
    const { seen } = node;
    if (!seen) return false;
    if (node === this.primary) return floor === BEYOND_COPIES || !this.#isDeposed(seen, floor);
    return this.positionOf(seen) >= floor;
  }

  /** Somebody has seen a later timeline than this primary's: another process knew of the failover before this one does. */
  #isDeposed({ timeline = '' }: Sighting, floor: string): boolean {
    return timelineOf(floor) > timeline;
  }
}
