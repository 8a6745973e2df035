import { expect } from '@jest/globals';
import type { Answer, RequestOptions } from './answer.ts';
import type { ApiDocument } from './open-api.ts';

/** Paths that are no part of the API, and so of no document. */
const OUTSIDE = /^\/(openapi\.json|static\/.*)$/;
const DURATION = String.raw`dur=\d+(\.\d+)?`;
const SERVER_TIMING = new RegExp(
  `^db;${DURATION};desc="(1 query|(0|[2-9]|[1-9]\\d+) queries)"(, [a-z]+;[^,]+)*, app;${DURATION}$`,
);
/** What a client must never see of the inside: stack frames, paths, SQL. */
const INSIDE =
  /\bat .+:\d+:\d+|node_modules|\.ts\b|\/src\/|\b(SELECT|INSERT|UPDATE) .*\b(FROM|INTO|SET)\b|SQLITE_|[Kk]nex/;

/** A problem document, RFC 9457. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  code: string;
  requestId: string;
  errors?: { path: string; message: string }[];
}

/** Holds one answer against what every answer must keep to. Fails the running test, naming the call. */
export function checkAnswer(api: ApiDocument, call: string, answer: Answer, options: RequestOptions): void {
  const faults = [
    ...headerFaults(call, answer, options),
    ...documentFaults(api, call, answer),
    ...(answer.status >= 400 && !call.startsWith('HEAD ') ? problemFaults(call, answer) : []),
  ];
  expect({ call, status: answer.status, faults }).toEqual({ call, status: answer.status, faults: [] });
}

function headerFaults(call: string, { headers, status }: Answer, { as }: RequestOptions): string[] {
  const faults: string[] = [];
  const timing = headers.get('server-timing') ?? 'none';
  if (!SERVER_TIMING.test(timing)) faults.push(`Server-Timing: ${timing}`);
  for (const name of ['x-served-by', 'x-request-id']) if (!headers.get(name)) faults.push(`no ${name}`);
  // A hash of each body costs more than it saves; files are not made anew for each answer.
  const etag = headers.get('etag');
  if (etag !== null && !call.includes(' /static/') && !/^"\d+-\w+"$/.test(etag)) faults.push(`ETag: ${etag}`);
  if (headers.has('x-powered-by')) faults.push('X-Powered-By tells what the server is');
  for (const name of headers.keys())
    if (name.startsWith('access-control-')) faults.push(`${name} opens the API to other sites`);
  // A public page that sets a cookie can be stored by no cache, and starts a session nobody asked for.
  if (headers.has('set-cookie') && !as && !(call === 'POST /login' && status === 200)) faults.push('sets a cookie');
  return faults;
}

function documentFaults(api: ApiDocument, call: string, answer: Answer): string[] {
  const [method = '', target = ''] = call.split(' ');
  const [path = ''] = target.split('?');
  if (OUTSIDE.test(path) || method === 'OPTIONS') return [];
  const route = api.find(method, path);
  if (!route) return [400, 403, 404].includes(answer.status) ? [] : ['a path or method that no document names'];
  const documented = route.operation.responses[answer.status];
  if (!documented) return [`${answer.status} is not documented`];
  const [type = ''] = (answer.headers.get('content-type') ?? '').split(';');
  if (method === 'HEAD' || !documented.content) return answer.text === '' ? [] : ['a body where none is documented'];
  const faults = api.problemsOf(route, answer.status, type, type.endsWith('json') ? answer.json() : answer.text);
  return faults === '' ? [] : [faults];
}

function problemFaults(call: string, answer: Answer): string[] {
  const type = answer.headers.get('content-type') ?? '';
  if (!type.startsWith('application/problem+json')) return [`content type ${type} instead of a problem`];
  const problem = answer.json<Problem>();
  const faults: string[] = [];
  if (answer.status >= 500) faults.push('a failure of the server');
  if (problem.status !== answer.status) faults.push(`status ${problem.status} in the body`);
  if (problem.requestId !== answer.headers.get('x-request-id')) faults.push('another requestId than X-Request-Id');
  if ((answer.status === 400) !== (problem.errors !== undefined && problem.errors.length > 0))
    faults.push('errors[] belong to a 400');
  // A detail may name the path that was asked for, such as a scanner's /src/main.ts.
  const told = answer.text.replaceAll(call.split(' ')[1] ?? '', '');
  if (INSIDE.test(told)) faults.push(`tells of the inside: ${told}`);
  return faults;
}
