import { globSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

/** A page as it was built. */
interface BuiltPage {
  /** `/stages/stage-2`, as it is opened. */
  address: string;
  html: string;
}

/** The most that a browser loads for a page before a picture, compressed as servers send it. */
const LARGEST_PAGE_KB = 300;

const HERE = 'http://site.invalid';

/** Every page in a folder that VitePress built. */
export function builtPages(folder: string): BuiltPage[] {
  return globSync('**/*.html', { cwd: folder })
    .sort()
    .map((file) => ({
      address: `/${file.replace(/\.html$/, '').replace(/(^|\/)index$/, '$1')}`,
      html: readFileSync(`${folder}/${file}`, 'utf8'),
    }));
}

/** Links within the site that lead to no page, or to a place that the page does not have. */
export function deadLinks(pages: readonly BuiltPage[]): string[] {
  const ids = new Map(pages.map(({ address, html }) => [address, idsIn(html)]));
  return pages.flatMap(({ address, html }) =>
    linksIn(html).flatMap((link) => {
      const { origin, pathname, hash } = new URL(link, HERE + address);
      if (origin !== HERE) return [];
      const [page, id] = [decodeURI(pathname), decodeURIComponent(hash.slice(1))];
      const there = ids.get(page);
      if (!there) return [`${address}: no page ${page}`];
      return id === '' || there.has(id) ? [] : [`${address}: ${page} has no #${id}`];
    }),
  );
}

/** Pages that are larger than {@link LARGEST_PAGE_KB} with the scripts and styles that they load. */
export function largePages(folder: string, pages: readonly BuiltPage[]): string[] {
  const sizes = new Map<string, number>();
  const sizeOf = (asset: string): number => {
    const known = sizes.get(asset) ?? gzipSync(readFileSync(`${folder}${asset}`)).length;
    sizes.set(asset, known);
    return known;
  };
  return pages.flatMap(({ address, html }) => {
    const bytes = assetsIn(html).reduce((sum, asset) => sum + sizeOf(asset), gzipSync(html).length);
    return bytes <= LARGEST_PAGE_KB * 1000 ? [] : [`${address}: ${Math.ceil(bytes / 1000)} kB of ${LARGEST_PAGE_KB}`];
  });
}

const idsIn = (html: string) => new Set(values(html, /\sid="([^"]+)"/g));
const linksIn = (html: string) => values(html, /<a\s[^>]*?href="([^"]+)"/g);
const assetsIn = (html: string) => values(html, /<(?:script|link)\s[^>]*?(?:src|href)="(\/[^"]+\.(?:js|css))"/g);

/** The values of an attribute, each once. */
function values(html: string, attribute: RegExp): string[] {
  const found = [...html.matchAll(attribute)].map(([, value = '']) => value);
  return [...new Set(found)].map((value) =>
    value.replace(/&(?:amp|quot|#39|lt|gt);/g, (entity) => ENTITIES[entity] ?? ''),
  );
}

const ENTITIES: Record<string, string> = { '&amp;': '&', '&quot;': '"', '&#39;': "'", '&lt;': '<', '&gt;': '>' };
