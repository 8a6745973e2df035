import { BEYOND_COPIES, currentContext, noteTiming, type Reader, UnavailableError } from '@day90/core';
import type { SqlQuery } from 'stage-1';
import { Gate } from 'stage-2';
import { chooseNode } from './choose-node.ts';
import type { ClusterView } from './cluster-view.ts';
import type { DatabaseNode, Sighting } from './database-node.ts';

/** Part of the connections to a primary that reads may hold at once: writes have nowhere else to go. */
const READS_PART = 0.6;
/** Reads that may wait for one of them, for each that there is. */
const WAITING_FOR_EACH = 5;
/** A server is not asked more often how far it is, in milliseconds: at a thousand reads a second it would do little else. */
const KNOWN_FOR_MS = 10;
/** The server ended a statement that took too long: it would on the next one. */
const QUERY_CANCELED = '57014';

/** Queries outside of any transaction, each sent to a server that may answer it. */
export class NodeReads {
  readonly #view: ClusterView;
  readonly #gates: Map<DatabaseNode, Gate>;
  #turn = 0;

  /** @param pool - Connections to each server at most. */
  constructor(view: ClusterView, pool: number) {
    this.#view = view;
    const atOnce = Math.max(1, Math.floor(pool * READS_PART));
    const gate = () => new Gate(atOnce, atOnce * WAITING_FOR_EACH, 'The database has more to read than it can.');
    this.#gates = new Map(view.nodes.map((node) => [node, gate()]));
  }

  /**
   * Reads from whichever server has seen enough, and from the next one when that fails.
   * @throws {UnavailableError} When there is none left.
   */
  async run<Row>(query: SqlQuery): Promise<Row[]> {
    const context = currentContext();
    const reader = context?.reader;
    const floor = (await reader?.floor()) ?? '';
    const tried = new Set<DatabaseNode>();
    let failure: unknown;
    for (;;) {
      const node = this.#choose(tried, failure !== undefined);
      if (!node) throw failure ?? new UnavailableError('No database can be read that has seen what this client has.');
      tried.add(node);
      if (!(await this.#hasSeen(node, floor))) continue;
      try {
        return await this.#on<Row>(node, query, reader);
      } catch (error) {
        if (!mayWorkElsewhere(error) || performance.now() > (context?.deadline ?? Infinity)) throw error;
        failure = error;
      }
    }
  }

  /** Runs a query on the primary, whatever it does there. */
  onPrimary<Row>(primary: DatabaseNode, query: SqlQuery): Promise<Row[]> {
    return this.#counted(primary, () => this.#seen<Row>(primary, query, currentContext()?.reader));
  }

  #choose(tried: ReadonlySet<DatabaseNode>, afterFailure: boolean): DatabaseNode | undefined {
    const able = this.#view.nodes.filter((node) => !tried.has(node) && this.#view.isInRotation(node));
    this.#turn += 1;
    // After a failure the primary is the last resort: what has felled a standby must not fall on the writes as well.
    const standbys = afterFailure ? able.filter((node) => node !== this.#view.primary) : [];
    return chooseNode(standbys.length > 0 ? standbys : able, this.#turn);
  }

  /**
   * Whether a node has seen as much as `floor` says; asked when that is not known. Standbys are milliseconds behind, and what
   * is known of them is older: without asking, whoever comes back within a tenth of a second would always meet the primary.
   */
  async #hasSeen(node: DatabaseNode, floor: string): Promise<boolean> {
    if (this.#view.hasSeen(node, floor)) return true;
    if (floor === BEYOND_COPIES || node === this.#view.primary) return false;
    await node.refresh(KNOWN_FOR_MS);
    return this.#view.hasSeen(node, floor);
  }

  #on<Row>(node: DatabaseNode, query: SqlQuery, reader: Reader | undefined): Promise<Row[]> {
    const read = () => this.#seen<Row>(node, query, reader);
    const gate = node === this.#view.primary ? this.#gates.get(node) : undefined;
    return this.#counted(node, () => (gate ? gate.run(read) : read()));
  }

  async #counted<T>(node: DatabaseNode, work: () => Promise<T>): Promise<T> {
    node.inFlight += 1;
    try {
      return await work();
    } finally {
      node.inFlight -= 1;
    }
  }

  /**
   * Runs a query, and tells the reader where the server stood: asked after it, so that it is not less than what was read.
   * @throws {UnavailableError} When the server is not the one any more that was chosen.
   */
  async #seen<Row>(node: DatabaseNode, query: SqlQuery, reader: Reader | undefined): Promise<Row[]> {
    const chosen = node.seen;
    noteTiming('dbnode', node === this.#view.primary ? 'desc="primary"' : `desc="replica-${node.number}"`);
    const rows = await node.db.run<Row>(query);
    node.answeredAt = performance.now();
    if (!reader) return rows;
    const sighting = await node.look();
    this.#view.note(sighting, performance.now());
    if (!this.#isAsChosen(node, chosen, sighting)) throw new UnavailableError('The database changed during a read.');
    await reader.saw(this.#view.positionOf(sighting));
    return rows;
  }

  /**
   * Whether what a server was chosen for held while it was read. A standby that was started anew may have answered from an
   * earlier place: it comes back where it last saved its pages, and is read while it replays from there. A primary has all
   * there is, while it is one: on another timeline it was a standby in between, with as little as any.
   */
  #isAsChosen(node: DatabaseNode, chosen: Sighting | undefined, sighting: Sighting): boolean {
    if (chosen?.timeline === undefined) return sighting.startedAt === chosen?.startedAt;
    return sighting.timeline === chosen.timeline && node === this.#view.primary;
  }
}

/** Whether the failure is the server's and not the query's. */
function mayWorkElsewhere(error: unknown): boolean {
  if (!(error instanceof UnavailableError)) return false;
  return (error.cause as { code?: unknown } | undefined)?.code !== QUERY_CANCELED;
}
