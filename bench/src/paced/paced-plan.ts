import { z } from 'zod';

/** One request as it goes over the wire. */
export interface Target {
  /** All of it, from `GET` to the end of its body. */
  text: string;
  /** It may be sent a second time when a kept connection was lost under it: a read, or a write with a key. */
  again: boolean;
}

/** `rate`: so many a second, whatever the answers are · `atOnce`: each when one before it was answered, for so many seconds at most. */
export type PacedPace = { rate: number } | { atOnce: number; seconds: number };

/** What the process that sends is told. */
export const pacedPlan = z.strictObject({
  host: z.string(),
  port: z.int(),
  count: z.int(),
  pace: z.union([z.strictObject({ rate: z.number() }), z.strictObject({ atOnce: z.int(), seconds: z.number() })]),
});
export type PacedPlan = z.infer<typeof pacedPlan>;

/** What it tells at the end; the answers are in a file. */
export const pacedEnd = z.strictObject({
  /** When the first request was due, in milliseconds since 1970. */
  startedAt: z.number(),
  /** How many were due and sent, or were not for too many others. */
  sent: z.int(),
  seconds: z.number(),
  /** The longest time between two looks at what is due: the process was stopped, or had no CPU. */
  stoodStillMs: z.number(),
  /** CPU time of all its threads while it sent, in microseconds. */
  cpuMicros: z.number(),
});

/** Files in the folder that both sides know. */
export const FILES = { plan: 'paced.json', targets: 'targets.ndjson', order: 'order.bin', answers: 'answers.bin' };

/** Bits of what is known of an answer. */
export const FROM_EDGE = 1;
export const FROM_DATABASE = 2;
/** Sent a second time, over another connection. */
export const SENT_AGAIN = 4;
/** Without an answer: the connection was closed · none came in time · no connection could be had. */
export const CLOSED = 8;
export const LATE = 16;
export const REFUSED = 32;
/** Not sent: too many others were under way. */
export const UNSENT = 64;

/** The outcome of each request, by its place in the order. Times in milliseconds. */
export class Answers {
  readonly count: number;
  /** From when it was due. */
  readonly took: Float32Array;
  /** By how much it was sent late. */
  readonly late: Float32Array;
  /** 0 without an answer. */
  readonly status: Uint16Array;
  readonly flags: Uint8Array;
  readonly bytes: Buffer;

  /** @param bytes - As the other side wrote them; empty ones unless told. */
  constructor(count: number, bytes = Buffer.from(new ArrayBuffer(11 * count))) {
    const { buffer, byteOffset: at } = bytes;
    this.count = count;
    this.bytes = bytes;
    this.took = new Float32Array(buffer, at, count);
    this.late = new Float32Array(buffer, at + 4 * count, count);
    this.status = new Uint16Array(buffer, at + 8 * count, count);
    this.flags = new Uint8Array(buffer, at + 10 * count, count);
  }
}
