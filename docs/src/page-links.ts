import { posix } from 'node:path';
import { addressOf, isEnglishOnly, type Locale, type Page } from './pages.ts';

/** Where a link of a page leads: an address of the site or elsewhere, or a file of the repository that is no page. */
export type Target = { href: string } | { path: string };

const ELSEWHERE = /^([a-z]+:|#|\/)/;

/** Reads links as they are meant in the repository, and finds the pages that show what they point at. */
export function pageLinks(pages: readonly Page[]): (href: string, from: { source: string; locale: Locale }) => Target {
  const idOf = new Map(pages.flatMap(({ id, file, source }) => [file, source].map((path) => [path, id])));
  const has = new Set(pages.map(addressOf));
  return (href, { source, locale }) => {
    if (ELSEWHERE.test(href)) return { href };
    const [, relative = '', hash = ''] = /^([^#]*)(#.*)?$/.exec(href) ?? [];
    const path = posix.join(posix.dirname(source), decodeURI(relative)).replace(/\/$/, '');
    const id = idOf.get(path) ?? idOf.get(`${path}/README.md`);
    if (id === undefined) return { path };
    const inLocale = has.has(addressOf({ id, locale })) || isEnglishOnly(id);
    return { href: addressOf({ id, locale: inLocale ? locale : 'en' }) + hash };
  };
}
