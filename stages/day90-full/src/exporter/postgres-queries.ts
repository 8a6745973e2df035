import type { Family } from './exposition.ts';

/** A query of the statistics, and the metrics that its columns are. */
export interface PostgresQuery {
  sql: string;
  /** Columns that tell its rows apart. */
  labels?: string[];
  metrics: { column: string; name: string; type: Family['type']; help: string }[];
}

const metric = (type: Family['type'], column: string, help: string, name = column) => ({ column, name, type, help });

/** Of the one database: what no connection is part of, such as the background writer, Postgres counts under no name. */
const DATABASE: PostgresQuery = {
  sql: `SELECT datname, numbackends, xact_commit, xact_rollback, blks_read, blks_hit, tup_returned, tup_fetched,
      tup_inserted, tup_updated, tup_deleted, conflicts, temp_bytes, deadlocks, pg_database_size(datid) AS size
    FROM pg_stat_database WHERE datname = current_database()`,
  labels: ['datname'],
  metrics: [
    metric('gauge', 'numbackends', 'Connections to this database.', 'stat_database_numbackends'),
    metric('counter', 'xact_commit', 'Transactions that were committed.', 'stat_database_xact_commit'),
    metric('counter', 'xact_rollback', 'Transactions that were rolled back.', 'stat_database_xact_rollback'),
    metric('counter', 'blks_read', 'Pages that were not in shared_buffers.', 'stat_database_blks_read'),
    metric('counter', 'blks_hit', 'Pages that were in shared_buffers.', 'stat_database_blks_hit'),
    metric('counter', 'tup_returned', 'Rows that were scanned.', 'stat_database_tup_returned'),
    metric('counter', 'tup_fetched', 'Rows that were fetched by an index.', 'stat_database_tup_fetched'),
    metric('counter', 'tup_inserted', 'Rows that were inserted.', 'stat_database_tup_inserted'),
    metric('counter', 'tup_updated', 'Rows that were updated.', 'stat_database_tup_updated'),
    metric('counter', 'tup_deleted', 'Rows that were deleted.', 'stat_database_tup_deleted'),
    metric('counter', 'conflicts', 'Queries on a replica that replay has ended.', 'stat_database_conflicts'),
    metric('counter', 'temp_bytes', 'Bytes of sorts that did not fit into work_mem.', 'stat_database_temp_bytes'),
    metric('counter', 'deadlocks', 'Deadlocks.', 'stat_database_deadlocks'),
    metric('gauge', 'size', 'Size of this database on the disk.', 'database_size_bytes'),
  ],
};

const ACTIVITY: PostgresQuery = {
  sql: `SELECT datname, state, count(*) AS count, max(extract(epoch FROM now() - xact_start)) AS longest
    FROM pg_stat_activity WHERE datname = current_database() GROUP BY datname, state`,
  labels: ['datname', 'state'],
  metrics: [
    metric('gauge', 'count', 'Connections by what they do.', 'stat_activity_count'),
    metric('gauge', 'longest', 'Age of the oldest open transaction, in seconds.', 'stat_activity_max_tx_duration'),
  ],
};

const SERVER: PostgresQuery = {
  sql: `SELECT current_setting('max_connections')::int AS max_connections,
      extract(epoch FROM pg_postmaster_start_time()) AS started,
      pg_is_in_recovery()::int AS is_replica,
      CASE WHEN NOT pg_is_in_recovery() THEN 0
        WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
        ELSE extract(epoch FROM now() - pg_last_xact_replay_timestamp()) END AS lag,
      CASE WHEN pg_is_in_recovery() THEN NULL ELSE pg_current_wal_lsn() - '0/0' END AS written`,
  metrics: [
    metric('gauge', 'max_connections', 'Connections at most.', 'settings_max_connections'),
    metric('gauge', 'started', 'When it was started, in seconds since 1970.', 'postmaster_start_time_seconds'),
    metric('gauge', 'is_replica', 'Whether it follows another one.', 'replication_is_replica'),
    // By its own word: a replica that is cut off knows of nothing that it lacks. `replica_lag_seconds` of the apps does.
    metric('gauge', 'lag', 'How far it is behind what it has received.', 'replication_lag_seconds'),
    metric('counter', 'written', 'Bytes of log that were written; of a primary only.', 'wal_written_bytes_total'),
  ],
};

/** Of a primary: who reads its log, and how much of it they have not replayed. */
const REPLICATION: PostgresQuery = {
  sql: `SELECT application_name, state, pg_current_wal_lsn() - replay_lsn AS behind
    FROM pg_stat_replication WHERE NOT pg_is_in_recovery()`,
  labels: ['application_name', 'state'],
  metrics: [metric('gauge', 'behind', 'Bytes of log that a replica lacks.', 'stat_replication_pg_wal_lsn_diff')],
};

/** Versions before 17 count these in pg_stat_bgwriter, where older exporters look for them in vain. */
const CHECKPOINTS: PostgresQuery = {
  sql: 'SELECT num_timed, num_requested, write_time / 1000 AS seconds, buffers_written FROM pg_stat_checkpointer',
  metrics: [
    metric('counter', 'num_timed', 'Checkpoints that were due.', 'stat_checkpointer_num_timed_total'),
    metric('counter', 'num_requested', 'Checkpoints that came early.', 'stat_checkpointer_num_requested_total'),
    metric('counter', 'seconds', 'Time of their writes.', 'stat_checkpointer_write_time_seconds_total'),
    metric('counter', 'buffers_written', 'Pages that they wrote.', 'stat_checkpointer_buffers_written_total'),
  ],
};

export const POSTGRES_QUERIES = [DATABASE, ACTIVITY, SERVER, REPLICATION, CHECKPOINTS];
