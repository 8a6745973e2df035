import type { Fault } from '../sink-page/fault-form.ts';

const names = ['none', 'refuse', 'hang', '451', '550', 'drop', 'slow'] as const;
export type MailFault = (typeof names)[number];

const meanings: Record<MailFault, string> = {
  none: 'takes every mail',
  refuse: 'its port is closed: connection refused',
  hang: 'takes a connection and never says a word',
  451: 'answers each recipient 451: try again later',
  550: 'answers each recipient 550: never try again',
  drop: 'takes a mail, then cuts the connection before its 250',
  slow: 'accepts a mail four seconds later than it would',
};

/** What a mail server can do wrong, one at a time, with what a sender sees of it. */
export const mailFaults: readonly Fault<MailFault>[] = names.map((name) => ({
  name,
  meaning: meanings[name],
}));

/** Time that `slow` adds, in milliseconds: with the sink's own two seconds within the eight that a worker waits. */
export const SLOW_MS = 4000;
