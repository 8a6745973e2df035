import { parse } from 'yaml';

/** What a page says of itself before its text. */
export interface FrontMatter {
  /** The file, from the root, whose text this page shows: its links are meant from there. */
  source?: string;
  /** The stage whose picture, results and neighbours stand around the text: `stage-2`. */
  stage?: string;
  /** Of a translation: the English file, from the root, and the hash of the text that was translated. */
  translates?: string;
  of?: string;
}

/** Between two lines of dashes, or in a comment where a renderer would show the dashes' content: README.ko.md. */
const BLOCK = /^(?:---\n([\s\S]*?)\n---\n|<!--\n([\s\S]*?)\n-->\n)/;

/** A page's front matter; empty where it has none. */
export function frontMatter(text: string): FrontMatter {
  const block = BLOCK.exec(text);
  return block ? { ...parse(block[1] ?? block[2] ?? '') } : {};
}

/** A page without its front matter. */
export function withoutFrontMatter(text: string): string {
  return text.replace(BLOCK, '');
}
