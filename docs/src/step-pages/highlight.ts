import { type BundledLanguage, createCssVariablesTheme, createHighlighter, type SpecialLanguage } from 'shiki';
import { escapeHtml } from '../escape-html.ts';

/** A text as HTML, line by line. Colours are classes, for the style sheet to have them light or dark. */
export type Highlight = (path: string, text: string) => string[];

const THEME = createCssVariablesTheme({ name: 'classes', variablePrefix: '--code-', fontStyle: false });
/** Varnish's language has no grammar of its own here. Perl's comments, strings and blocks look like it. */
const BY_ENDING: Record<string, BundledLanguage> = { ts: 'ts', yml: 'yaml', css: 'css', vcl: 'perl' };

/** What the style sheet has colours for; all else is as plain text. */
const COLOURED = ['keyword', 'string', 'string-expression', 'comment', 'function', 'constant', 'link'];

/** Prepares highlighting for all languages that stages are written in. */
export async function highlighter(): Promise<Highlight> {
  const shiki = await createHighlighter({ themes: [THEME], langs: [...Object.values(BY_ENDING), 'nginx', 'ini'] });
  return (path, text) => {
    const lines = shiki.codeToTokensBase(text, { lang: languageOf(path), theme: THEME });
    return lines.map((tokens) => tokens.map(({ content, color }) => asHtml(content, color)).join(''));
  };
}

function languageOf(path: string): BundledLanguage | SpecialLanguage {
  const ending = path.slice(path.lastIndexOf('.') + 1);
  if (ending === 'conf') return path.startsWith('nginx/') ? 'nginx' : 'ini';
  return BY_ENDING[ending] ?? 'text';
}

/** `var(--code-token-keyword)` becomes the class `keyword`; plain text stays plain. */
function asHtml(content: string, color: string | undefined): string {
  const kind = /^var\(--code-token-([a-z-]+)\)$/.exec(color ?? '')?.[1];
  return kind === undefined || !COLOURED.includes(kind)
    ? escapeHtml(content)
    : `<b class="${kind}">${escapeHtml(content)}</b>`;
}
