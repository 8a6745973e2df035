import { describe, expect, it } from '@jest/globals';
import { highlighter } from '../src/step-pages/highlight.ts';

const highlight = await highlighter();

describe('a highlighted file', () => {
  it.each([
    ['src/app.ts', 'const name = 1;', '<b class="keyword">const</b>'],
    ['nginx/nginx.conf', '# a comment', '<b class="comment"># a comment</b>'],
    ['redis.conf', '; a comment', '<b class="comment">; a comment</b>'],
    ['prometheus/alertmanager.yml', 'a: "text"', '<b class="string-expression">"text"</b>'],
    ['varnish/edge.vcl', '# a comment', '<b class="comment"># a comment</b>'],
  ])('has classes for what has colours: %s', (path, text, html) => {
    expect(highlight(path, text).join('').replaceAll('&quot;', '"')).toContain(html);
  });

  it('shows what looks like HTML as it is written', () => {
    expect(highlight('prometheus/slack.tmpl', '<b>&')).toEqual(['&lt;b>&amp;']);
  });

  it('has a line for each of the file', () => {
    expect(highlight('src/app.ts', '/* one\n two */\n\na();')).toHaveLength(4);
  });
});
