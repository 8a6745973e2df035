import { OpenAPIRegistry, OpenApiGeneratorV31, type ResponseConfig } from '@asteasolutions/zod-to-openapi';
import { type ZodObject, type ZodType, z } from 'zod';
import {
  idParams,
  imageParams,
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
  uploadSchema,
  userPageSchema,
  userSchema,
} from '../schemas.ts';
import { IMAGE_TYPES } from './image-body.ts';

interface Operation {
  summary: string;
  /** Success status, the shape of its body where it has one, and its type where that is not JSON. */
  answer: [status: number, schema?: ZodType, type?: string];
  params?: ZodObject;
  query?: ZodObject;
  body?: ZodType;
  /** Instead of JSON. */
  bodyTypes?: string[];
  /** Needs a session. */
  member?: true;
  /** Problems beside 400, 404, 500 that it answers. */
  problems?: number[];
}

/** Every operation that does without pictures, as `METHOD /path`. */
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

const fileBytes = z.string().openapi({ format: 'binary' });

/** Those of an app that takes pictures. */
const PICTURE_OPERATIONS: Record<string, Operation> = {
  'post /images': {
    summary: 'Send a picture, as it is: 5 MB and 40 million pixels at most',
    body: fileBytes,
    bodyTypes: IMAGE_TYPES,
    answer: [201, uploadSchema],
    member: true,
    problems: [429, 503, 507],
  },
  'get /images/{name}': {
    summary: 'A picture',
    params: imageParams,
    answer: [200, fileBytes, 'image/webp'],
    problems: [503],
  },
};

/**
 * The OpenAPI 3.1 document of the app, made from the schemas that check its input.
 * @param parts.pictures - Whatever takes pictures; without it there are no operations for them.
 */
export function openApiDocument(parts: { pictures?: unknown } = {}): object {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'session', { type: 'apiKey', in: 'cookie', name: 'sid' });
  const operations = { ...OPERATIONS, ...(parts.pictures ? PICTURE_OPERATIONS : {}) };
  for (const [route, operation] of Object.entries(operations)) {
    const [method, path] = route.split(' ') as ['get' | 'post' | 'put', string];
    const { params, query, body, bodyTypes } = operation;
    registry.registerPath({
      method,
      path,
      summary: operation.summary,
      request: {
        ...(params && { params }),
        ...(query && { query }),
        ...(body && { body: { required: true, content: contentOf(body, bodyTypes) } }),
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
  { answer: [status, schema, type], member, body, problems = [] }: Operation,
): Record<string, ResponseConfig> {
  const codes = new Set([...problems, 400, 404, 500]);
  if (member) codes.add(401);
  if (body) codes.add(413).add(415);
  if (method !== 'get') codes.add(403); // from another site
  const all: Record<string, ResponseConfig> = {
    [status]: {
      description: 'Done',
      ...(schema && { content: contentOf(schema, type === undefined ? undefined : [type]) }),
    },
  };
  for (const code of codes) {
    all[code] =
      code === 304
        ? { description: 'Not changed since' }
        : { description: 'Problem', content: { 'application/problem+json': { schema: problemSchema } } };
  }
  return all;
}

function contentOf(schema: ZodType, types: string[] = ['application/json']): Record<string, { schema: ZodType }> {
  return Object.fromEntries(types.map((type) => [type, { schema }]));
}
