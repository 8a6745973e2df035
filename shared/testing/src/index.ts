export { eventually } from './eventually.ts';
export { FakeAnswers } from './fakes/fake-answers.ts';
export { FakeJobs, FakeMailer } from './fakes/fake-jobs.ts';
export { FakeImages, FakeUploads, fakeRedraw } from './fakes/fake-pictures.ts';
export { FakePosts } from './fakes/fake-posts.ts';
export { FakeStore } from './fakes/fake-store.ts';
export { FakeUsers, fakeRecommend } from './fakes/fake-users.ts';
export { FakeViews } from './fakes/fake-views.ts';
export { describeHttpContract, type HttpRig } from './http-contract.ts';
export { listenersOf, tellsListeners } from './listeners.ts';
export { type AnswersRig, describeIdempotentAnswers } from './ports/describe-idempotent-answers.ts';
export { describeImages, type ImagesRig } from './ports/describe-images.ts';
export { describeJobs, type JobsRig } from './ports/describe-jobs.ts';
export { describePosts, type PostsRig } from './ports/describe-posts.ts';
export { describeRateLimit, type RateLimitRig } from './ports/describe-rate-limit.ts';
export {
  describeSessions,
  describeSharedSessions,
  type SessionsRig,
  type SharedSessionsRig,
} from './ports/describe-sessions.ts';
export { describeUploads, type UploadsRig } from './ports/describe-uploads.ts';
export { describeUsers, type UsersRig } from './ports/describe-users.ts';
export { describeViews } from './ports/describe-views.ts';
export { inRequest, newMember } from './ports/request.ts';
