import { expect } from '@jest/globals';

/** By https, and by plain HTTP on localhost. */
const SEEN = /^(__Host-)?seen=/;
const SAFE = /^(GET|HEAD|OPTIONS|TRACE) /;

/**
 * Takes out of an answer the cookie that names a browser to databases with copies, so that it is shown its own writes. It is no
 * session, and comes with what was written alone: a page that sets a cookie can be stored by no cache.
 * @returns The other headers, and what the browser sends from now on, if anything changed.
 */
export function takeSeenCookie(call: string, { status, headers }: Response): { headers: Headers; seen?: string } {
  const cookies = headers.getSetCookie();
  const [cookie, ...more] = cookies.filter((one) => SEEN.test(one));
  if (cookie === undefined) return { headers };
  expect({ call, safe: SAFE.test(call), failed: status >= 400, more }).toEqual({
    call,
    safe: false,
    failed: false,
    more: [],
  });
  const [pair = '', ...attributes] = cookie.split('; ');
  expect(attributes).toEqual(expect.arrayContaining(['Path=/', 'HttpOnly', 'SameSite=Lax']));
  const others = new Headers(headers);
  others.delete('set-cookie');
  for (const one of cookies) if (one !== cookie) others.append('set-cookie', one);
  return { headers: others, seen: pair };
}
