import type { Answer, RequestOptions } from './answer.ts';
import { checkAnswer } from './check-answer.ts';
import type { ApiDocument, OpenApi } from './open-api.ts';
import { ApiDocument as Document } from './open-api.ts';
import { takeSeenCookie } from './seen-cookie.ts';

/** One browser: sends requests to a running app, and holds each answer against the rules that all of them must keep. */
export class Visitor {
  readonly url: string;
  readonly api: ApiDocument;
  /** What it must be shown, whoever is logged in: a cookie, once it has written. */
  #seen: string | undefined;

  private constructor(url: string, api: ApiDocument) {
    this.url = url;
    this.api = api;
  }

  /** Reads the app's OpenAPI document first: all checks come from it. */
  static async of(url: string): Promise<Visitor> {
    const answer = await fetch(`${url}/openapi.json`);
    if (!answer.ok) throw new Error(`GET /openapi.json answered ${answer.status}`);
    return new Visitor(url, new Document((await answer.json()) as OpenApi));
  }

  /** @param call - Method and path, such as `POST /posts`. */
  async send(call: string, options: RequestOptions = {}): Promise<Answer> {
    const answer = await this.sendUnchecked(call, options);
    checkAnswer(this.api, call, answer, options);
    return answer;
  }

  /** Like {@link Visitor.send}, for what is outside of the document, such as `/readyz`. */
  async sendUnchecked(call: string, { headers = {}, json, body, as }: RequestOptions = {}): Promise<Answer> {
    const [method = '', path = ''] = call.split(' ');
    const sent = json === undefined ? body : JSON.stringify(json);
    const cookie = [as?.cookie ?? headers.cookie, this.#seen].filter(Boolean).join('; ');
    const response = await fetch(this.url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(json !== undefined && { 'content-type': 'application/json' }),
        ...headers,
        ...(cookie && { cookie }),
      },
      ...(sent !== undefined && { body: sent as NonNullable<RequestInit['body']>, duplex: 'half' }), // it is sent to its end before the answer is read
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    const text = bytes.toString();
    const taken = takeSeenCookie(call, response);
    this.#seen = taken.seen ?? this.#seen;
    return { status: response.status, headers: taken.headers, text, bytes, json: <T>() => JSON.parse(text) as T };
  }
}
