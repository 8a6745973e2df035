import { posix, relative } from 'node:path';
import type { MarkdownRenderer } from 'vitepress';
import { markersLeftOut } from './markers-left-out.ts';
import { pageLinks, type Target } from './page-links.ts';
import type { Page } from './pages.ts';

/**
 * Teaches VitePress' Markdown what the repository's documents have of their own: comments around figures, and links that are meant
 * from the file they stand in. A link to a file that is no page becomes that file's path.
 * @param root - The checkout's folder.
 */
export function repositoryMarkdown(md: MarkdownRenderer, root: string, pages: readonly Page[]): void {
  const resolve = pageLinks(pages);
  const byFile = new Map(pages.map((page) => [page.file, page]));
  md.core.ruler.before('normalize', 'figure-markers', (state) => {
    state.src = markersLeftOut(state.src);
  });
  md.core.ruler.after('inline', 'repository-links', (state) => {
    const path = relative(root, state.env.path);
    const place = placeOf(path, byFile);
    for (const { children } of state.tokens) {
      leadLinks(children ?? [], (href) => resolve(href, place));
      for (const image of children ?? []) if (image.type === 'image') moveImage(image, place.source, path);
    }
  });
}

type Token = Parameters<MarkdownRenderer['renderer']['render']>[0][number];

function leadLinks(tokens: readonly Token[], targetOf: (href: string) => Target): void {
  let left = false;
  for (const token of tokens) {
    if (token.type === 'link_close' && left) {
      token.tag = 'span';
      left = false;
    }
    const href = token.type === 'link_open' ? token.attrGet('href') : null;
    if (href === null) continue;
    const target = targetOf(href);
    if ('href' in target) {
      token.attrSet('href', target.href);
      continue;
    }
    // A token of another type: VitePress' renderer of links expects an address in every `link_open`.
    token.type = 'file_open';
    token.tag = 'span';
    token.attrs = [
      ['class', 'file'],
      ['title', target.path],
    ];
    left = true;
  }
}

/** A picture is named from the file whose text it stands in, and looked for from the page's. */
function moveImage(image: Token, source: string, page: string): void {
  const src = image.attrGet('src') ?? '';
  if (/^([a-z]+:|\/)/.test(src)) return;
  const moved = posix.relative(posix.dirname(page), posix.join(posix.dirname(source), src));
  image.attrSet('src', moved.startsWith('.') ? moved : `./${moved}`);
}

/** Whose text a page shows. What is English in the other language has no file of its own. */
function placeOf(path: string, byFile: Map<string, Page>): Pick<Page, 'locale' | 'source'> {
  const page = byFile.get(path);
  if (page) return page;
  const english = byFile.get(path.replace(/^docs\/ko\//, 'docs/').replace(/index\.md$/, 'README.md'));
  return { locale: path.startsWith('docs/ko/') ? 'ko' : 'en', source: english?.source ?? path };
}
