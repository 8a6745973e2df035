import { ELSEWHERE } from './shard-schema.ts';

/** The bucket is on another shard than the map at hand says, or on its way there. */
export class ElsewhereError extends Error {
  constructor(bucket: number, shard: number) {
    super(`bucket ${bucket} is not on shard ${shard}`);
  }
}

/** Whether a call failed since its bucket is elsewhere: told by the shard's trigger, or found out by asking. */
export function isElsewhere(error: unknown): boolean {
  return error instanceof ElsewhereError || (error as { code?: unknown } | undefined)?.code === ELSEWHERE;
}
