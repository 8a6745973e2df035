import type { Claim } from '@day90/bench';
import { ids } from './ids.ts';
import { reshardClaim } from './reshard.ts';
import { scatterClaim } from './scatter.ts';
import { shardsClaim } from './shards.ts';

/** What the shards of stage 4 say of themselves. */
export const shardedClaims: Claim[] = [shardsClaim, reshardClaim, scatterClaim, ids];
