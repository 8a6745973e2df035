import { memoryRateLimit, memorySessions } from '@day90/core';
import {
  describeIdempotentAnswers,
  describeImages,
  describeJobs,
  describePosts,
  describeRateLimit,
  describeSessions,
  describeUploads,
  describeUsers,
  describeViews,
  FakeAnswers,
  FakeImages,
  FakeJobs,
  FakePosts,
  FakeStore,
  FakeUploads,
  FakeUsers,
  FakeViews,
  fakeRecommend,
} from '../src/index.ts';

async function fakes() {
  const store = new FakeStore();
  return {
    transactor: store.transactor,
    posts: new FakePosts(store),
    users: new FakeUsers(store),
    views: new FakeViews(store),
    answers: new FakeAnswers(store),
    recommend: fakeRecommend(store),
    uploads: new FakeUploads(store),
  };
}

describePosts('FakePosts', fakes);
describeUsers('FakeUsers', fakes);
describeViews('FakeViews', fakes);
describeIdempotentAnswers('FakeAnswers', fakes);
describeUploads('FakeUploads', fakes);
describeImages('FakeImages', async () => ({ images: new FakeImages() }));
describeJobs('FakeJobs', async () => {
  const jobs = new FakeJobs();
  return {
    jobs,
    transactor: new FakeStore().transactor,
    welcomed: async () => jobs.enqueued.flatMap((job) => (job.name === 'welcome-mail' ? [job.to] : [])),
  };
});

// What core itself brings keeps to the same contracts.
describeRateLimit('memoryRateLimit', async () => ({ rateLimit: memoryRateLimit() }));
describeSessions('memorySessions', async () => ({ sessions: memorySessions() }));
