/** What came of members who write and then read. */
export interface Pairs {
  asked: number;
  /** Reads that did not show the write before them. */
  stale: number;
  /** Of these, those on a page of many posts. */
  staleOnPage: number;
  /** Reads of the newest posts whose first one was older than when the same member read them before. */
  backwards: number;
  /** Reads that a replica answered. */
  byReplica: number;
}

interface Options {
  url: string;
  /** Of each member. */
  cookies: readonly string[];
  pairs: number;
  signal: AbortSignal;
  progress: (done: number) => Promise<void>;
}

interface Answer {
  body: { id: string; title: string; items?: { id: string; createdAt: string }[] };
  timing: string;
}

/** Has each member write and read by turns, as many pairs as are asked for in all. @throws {Error} For any other answer than the one asked for. */
export async function writeAndRead({ url, cookies, pairs, signal, progress }: Options): Promise<Pairs> {
  const found: Pairs = { asked: 0, stale: 0, staleOnPage: 0, backwards: 0, byReplica: 0 };
  let begun = 0;
  const member = async (cookie: string) => {
    const ask = asker(url, cookie, signal);
    const { id } = (await ask('POST', '/posts', { title: 'mine', body: 'to be changed' })).body;
    let newest = '';
    while (begun < pairs) {
      const n = begun++;
      const read = n % 2 === 0 ? await changeAndRead(ask, id, n) : await createAndLook(ask, n);
      found.asked += 1;
      if (read.timing.includes('replica-')) found.byReplica += 1;
      if (!read.fresh) found.stale += 1;
      if (!read.fresh && n % 2 === 1) found.staleOnPage += 1;
      if (read.newest !== undefined && read.newest < newest) found.backwards += 1;
      newest = read.newest ?? newest;
      if (found.asked % 500 === 0) await progress(found.asked / pairs);
    }
  };
  await Promise.all(cookies.map(member));
  return found;
}

type Ask = ReturnType<typeof asker>;

async function changeAndRead(ask: Ask, id: string, n: number) {
  const title = `changed in pair ${n}`;
  await ask('PUT', `/posts/${id}`, { title });
  const { body, timing } = await ask('GET', `/posts/${id}`);
  return { fresh: body.title === title, timing, newest: undefined };
}

async function createAndLook(ask: Ask, n: number) {
  const { id } = (await ask('POST', '/posts', { title: `made in pair ${n}`, body: 'new' })).body;
  const { body, timing } = await ask('GET', '/posts?limit=50');
  return { fresh: body.items?.some((post) => post.id === id) === true, timing, newest: placeOf(body.items?.[0]) };
}

/** Of a page: its first post's place in the order of all, as a text that sorts. */
function placeOf({ createdAt, id }: { createdAt: string; id: string } = { createdAt: '', id: '' }): string {
  return `${createdAt} ${id.padStart(20, '0')}`;
}

/** Asks as one member, whose cookies are kept as a browser keeps them. */
function asker(url: string, cookie: string, signal: AbortSignal) {
  const jar = new Map(cookie.split('; ').map((pair) => pair.split('=', 2) as [string, string]));
  return async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const answer = await fetch(url + path, {
      ...{ method, signal, ...(body !== undefined && { body: JSON.stringify(body) }) },
      headers: {
        Cookie: [...jar].map((pair) => pair.join('=')).join('; '),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
      },
    });
    for (const set of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = set.split(';', 1)[0]?.split('=', 2) ?? [];
      jar.set(name, value);
    }
    const unknown = method === 'GET' && answer.status === 404; // a post that is not there yet, where it is looked for
    if (answer.status >= 300 && !unknown) throw new Error(`${method} ${path} answered ${answer.status}`);
    return { body: await answer.json(), timing: answer.headers.get('server-timing') ?? '' } as Answer;
  };
}
