import { randomUUID } from 'node:crypto';
import type { Post } from '@day90/core';
import type { Instance } from '@day90/infra';
import { DEMO_PASSWORD, memberEmail } from '@day90/testing/data';

/** Requests to a running stage: through its door, or to one of its app boxes past nginx. */
export class StageVisitor {
  readonly #instance: Instance;

  constructor(instance: Instance) {
    this.#instance = instance;
  }

  get boxes(): string[] {
    return this.#instance.boxesOf('app');
  }

  /**
   * @param options.where - A box; the door unless told.
   * @param options.alone - On a connection of its own. An idle one that nginx ends, as it does when it reads its files anew,
   *   may just be given the next request: a browser then sends it again, `fetch` does not.
   *   https://www.rfc-editor.org/rfc/rfc9112#section-9.3.1
   */
  send(call: string, options: { where?: string; cookie?: string; key?: string; json?: unknown; alone?: boolean } = {}) {
    const [method = '', path = ''] = call.split(' ');
    const { where, cookie, key, json, alone } = options;
    const url = where === undefined ? this.#instance.url : `http://127.0.0.1:${this.#instance.box(where).port}`;
    return fetch(url + path, {
      method,
      headers: {
        ...(alone && { Connection: 'close' }),
        ...(cookie !== undefined && { Cookie: cookie }),
        ...(key !== undefined && { 'Idempotency-Key': key }),
        ...(json !== undefined && { 'Content-Type': 'application/json' }),
      },
      ...(json !== undefined && { body: JSON.stringify(json) }),
    });
  }

  /** Asks every box at once. @returns What `pick` makes of the answers, in the order of the boxes. */
  onEach<T>(call: string, pick: (answer: Response) => T | Promise<T>, cookie?: string): Promise<T[]> {
    return Promise.all(
      this.boxes.map(async (where) => pick(await this.send(call, { where, ...(cookie !== undefined && { cookie }) }))),
    );
  }

  /** @returns The session's cookie. */
  async login(member = 1, where?: string): Promise<string> {
    const json = { email: memberEmail(member), password: DEMO_PASSWORD };
    const answer = await this.send('POST /login', { json, ...(where !== undefined && { where }) });
    if (answer.status !== 200) throw new Error(`POST /login answered ${answer.status}`);
    return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  }

  async newPost(cookie: string, where?: string): Promise<Post> {
    const json = { title: `Title ${randomUUID()}`, body: 'Body' };
    const answer = await this.send('POST /posts', { json, cookie, ...(where !== undefined && { where }) });
    if (answer.status !== 201) throw new Error(`POST /posts answered ${answer.status}`);
    return (await answer.json()) as Post;
  }
}

/** The title in the answer to a read of one post. */
export const titleOf = async (answer: Response) => ((await answer.json()) as Post).title;
