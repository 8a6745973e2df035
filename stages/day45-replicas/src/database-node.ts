import type { Resource } from '@day90/core';
import type { SqlDatabase } from 'stage-1';
import type { Postgres } from 'stage-3';
import { placeOf } from './timelines.ts';

/** What a server tells of itself in one moment. */
export interface Sighting {
  /** When it was started: what was known of it before may have gone with its memory. */
  startedAt: string;
  /** Its timeline while it is a primary; `undefined` for a standby. */
  timeline: string | undefined;
  /** How far it has written its log, or replayed that of its primary. */
  place: string;
  /** How far the log is on the disk, which is as far as a standby can get it. Of a primary only. */
  flushed: string | undefined;
}

interface SightingRow {
  started: string;
  standby: boolean;
  lsn: string;
  flushed: string | null;
  file: string | null;
}

/** One statement for both kinds: a standby refuses the functions of a primary. */
const LOOK = {
  name: 'look-at-server',
  sql: `SELECT extract(epoch FROM pg_postmaster_start_time())::text AS started, pg_is_in_recovery() AS standby,
    CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_insert_lsn() END AS lsn,
    CASE WHEN pg_is_in_recovery() THEN NULL ELSE pg_current_wal_flush_lsn() END AS flushed,
    CASE WHEN pg_is_in_recovery() THEN NULL ELSE pg_walfile_name(pg_current_wal_insert_lsn()) END AS file`,
  values: [],
};
/** The name of a log file begins with its timeline. */
const TIMELINE_DIGITS = 8;

/** A database as it is opened for requests, and once more, by a connection of its own, for whoever watches it. */
export interface NodeConnections {
  db: Postgres;
  watch: SqlDatabase & Resource;
}

/** One of the servers, primary or not: that may change. */
export class DatabaseNode {
  /** Its place in the list of URLs, from 1 on. */
  readonly number: number;
  readonly db: Postgres;
  readonly watch: SqlDatabase & Resource;
  /** Calls of this process that it has not answered yet. */
  inFlight = 0;
  /** When it last answered a request, in milliseconds on the clock of `performance.now()`. */
  answeredAt = Number.NEGATIVE_INFINITY;
  /** Whether it answered when it was last looked at, or anybody else meanwhile. */
  up = false;
  #seen: Sighting | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #looking: Promise<unknown> | undefined;

  constructor(number: number, { db, watch }: NodeConnections) {
    this.number = number;
    this.db = db;
    this.watch = watch;
  }

  /** The latest that is known of it. */
  get seen(): Sighting | undefined {
    return this.#seen;
  }

  /** Asks it how it stands. @throws {UnavailableError} When it can't be reached. */
  async look(connection: SqlDatabase = this.db): Promise<Sighting> {
    const [row] = await connection.run<SightingRow>(LOOK);
    const { started, standby, lsn, flushed, file } = row as SightingRow;
    const sighting: Sighting = {
      startedAt: started,
      timeline: standby ? undefined : file?.slice(0, TIMELINE_DIGITS),
      place: placeOf(lsn ?? '0/0'),
      flushed: flushed === null ? undefined : placeOf(flushed),
    };
    if (isLater(sighting, this.#seen)) this.#seen = sighting;
    this.#lookedAt = performance.now();
    return sighting;
  }

  /** Makes sure that what is known of it is not older than so many milliseconds; all who ask meanwhile share one look. */
  async refresh(maxAgeMs: number): Promise<void> {
    if (performance.now() - this.#lookedAt < maxAgeMs) return;
    this.#looking ??= this.look(this.watch).finally(() => {
      this.#looking = undefined;
    });
    await this.#looking.catch(() => {}); // then it is known to have seen no more than before
  }
}

/**
 * Answers cross: the one that came last may be the older one. Within the life of a server nothing goes back, neither its
 * place nor a standby that was promoted; a new life begins where that of the last one was saved.
 */
function isLater(sighting: Sighting, known: Sighting | undefined): boolean {
  if (!known || sighting.startedAt !== known.startedAt)
    return !known || Number(sighting.startedAt) > Number(known.startedAt);
  if ((sighting.timeline ?? '') !== (known.timeline ?? '')) return (sighting.timeline ?? '') > (known.timeline ?? '');
  return sighting.place >= known.place;
}
