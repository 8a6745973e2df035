import type { Alert, Channel } from '../snapshot.ts';

/** What only servers know of themselves: figures by box, in words, and what is said of them. */
export interface Told {
  figures: Map<string, string[]>;
  alerts: Alert[];
  /** The channel that notices go to, where there is one. */
  channel?: Channel;
}

/** Adds a figure to those of its box. */
export function tell(figures: Map<string, string[]>, box: string, words: string): void {
  figures.set(box, [...(figures.get(box) ?? []), words]);
}
