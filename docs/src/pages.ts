import { globSync, readFileSync } from 'node:fs';
import { type FrontMatter, frontMatter, withoutFrontMatter } from './front-matter.ts';

/** The languages of the site. English is at `/`, the other below `/ko/`. */
const LOCALES = ['en', 'ko'] as const;
export type Locale = (typeof LOCALES)[number];

/** A page of the site. */
export interface Page {
  /** The same in all languages: `stages/stage-2`; a folder's own page ends with a slash, the front page is empty. */
  id: string;
  locale: Locale;
  /** Where it is written, from the root: `docs/ko/stages/stage-2.md`. */
  file: string;
  /** Whose text it shows, from the root: another file's where its front matter names one as `source`. */
  source: string;
  /** Its text as Markdown, without front matter. */
  text: string;
  title: string;
  front: FrontMatter;
}

/** What is written in English only: for whoever builds and runs it, and read beside code that is English. */
const ENGLISH_ONLY = /^(decisions|runbooks)\/|^infra$/;

/** Every page that is written by hand, in both languages. README.md of docs/ says how to write them and is none. */
export function allPages(root: string): Page[] {
  return globSync('docs/**/*.md', { cwd: root, exclude: (name) => name === 'node_modules' || name === '.vitepress' })
    .filter((file) => file !== 'docs/README.md' && !file.includes('['))
    .sort()
    .map((file) => readPage(root, file));
}

/** Whether a page has no other language on purpose. */
export function isEnglishOnly(id: string): boolean {
  return ENGLISH_ONLY.test(id);
}

/** A page's address, from the site's root: `/ko/stages/stage-2`. */
export function addressOf({ id, locale }: Pick<Page, 'id' | 'locale'>): string {
  return `${locale === 'en' ? '' : `/${locale}`}/${id}`;
}

function readPage(root: string, file: string): Page {
  const own = readFileSync(`${root}/${file}`, 'utf8');
  const front = frontMatter(own);
  const source = front.source ?? file;
  const text = withoutFrontMatter(front.source ? readFileSync(`${root}/${source}`, 'utf8') : own);
  const path = file.slice('docs/'.length, -'.md'.length);
  const locale = path.startsWith('ko/') ? 'ko' : 'en';
  const id = (locale === 'en' ? path : path.slice('ko/'.length)).replace(/(^|\/)(index|README)$/, '$1');
  return { id, locale, file, source, text, title: titleOf(text, id), front };
}

function titleOf(text: string, id: string): string {
  const heading = /^# (.+)$/m.exec(text)?.[1] ?? id;
  return heading.replaceAll('`', '');
}
