import { idOfRank, zipfRanks } from '../../shared/testing/src/data/zipf.ts';
import { SCALES } from '../../shared/testing/src/data.ts';

/**
 * Draws members' ids as readers ask for them: the few who write most are read most, by the same Zipf law and the same
 * ranks as in the seeded data.
 * @param scale - Of the data that the app was started with; `medium` when empty.
 * @throws {Error} Naming the scales there are.
 */
export function seededUserIds(scale: string | undefined, random: () => number = Math.random): () => string {
  return idsOf('users', scale, random);
}

/** Draws posts' ids in the same way: the few with the most views are read most. */
export function seededPostIds(scale: string | undefined, random: () => number = Math.random): () => string {
  return idsOf('posts', scale, random);
}

function idsOf(kind: 'users' | 'posts', scale: string | undefined, random: () => number): () => string {
  const count = SCALES[(scale || 'medium') as keyof typeof SCALES]?.[kind];
  if (!count) throw new Error(`SCALE=${scale}: must be one of ${Object.keys(SCALES).join(', ')}`);
  const rank = zipfRanks(count, random);
  return () => String(idOfRank(rank(), count));
}
