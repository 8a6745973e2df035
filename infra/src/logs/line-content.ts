import type { Level } from './levels.ts';

/** What one line of a log says. What it does not say is left out. */
export interface LineContent {
  /** When it was written, which is when what it tells of had ended, in milliseconds since 1970 UTC. */
  at?: number | undefined;
  level?: Level | undefined;
  box?: string | undefined;
  requestId?: string | undefined;
  /** How long what it tells of took, in milliseconds. */
  ms?: number | undefined;
  /** For people, in one line. */
  text: string;
  /** All of a JSON line; none of another. */
  fields: Record<string, unknown>;
}
