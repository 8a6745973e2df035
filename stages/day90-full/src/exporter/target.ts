import type { Family } from './exposition.ts';

/** A server whose metrics are asked for in its own way. */
export interface Target {
  /** Whether it answers, by the name that exporters of its kind have for that: `pg_up`. */
  up: string;
  /** Rejects when it does not answer within 1.5 s: less than a scrape may take, which would else say of the exporter that it is down. */
  look(): Promise<Family[]>;
  close(): Promise<void>;
}
