import type { Family } from './exposition.ts';

/** A server whose metrics are asked for in its own way. */
export interface Target {
  /** Whether it answers, by the name that exporters of its kind have for that: `pg_up`. */
  up: string;
  /** Rejects when it does not answer within two seconds. */
  look(): Promise<Family[]>;
  close(): Promise<void>;
}
