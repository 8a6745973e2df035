import { seededUserIds } from './seeded-ids.ts';
import { visit } from './visit.ts';

export { openLoad } from './open-load.ts';
export { summaryFor } from './summary.ts';

const author = seededUserIds(__ENV.SCALE);

/** Opens the feed: the 100 newest posts, each with its author's name. */
export function feed(): void {
  visit('feed', '/posts?limit=100', (answer) => {
    // json() with a path is searched in Go. Parsing the page in JavaScript would cost more than the server spends on it.
    return answer.json('items.#') === 100 && typeof answer.json('items.99.author.name') === 'string';
  });
}

/** Opens the newest posts of one author; few authors are asked for most of the time, most of them hardly ever. */
export function authorPage(): void {
  const id = author();
  visit('author', `/users/${id}/posts`, (answer) => {
    const posts = answer.json('items.#');
    return posts === 0 || (Number(posts) > 0 && answer.json('items.0.author.id') === id);
  });
}
