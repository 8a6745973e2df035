import type { Fault } from '../sink-page/fault-form.ts';

/** What a webhook can do wrong, one at a time, with what a sender sees of it. */
export const noticeFaults = [
  { name: 'none', meaning: 'takes every message' },
  { name: '500', meaning: 'answers each message 500' },
  { name: 'hang', meaning: 'takes a message and never answers' },
] as const satisfies readonly Fault<string>[];

/** What the webhook does wrong. */
export type NoticeFault = (typeof noticeFaults)[number]['name'];
