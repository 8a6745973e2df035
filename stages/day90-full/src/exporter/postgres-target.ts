import pg from 'pg';
import { type Family, single } from './exposition.ts';
import { POSTGRES_QUERIES, type PostgresQuery } from './postgres-queries.ts';
import type { Target } from './target.ts';

const LOOK_MS = 1500;

/**
 * A Postgres, by its statistics views, with the names of Postgres Exporter.
 * @param url - As a role in `pg_monitor`, which sees all sessions and no table.
 * @see https://www.postgresql.org/docs/18/monitoring-stats.html
 * @see https://github.com/prometheus-community/postgres_exporter
 */
export function postgresTarget(url: URL): Target {
  const pool = new pg.Pool({
    connectionString: url.href,
    application_name: 'day90-exporter',
    max: 1,
    idleTimeoutMillis: 0,
    connectionTimeoutMillis: LOOK_MS,
    ...{ statement_timeout: LOOK_MS, query_timeout: LOOK_MS },
  });
  // Without listeners either would end the process: the first for a connection that rests, the second for one that is in use.
  pool.on('error', () => {}); // the next look says so
  pool.on('connect', (client) => client.on('error', () => {})); // this look does
  return {
    up: 'pg_up',
    async look() {
      const client = await pool.connect();
      let lost = true;
      try {
        const looked: Family[][] = [];
        for (const query of POSTGRES_QUERIES) looked.push(families(query, (await client.query(query.sql)).rows));
        lost = false;
        return looked.flat();
      } finally {
        client.release(lost);
      }
    },
    close: () => pool.end(),
  };
}

/** Each row is one sample of every metric of its query. What is null has no value there, such as the lag of a primary. */
function families({ labels = [], metrics }: PostgresQuery, rows: Record<string, unknown>[]): Family[] {
  return metrics.map(({ column, name, type, help }) => {
    const samples = rows.flatMap((row) => {
      const value = row[column];
      const own = Object.fromEntries(labels.map((label) => [label, String(row[label] ?? '')]));
      return value === null || value === undefined ? [] : [{ labels: own, value: Number(value) }];
    });
    return { ...single(`pg_${name}`, type, help, 0), samples };
  });
}
