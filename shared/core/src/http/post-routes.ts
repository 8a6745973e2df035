import type { RequestHandler } from 'express';
import { Router } from 'express';
import { transaction } from '../context.ts';
import type { Post } from '../domain.ts';
import { DomainError, NotFoundError } from '../errors.ts';
import { Json } from '../json.ts';
import type { IdempotentAnswers, Posts, Views } from '../ports.ts';
import { newPostBody, pageQuery, postChangesBody } from '../schemas.ts';
import { idempotent } from './idempotency.ts';
import { bodyOf, ifMatchVersions, jsonBody, ONE_SPELLING, pathId, sendJson } from './messages.ts';
import { memberOf } from './session.ts';

/** What the routes of posts call. */
interface PostParts {
  posts: Posts;
  views: Views;
  answers: IdempotentAnswers;
  /** Lets members through, with their session. */
  member: RequestHandler[];
}

/** `/posts`: lists, one post, writing, and counting views. */
export function postRoutes({ posts, views, answers, member }: PostParts): Router {
  const router = Router(ONE_SPELLING);

  router.get('/posts', async (req, res) => {
    sendJson(req, res, await posts.recent(pageQuery.parse(req.query)));
  });

  router.get('/posts/popular', async (req, res) => {
    sendJson(req, res, await posts.popular());
  });

  router.get('/posts/:id', async (req, res) => {
    const id = pathId(req, 'post');
    const post = await posts.findById(id);
    if (!post) throw new NotFoundError('post', id);
    sendJson(req, res, post, id);
  });

  router.post('/posts', ...member, ...jsonBody, async (req, res) => {
    const post = bodyOf(req, newPostBody);
    const answer = await idempotent(req, res, answers, async () => {
      const created = await posts.create(memberOf(req), post);
      return { status: 201, body: created.text, version: created.version };
    });
    const json = Json.fromText<Post>(answer.body, answer.version);
    res.status(answer.status).location(`/posts/${json.value.id}`);
    sendJson(req, res, json, json.value.id);
  });

  router.put('/posts/:id', ...member, ...jsonBody, async (req, res) => {
    const id = pathId(req, 'post');
    const changes = bodyOf(req, postChangesBody);
    const updated = await transaction(() => posts.update(id, memberOf(req), changes, ifMatchVersions(req, id)));
    if (updated === 'not_found') throw new NotFoundError('post', id);
    if (updated === 'version_mismatch') {
      throw new DomainError('version_mismatch', 'The post has changed since. Read it again.');
    }
    sendJson(req, res, updated, id);
  });

  router.post('/posts/:id/views', (req, res) => {
    views.add(pathId(req, 'post'));
    res.status(204).end();
  });

  return router;
}
