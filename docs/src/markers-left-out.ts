import { withoutCode } from '@day90/bench/documents';

const COMMENT = /<!-- (?:figure .*?|\/figure|given|\/given) -->/g;

/**
 * A text without the comments around its figures. A line that begins with a comment is a block of HTML to Markdown: it would end
 * the paragraph it stands in.
 */
export function markersLeftOut(text: string): string {
  let left = '';
  let from = 0;
  for (const comment of withoutCode(text).matchAll(COMMENT)) {
    left += text.slice(from, comment.index);
    from = comment.index + comment[0].length;
  }
  return left + text.slice(from);
}
