import { relative } from 'node:path';
import type { MarkdownRenderer } from 'vitepress';
import { markersLeftOut } from './markers-left-out.ts';
import { pageLinks } from './page-links.ts';
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
    const { locale, source } = placeOf(relative(root, state.env.path), byFile);
    for (const { children } of state.tokens) {
      let left = false;
      for (const token of children ?? []) {
        if (token.type === 'link_close' && left) {
          [token.tag, left] = ['span', false];
        }
        const href = token.type === 'link_open' ? token.attrGet('href') : null;
        if (href === null) continue;
        const target = resolve(href, { source, locale });
        if ('href' in target) token.attrSet('href', target.href);
        else {
          // A token of another type: VitePress' renderer of links expects an address in every `link_open`.
          [token.type, token.tag, left] = ['file_open', 'span', true];
          token.attrs = [
            ['class', 'file'],
            ['title', target.path],
          ];
        }
      }
    }
  });
}

/** Whose text a page shows. What is English in the other language has no file of its own. */
function placeOf(path: string, byFile: Map<string, Page>): Pick<Page, 'locale' | 'source'> {
  const page = byFile.get(path);
  if (page) return page;
  const english = byFile.get(path.replace(/^docs\/ko\//, 'docs/').replace(/index\.md$/, 'README.md'));
  return { locale: path.startsWith('docs/ko/') ? 'ko' : 'en', source: english?.source ?? path };
}
