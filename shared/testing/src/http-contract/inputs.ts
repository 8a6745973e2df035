import fc, { type Arbitrary } from 'fast-check';
import { anyCharacter } from './any-character.ts';
import { newAccount } from './contract-rig.ts';
import { NO_IDS } from './one-post.ts';
import type { ApiDocument, Route, Schema } from './open-api.ts';

/** One generated request. */
export interface Input {
  path: string;
  json?: unknown;
}

/** Things that exist, for the parameters that name one. */
export interface Known {
  postId: string;
  userId: string;
}

type Inputs = (api: ApiDocument, route: Route, known: Known) => Arbitrary<Input> | undefined;

/** Requests that fit the document. */
export const validInputs: Inputs = (api, route, known) =>
  fc
    .record({ query: validQuery(route), json: bodyOf(api, route, known) ?? fc.constant(undefined) })
    .map(({ query, json }) => ({ path: pathOf(route, known) + query, json }));

/** Requests with one fault each; `undefined` for a route that takes no input. */
export const invalidInputs: Inputs = (api, route, known) => {
  const path = pathOf(route, known);
  const faults: Arbitrary<Input>[] = [];
  if (route.path.includes('{id}')) {
    const json = bodyOf(api, route, known) ?? fc.constant(undefined);
    faults.push(fc.record({ path: fc.constantFrom(...NO_IDS).map((id) => route.path.replace('{id}', id)), json }));
  }
  for (const query of badQueries(route)) faults.push(query.map((text) => ({ path: path + text })));
  const body = bodyOf(api, route, known);
  if (body) faults.push(...badBodies(api, route, body).map((bad) => bad.map((json) => ({ path, json }))));
  return faults.length === 0 ? undefined : fc.oneof(...faults);
};

/** Requests whose texts hold anything that a text can hold; some are valid. */
export const wildInputs: Inputs = (api, route, known) => {
  const schema = bodySchema(api, route);
  if (!schema) return undefined;
  const wild = Object.keys(schema.properties ?? {}).map((key): [string, Arbitrary<unknown>] => [
    key,
    fc.oneof(fc.string({ unit: anyCharacter, maxLength: 60 }), fc.jsonValue({ maxDepth: 2 })),
  ]);
  return fc
    .record(Object.fromEntries(wild), { requiredKeys: [] })
    .map((json) => ({ path: pathOf(route, known), json }));
};

function pathOf(route: Route, { postId, userId }: Known): string {
  return route.path.replace('{id}', route.path.startsWith('/posts') ? postId : userId);
}

function queryParameters(route: Route): string[] {
  return (route.operation.parameters ?? []).filter((one) => one.in === 'query').map((one) => one.name);
}

function validQuery(route: Route): Arbitrary<string> {
  const names = queryParameters(route);
  return fc
    .record({ limit: fc.integer({ min: 1, max: 100 }), before: fc.constant('1767225600000_42') }, { requiredKeys: [] })
    .map((query) => {
      const pairs = Object.entries(query).filter(([name]) => names.includes(name));
      return pairs.length === 0 ? '' : `?${pairs.map((pair) => pair.join('=')).join('&')}`;
    });
}

function badQueries(route: Route): Arbitrary<string>[] {
  const text = fc.string({ unit: 'grapheme', maxLength: 20 });
  const bad: Record<string, Arbitrary<string>> = {
    limit: fc.oneof(
      fc
        .integer()
        .filter((n) => n < 1 || n > 100)
        .map(String),
      fc
        .double()
        .filter((n) => !Number.isInteger(n))
        .map(String),
      text.filter((value) => !/^([1-9]\d?|100)$/.test(value)),
    ),
    before: text.filter((value) => !/^\d+_\d+$/.test(value)),
  };
  return queryParameters(route).flatMap((name) => {
    const values = bad[name];
    return values ? [values.map((value) => `?${name}=${encodeURIComponent(value)}`)] : [];
  });
}

function bodySchema(api: ApiDocument, { operation }: Route): Schema | undefined {
  const schema = operation.requestBody?.content['application/json']?.schema;
  return schema && api.resolve(schema);
}

function bodyOf(api: ApiDocument, route: Route, known: Known): Arbitrary<Record<string, unknown>> | undefined {
  const schema = bodySchema(api, route);
  if (!schema) return undefined;
  const required = schema.required ?? [];
  const fields = Object.entries(schema.properties ?? {}).map(
    ([key, value]) => [key, fieldOf(key, value, known)] as const,
  );
  return fc
    .record(Object.fromEntries(fields), { requiredKeys: required })
    .filter((body) => Object.keys(body).length > 0);
}

function fieldOf(key: string, schema: Schema, { userId }: Known): Arbitrary<string> {
  // A random id names nobody, and a random address is hardly ever one.
  if (key === 'invitedBy') return fc.constant(userId);
  if (schema.format === 'email') return fc.uuid().map((id) => newAccount().email.replace('contract', id));
  const { minLength = 0, maxLength = 1_000, pattern } = schema;
  return fc
    .string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, 200) })
    .filter((text) => text.trim().length >= minLength && text.length <= maxLength)
    .filter((text) => pattern === undefined || new RegExp(pattern).test(text));
}

function badBodies(api: ApiDocument, route: Route, body: Arbitrary<Record<string, unknown>>): Arbitrary<unknown>[] {
  const schema = bodySchema(api, route) ?? {};
  const fields = Object.entries(schema.properties ?? {});
  const notText = fc.constantFrom<unknown>(0, -1, 1.5, true, null, [], {}, ['text'], { $ne: '' });
  const withField = (key: string, values: Arbitrary<unknown>) =>
    fc.tuple(body, values).map(([valid, value]) => ({ ...valid, [key]: value }));
  return [
    fc.constantFrom<unknown>(null, [], 'text', 5, true, [{}]),
    fc.tuple(body, fc.constantFrom('id', 'role', 'isAdmin', 'x')).map(([valid, key]) => ({ ...valid, [key]: '1' })),
    ...fields.map(([key]) => withField(key, notText)),
    ...fields.flatMap(([key, { maxLength }]) =>
      maxLength === undefined ? [] : [withField(key, fc.constant('x'.repeat(maxLength + 1)))],
    ),
    ...(schema.required ?? []).map((key) => body.map((valid) => ({ ...valid, [key]: undefined }))),
  ];
}
