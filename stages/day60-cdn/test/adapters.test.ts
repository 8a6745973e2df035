import {
  describePosts,
  describeUsers,
  FakePosts,
  FakeStore,
  FakeUsers,
  FakeViews,
  fakeRecommend,
} from '@day90/testing';
import { namedPosts, namedUsers, purgedPosts, staticFiles } from 'stage-5';

/** The decorators of the step around fakes, with nobody to purge. */
async function overFakes() {
  const store = new FakeStore();
  const files = staticFiles();
  return {
    posts: namedPosts(purgedPosts(new FakePosts(store), { purge: async () => {} }), files),
    users: namedUsers(new FakeUsers(store), files),
    ...{ transactor: store.transactor, views: new FakeViews(store), recommend: fakeRecommend(store) },
  };
}

describePosts('namedPosts around purgedPosts', overFakes);
describeUsers('namedUsers', overFakes);
