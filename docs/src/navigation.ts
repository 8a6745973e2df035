import { addressOf, isEnglishOnly, type Locale, type Page } from './pages.ts';

type Words = Record<Locale, string>;

/** A part of the site: pages by id, in order; a name that ends with `*` stands for all that begin so and are named nowhere else. */
interface Section {
  title: Words;
  pages: string[];
  /**
   * The page that its title leads to. A section with one is closed until a reader opens it; without one the theme would put a
   * button into a button.
   */
  front?: string;
}

const SECTIONS: Section[] = [
  { title: { en: 'Start', ko: '시작' }, pages: ['learn', 'method', 'words', 'architecture'] },
  { title: { en: 'The stages', ko: '스테이지' }, pages: ['stages/stage-*', 'stages/sharded'] },
  { title: { en: 'The steps, as diffs', ko: '단계별 diff' }, pages: ['steps/*'] },
  { title: { en: 'Look up', ko: '찾아보기' }, pages: ['traps', 'checklist', 'troubleshooting', 'bench', '*'] },
  { title: { en: 'Runbooks', ko: '런북' }, pages: ['runbooks/*'], front: 'runbooks/' },
  { title: { en: 'Decisions', ko: '결정' }, pages: ['decisions/*'], front: 'decisions/' },
  { title: { en: 'Afterwards', ko: '그다음' }, pages: ['finale', 'infra', 'beyond'] },
];

interface NavigationItem {
  text: string;
  link: string;
}

interface NavigationSection {
  text: string;
  items: NavigationItem[];
  link?: string;
  collapsed?: true;
}

/** The sections of one language with the pages there are. The front page is in none of them. */
export function navigation(pages: readonly Page[], locale: Locale): NavigationSection[] {
  const own = pages.filter((page) => page.id !== '' && shownIn(page, locale));
  const named = new Set(SECTIONS.flatMap(({ pages: wanted, front }) => (front ? [...wanted, front] : wanted)));
  return SECTIONS.map(({ title, pages: wanted, front }) => ({
    text: title[locale],
    items: wanted.flatMap((id) => chosen(id, own, named)).map((page) => item(page, locale)),
    ...(front && { link: addressOf({ id: front, locale }), collapsed: true as const }),
  })).filter(({ items }) => items.length > 0);
}

/** In the other language an English page is listed where it is English on purpose. */
function shownIn({ id, locale: written }: Page, locale: Locale): boolean {
  return written === locale || (locale !== 'en' && written === 'en' && isEnglishOnly(id));
}

function chosen(wanted: string, pages: readonly Page[], named: ReadonlySet<string>): Page[] {
  if (!wanted.endsWith('*')) return pages.filter(({ id }) => id === wanted);
  const folder = wanted.slice(0, -1);
  const inFolder = ({ id }: Page) => id.startsWith(folder) && !id.slice(folder.length).includes('/');
  return pages.filter((page) => inFolder(page) && !named.has(page.id)).sort(byNumber);
}

const { compare } = new Intl.Collator('en', { numeric: true });
const byNumber = (a: Page, b: Page) => compare(a.id, b.id);

/** A title up to its colon: "Stage 2 · day 15: a cache that …". */
function item({ id, title }: Page, locale: Locale): NavigationItem {
  return { text: title.replace(/:\s.*$/, ''), link: addressOf({ id, locale }) };
}
