export type { RequestHandler } from 'express';
export type { Logger } from 'pino';
export { ConfigError, mailEnv, parseConfig, processEnv, type ServerConfig, serverEnv } from './config.ts';
export {
  afterCommit,
  countQuery,
  currentContext,
  noteTags,
  noteTiming,
  openHandle,
  type RequestContext,
  runAside,
  runInBackground,
  runInContext,
  runOutside,
  transaction,
} from './context.ts';
export type { Account, Author, Cursor, ImageName, Page, PageRequest, Post, PostId, User, UserId } from './domain.ts';
export {
  DomainError,
  type ErrorCode,
  type FieldError,
  InvalidError,
  NotFoundError,
  UnavailableError,
} from './errors.ts';
export { accessLog } from './http/access-log.ts';
export { type AppParts, createApp, STATIC_FOLDER } from './http/create-app.ts';
export type { PictureParts } from './http/image-routes.ts';
export { accountFor } from './http/login.ts';
export { sendJson } from './http/messages.ts';
export { openApiDocument } from './http/open-api.ts';
export { errorHandler, noOptions, noRoute } from './http/problem.ts';
export { beforeHead, requestContext, stampAnswers } from './http/request-context.ts';
export { sameOrigin } from './http/same-origin.ts';
export { securityHeaders } from './http/security-headers.ts';
export { type RunningServer, startServer } from './http/server.ts';
export { cookieName, endSession, memberOf, membersOnly, sessionCookie, startSession } from './http/session.ts';
export { inlineJobs, type JobTools, runJob } from './inline-jobs.ts';
export { Json } from './json.ts';
export { createLogger } from './logger.ts';
export { MailError, smtpMailer } from './mailer.ts';
export { memoryRateLimit } from './memory-rate-limit.ts';
export { memorySessions } from './memory-sessions.ts';
export { hashPassword, needsRehash, verifyPassword } from './passwords.ts';
export type {
  IdempotentAnswers,
  Images,
  Job,
  Jobs,
  Limit,
  Mail,
  Mailer,
  MakeSizes,
  NewPost,
  NewUser,
  Picture,
  PostChanges,
  Posts,
  RateLimit,
  Reader,
  Recommend,
  Redraw,
  StoredAnswer,
  Transactor,
  Upload,
  Uploads,
  Users,
  Views,
} from './ports.ts';
export { asReader, BEYOND_COPIES, floorOfReader, later, noteCommit } from './reader.ts';
export { type Resource, Resources } from './resources.ts';
export { cursorAfter } from './schemas.ts';
export { type Box, serve } from './serve.ts';
export { work } from './work.ts';
