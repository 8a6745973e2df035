import {
  accessLog,
  createApp,
  createLogger,
  inlineJobs,
  memoryRateLimit,
  memorySessions,
  parseConfig,
  Resources,
  securityHeaders,
  serverEnv,
  startServer,
} from '@day90/core';
import { z } from 'zod';
import {
  describeHttpContract,
  FakeAnswers,
  FakeImages,
  FakeMailer,
  FakePosts,
  FakeStore,
  FakeUploads,
  FakeUsers,
  FakeViews,
  fakeRecommend,
  fakeRedraw,
  type HttpRig,
} from '../src/index.ts';

// Without the seeded data, so that the contract also makes its members itself; the stages run it on that data.
describeHttpContract('the app on fakes', start, { pictures: true });

async function start(): Promise<HttpRig> {
  const config = parseConfig(z.object(serverEnv), {
    SESSION_SECRETS: 'a secret of a test which guards nothing at all',
    LOG_LEVEL: 'silent',
    LOGIN_TURNS_PER_MINUTE: '100000',
    LOGIN_TURNS_PER_MINUTE_AND_ADDRESS: '100000',
    SIGNUP_TURNS_PER_HOUR_AND_ADDRESS: '100000',
    UPLOAD_TURNS_PER_HOUR: '100000',
  });
  const logger = createLogger(config);
  const resources = new Resources();
  const store = new FakeStore();
  const mailer = new FakeMailer();
  const parts = {
    config,
    logger,
    users: new FakeUsers(store),
    posts: new FakePosts(store),
    views: new FakeViews(store),
    answers: new FakeAnswers(store),
    jobs: inlineJobs({ mailer, recommend: fakeRecommend(store), logger }),
    sessions: memorySessions(),
    rateLimit: memoryRateLimit(),
    db: store,
    pictures: { images: new FakeImages(), uploads: new FakeUploads(store), redraw: fakeRedraw },
  };
  const app = createApp(parts, [accessLog(logger), securityHeaders(config.PUBLIC_URL)]);
  const server = await startServer({ app, resources }, { host: '127.0.0.1', port: 0, drainMs: 0 });
  return {
    url: server.url,
    mails: async () => mailer.sent,
    async stop() {
      await server.drain();
    },
  };
}
