import { type RequestHandler, Router } from 'express';
import { transaction } from '../context.ts';
import { NotFoundError } from '../errors.ts';
import type { Posts, Users } from '../ports.ts';
import { pageQuery } from '../schemas.ts';
import { ONE_SPELLING, pathId, sendJson } from './messages.ts';
import { memberOf } from './session.ts';

/** What the routes of users call. */
interface UserParts {
  users: Users;
  posts: Posts;
  member: RequestHandler[];
}

/** `/users`: a member as the public sees them, their posts, and following them. */
export function userRoutes({ users, posts, member }: UserParts): Router {
  const router = Router(ONE_SPELLING);

  router.get('/users/:id', async (req, res) => {
    const id = pathId(req, 'user');
    const user = await users.findById(id);
    if (!user) throw new NotFoundError('user', id);
    sendJson(req, res, user);
  });

  router.get('/users/:id/posts', async (req, res) => {
    sendJson(req, res, await posts.byAuthor(pathId(req, 'user'), pageQuery.parse(req.query)));
  });

  router.post('/users/:id/follow', ...member, async (req, res) => {
    const id = pathId(req, 'user');
    const followed = await transaction(() => users.follow(memberOf(req), id));
    if (!followed) throw new NotFoundError('user', id);
    res.status(204).end();
  });

  return router;
}
