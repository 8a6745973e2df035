import {
  createApp,
  createLogger,
  inlineJobs,
  memoryRateLimit,
  memorySessions,
  parseConfig,
  Resources,
  serverEnv,
  smtpMailer,
  startServer,
} from '@day90/core';
import { z } from 'zod';
import { posts, users } from '../src/data.ts';
import {
  describeHttpContract,
  FakeAnswers,
  FakePosts,
  FakeStore,
  FakeUsers,
  FakeViews,
  fakeRecommend,
  type HttpRig,
  mailSink,
} from '../src/index.ts';

describeHttpContract('the app on fakes', () => start({ seeded: true }));
describeHttpContract('the app on fakes that are empty', () => start({ seeded: false }));

async function start({ seeded }: { seeded: boolean }): Promise<HttpRig> {
  const config = parseConfig(z.object(serverEnv), {
    SESSION_SECRETS: 'a secret of a test which guards nothing at all',
    LOG_LEVEL: 'silent',
    LOGIN_TURNS_PER_MINUTE: '100000',
    LOGIN_TURNS_PER_MINUTE_AND_ADDRESS: '100000',
    SIGNUP_TURNS_PER_HOUR_AND_ADDRESS: '100000',
  });
  const mail = await mailSink();
  const logger = createLogger(config);
  const resources = new Resources();
  const store = seeded ? seededStore() : new FakeStore();
  const mailer = resources.use(smtpMailer(mail.url, 'hello@day90.test'));
  const app = createApp({
    config,
    logger,
    users: new FakeUsers(store),
    posts: new FakePosts(store),
    views: new FakeViews(store),
    answers: new FakeAnswers(store),
    jobs: inlineJobs({ mailer, recommend: fakeRecommend(store), logger }),
    sessions: memorySessions(),
    rateLimit: memoryRateLimit(),
    transactor: store.transactor,
    middleware: [],
  });
  const server = await startServer({ app, resources }, { host: '127.0.0.1', port: 0, drainMs: 0 });
  return {
    url: server.url,
    seeded,
    mails: async () => mail.mails,
    async stop() {
      await server.drain();
      await mail.close();
    },
  };
}

/** The first of the seeded members and posts: 100 and 400 of them make the lists long enough. */
function seededStore(): FakeStore {
  const store = new FakeStore();
  store.load({
    users: users('small')
      .take(100)
      .map((user) => ({ ...user, id: String(user.id) })),
    posts: posts('small')
      .filter((post) => post.authorId <= 100)
      .take(400)
      .map((post) => ({ ...post, id: String(post.id), authorId: String(post.authorId), version: 1 })),
  });
  return store;
}
