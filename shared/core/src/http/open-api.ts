import { OpenAPIRegistry, OpenApiGeneratorV31, type ResponseConfig } from '@asteasolutions/zod-to-openapi';
import type { ZodObject, ZodType } from 'zod';
import {
  idParams,
  loginBody,
  meSchema,
  newPostBody,
  pageQuery,
  postChangesBody,
  postPageSchema,
  postSchema,
  problemSchema,
  signupAnswer,
  signupBody,
  userPageSchema,
  userSchema,
} from '../schemas.ts';

interface Operation {
  summary: string;
  /** Success status, and the shape of its body where it has one. */
  answer: [status: number, schema?: ZodType];
  params?: ZodObject;
  query?: ZodObject;
  body?: ZodType;
  /** Needs a session. */
  member?: true;
  /** Problems beside 400, 404, 500 that it answers. */
  problems?: number[];
}

/** Every operation the app has, as `METHOD /path`. */
const OPERATIONS: Record<string, Operation> = {
  'get /posts': { summary: 'Newest posts', query: pageQuery, answer: [200, postPageSchema] },
  'get /posts/popular': { summary: 'The 20 most viewed posts', answer: [200, postPageSchema] },
  'get /posts/{id}': { summary: 'One post', params: idParams, answer: [200, postSchema], problems: [304] },
  'post /posts': {
    summary: 'Write a post; with an Idempotency-Key, once however often it is sent',
    body: newPostBody,
    answer: [201, postSchema],
    member: true,
    problems: [409, 422],
  },
  'put /posts/{id}': {
    summary: 'Change an own post; with If-Match, only the version one has seen',
    params: idParams,
    body: postChangesBody,
    answer: [200, postSchema],
    member: true,
    problems: [412],
  },
  'post /posts/{id}/views': { summary: 'Count a view', params: idParams, answer: [204] },
  'get /users/{id}': { summary: 'One member', params: idParams, answer: [200, userSchema] },
  'get /users/{id}/posts': {
    summary: "One member's newest posts",
    params: idParams,
    query: pageQuery,
    answer: [200, postPageSchema],
  },
  'post /users/{id}/follow': { summary: 'Follow a member', params: idParams, answer: [204], member: true },
  'post /signup': { summary: 'Become a member', body: signupBody, answer: [201, signupAnswer], problems: [429] },
  'post /login': { summary: 'Start a session', body: loginBody, answer: [200, userSchema], problems: [401, 429] },
  'post /logout': { summary: 'End the session', answer: [204], member: true },
  'get /me': { summary: 'The member of the session', answer: [200, meSchema], member: true },
  'get /me/recommendations': { summary: 'Members one may know', answer: [200, userPageSchema], member: true },
};

/** The OpenAPI 3.1 document of the app, made from the schemas that check its input. */
export function openApiDocument(): object {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'session', { type: 'apiKey', in: 'cookie', name: 'sid' });
  for (const [route, operation] of Object.entries(OPERATIONS)) {
    const [method, path] = route.split(' ') as ['get' | 'post' | 'put', string];
    const { params, query, body } = operation;
    registry.registerPath({
      method,
      path,
      summary: operation.summary,
      request: {
        ...(params && { params }),
        ...(query && { query }),
        ...(body && { body: { required: true, content: { 'application/json': { schema: body } } } }),
      },
      ...(operation.member && { security: [{ session: [] }] }),
      responses: responses(method, operation),
    });
  }
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: { title: 'Day90', version: '1', license: { name: 'MIT' } },
  });
}

function responses(
  method: string,
  { answer: [status, schema], member, body, problems = [] }: Operation,
): Record<string, ResponseConfig> {
  const codes = new Set([...problems, 400, 404, 500]);
  if (member) codes.add(401);
  if (body) codes.add(413).add(415);
  if (method !== 'get') codes.add(403); // from another site
  const all: Record<string, ResponseConfig> = {
    [status]: { description: 'Done', ...(schema && { content: { 'application/json': { schema } } }) },
  };
  for (const code of codes) {
    all[code] =
      code === 304
        ? { description: 'Not changed since' }
        : { description: 'Problem', content: { 'application/problem+json': { schema: problemSchema } } };
  }
  return all;
}
