import { idOfRank, zipfRanks } from '../../shared/testing/src/data/zipf.ts';
import { SCALES } from '../../shared/testing/src/data.ts';

/**
 * Draws members' ids as readers ask for them: the few who write most are read most, by the same Zipf law and the same
 * ranks as in the seeded data.
 * @param scale - Of the data that the app was started with; `medium` when empty.
 * @throws {Error} Naming the scales there are.
 */
export function seededUserIds(scale: string | undefined, random: () => number = Math.random): () => string {
  const sizes = SCALES[(scale || 'medium') as keyof typeof SCALES];
  if (!sizes) throw new Error(`SCALE=${scale}: must be one of ${Object.keys(SCALES).join(', ')}`);
  const rank = zipfRanks(sizes.users, random);
  return () => String(idOfRank(rank(), sizes.users));
}
