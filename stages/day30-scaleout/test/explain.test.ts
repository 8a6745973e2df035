import { describe, expect, it } from '@jest/globals';
import { queryPlans, scansOf } from '../src/explain.ts';

describe('plans of the hot statements on Postgres', () => {
  it('enter an index, but for the popular list', async () => {
    const one = { name: 'one-post', sql: 'SELECT id FROM posts WHERE author_id = $1 AND created_at = $2' };
    const plans = await queryPlans('small', [one]);
    const scanned = (side: 'before' | 'after') =>
      plans.filter((plan) => scansOf(plan[side]).length > 0).map(({ name }) => name);
    expect(scanned('after')).toEqual(['popular-posts']);
    expect(scanned('before').sort()).toEqual([
      'account-by-email',
      'one-post',
      'popular-posts',
      'posts-by-author',
      'recent-posts',
    ]);
    const cost = plans.find(({ name }) => name === 'one-post');
    expect(cost?.after.steps).toHaveLength(1);
    expect((cost?.before.cost ?? 0) / (cost?.after.cost ?? 1)).toBeGreaterThan(100);
  });
});
