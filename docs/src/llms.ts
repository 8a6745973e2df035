import { markersLeftOut } from './markers-left-out.ts';
import { navigation } from './navigation.ts';
import { addressOf, type Page } from './pages.ts';

/**
 * The English pages as one list for readers that are programs.
 * @see https://llmstxt.org — a title, a summary, and sections of links
 */
export function llmsText(pages: readonly Page[], title: string, summary: string): string {
  const sections = navigation(pages, 'en').map(({ text, link, items }) => {
    const all = link === undefined ? items : [{ text, link }, ...items];
    const links = all.map((item) => `- [${item.text}](${markdownAddress(item.link)})`);
    return `## ${text}\n\n${links.join('\n')}`;
  });
  return `${[`# ${title}`, `> ${summary}`, ...sections].join('\n\n')}\n`;
}

/** Every English page as Markdown, by the address that {@link llmsText} names. */
export function markdownPages(pages: readonly Page[]): Map<string, string> {
  const english = pages.filter(({ id, locale }) => locale === 'en' && id !== '');
  return new Map(english.map((page) => [markdownAddress(addressOf(page)), markersLeftOut(page.text)]));
}

const markdownAddress = (address: string) => `${address.replace(/\/$/, '/index')}.md`;
