import {
  createApp,
  createLogger,
  inlineJobs,
  memoryRateLimit,
  memorySessions,
  parseConfig,
  type RequestHandler,
  Resources,
  serverEnv,
  startServer,
} from '@day90/core';
import {
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
} from '@day90/testing';
import { z } from 'zod';

const logger = createLogger({ LOG_LEVEL: 'silent', BOX: 'test' });

/** The app with everything in memory, behind some middleware. */
export async function appOnFakes(middleware: RequestHandler[]): Promise<{ url: string; close(): Promise<unknown> }> {
  const config = parseConfig(z.object(serverEnv), {
    SESSION_SECRETS: 'a secret of a test which guards nothing at all',
  });
  const resources = new Resources();
  const store = new FakeStore();
  const parts = {
    ...{ config, logger, db: store },
    users: new FakeUsers(store),
    posts: new FakePosts(store),
    views: new FakeViews(store),
    answers: new FakeAnswers(store),
    jobs: inlineJobs({ mailer: new FakeMailer(), recommend: fakeRecommend(store), logger }),
    sessions: memorySessions(),
    rateLimit: memoryRateLimit(),
    pictures: { images: new FakeImages(), uploads: new FakeUploads(store), redraw: fakeRedraw },
  };
  const app = createApp(parts, middleware);
  const server = await startServer({ app, resources }, { host: '127.0.0.1', port: 0, drainMs: 0 });
  return { url: server.url, close: () => server.drain() };
}
