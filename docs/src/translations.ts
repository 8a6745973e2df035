import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { findMarkers, withTexts } from '@day90/bench/documents';
import { frontMatter } from './front-matter.ts';
import { addressOf, allPages, isEnglishOnly } from './pages.ts';

/** A translation, and the English text it belongs to. */
export interface Translation {
  file: string;
  english: string;
  /** The hash that it was translated from, and that of the English text now. */
  of: string;
  now: string;
}

/** The hash of an English text. What stands in figure markers is left out: figures follow results, in every language alike. */
export function textHash(text: string): string {
  const empty = findMarkers(text).markers.map((marker) => ({ marker, text: '' }));
  return createHash('sha256').update(withTexts(text, empty)).digest('hex').slice(0, 12);
}

/**
 * Every translation there is: the Korean pages, and README.ko.md.
 * @throws {Error} With every file that names no English source, or one that is not there.
 */
export function translations(root: string): Translation[] {
  const files = ['README.ko.md', ...globSync('docs/ko/**/*.md', { cwd: root }).sort()];
  const read = files
    .filter((file) => existsSync(`${root}/${file}`) && !file.includes('['))
    .map((file) => translation(root, file));
  const problems = read.filter((one) => typeof one === 'string');
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return read.filter((one) => typeof one !== 'string');
}

function translation(root: string, file: string): Translation | string {
  const { translates, of = '' } = frontMatter(readFileSync(`${root}/${file}`, 'utf8'));
  if (!translates) return `${file}: its first lines name no English file, as "translates: docs/words.md"`;
  if (!existsSync(`${root}/${translates}`)) return `${file}: translates ${translates}, which is not there`;
  return { file, english: translates, of: String(of), now: textHash(readFileSync(`${root}/${translates}`, 'utf8')) };
}

/** English pages without a Korean one that are not meant to be so. */
export function untranslated(root: string): string[] {
  const pages = allPages(root);
  const there = new Set(pages.map(addressOf));
  return pages
    .filter(({ id, locale }) => locale === 'en' && !isEnglishOnly(id) && !there.has(addressOf({ id, locale: 'ko' })))
    .map(({ file }) => file);
}
