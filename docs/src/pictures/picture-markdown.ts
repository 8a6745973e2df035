import { existsSync, readFileSync } from 'node:fs';
import type { MarkdownRenderer } from 'vitepress';

const PICTURE = /\/(docs\/)?pictures\/([a-z0-9-]+\.svg)$/;
/** What a picture says for itself where it stands alone. */
const OWN = /<(style|title)>[^<]*<\/(style|title)>\n/g;

/**
 * Puts the pictures of docs/pictures into the page itself, so that the site's switch between light and dark reaches them. Their colours
 * come from the site's style sheet. One that has a narrow form beside it, `…-narrow.svg`, is shown in that one on a phone.
 * @param root - The checkout's folder.
 */
export function pictureMarkdown(md: MarkdownRenderer, root: string): void {
  const asFile = md.renderer.rules.image;
  md.renderer.rules.image = (tokens, i, options, env, self) => {
    const token = tokens[i];
    const file = PICTURE.exec(token?.attrGet('src') ?? '')?.[2];
    if (token === undefined || file === undefined) return asFile?.(tokens, i, options, env, self) ?? '';
    const label = md.utils.escapeHtml(token.content);
    const wide = inPage(`${root}/docs/pictures/${file}`, label);
    const narrow = `${root}/docs/pictures/${file.replace('.svg', '-narrow.svg')}`;
    if (!existsSync(narrow)) return wide;
    return `<span class="when-wide">${wide}</span><span class="when-narrow">${inPage(narrow, label)}</span>`;
  };
}

function inPage(path: string, label: string): string {
  const svg = readFileSync(path, 'utf8').replace(OWN, '');
  return svg.replace(/aria-label="[^"]*"/, () => `aria-label="${label}"`).replaceAll('\n', '');
}
