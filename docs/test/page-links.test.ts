import { describe, expect, it } from '@jest/globals';
import { pageLinks } from '../src/page-links.ts';
import type { Page } from '../src/pages.ts';

const page = (id: string, locale: Page['locale'], file: string, source = file): Page => ({
  ...{ id, locale, file, source },
  text: '',
  title: id,
  front: {},
});
const resolve = pageLinks([
  page('', 'en', 'docs/index.md'),
  page('words', 'en', 'docs/words.md'),
  page('words', 'ko', 'docs/ko/words.md'),
  page('method', 'en', 'docs/method.md'),
  page('stages/stage-2', 'en', 'docs/stages/stage-2.md', 'stages/day15-cache/README.md'),
  page('stages/stage-2', 'ko', 'docs/ko/stages/stage-2.md'),
  page('decisions/', 'en', 'docs/decisions/README.md'),
  page('decisions/8-leases', 'en', 'docs/decisions/8-leases.md'),
]);
const readme = { source: 'stages/day15-cache/README.md', locale: 'en' } as const;
const korean = { source: 'docs/ko/stages/stage-2.md', locale: 'ko' } as const;

describe('a link of a page', () => {
  it.each([
    ['a page, from a README that the page shows', '../../docs/words.md#stale', readme, { href: '/words#stale' }],
    ['the page that shows another README', '../day15-cache/README.md', readme, { href: '/stages/stage-2' }],
    ['the page of a folder', '../../docs/decisions/', readme, { href: '/decisions/' }],
    ['the page in the reader’s language', '../words.md', korean, { href: '/ko/words' }],
    [
      'the page in the reader’s language, where the English one is named',
      '../../words.md',
      korean,
      { href: '/ko/words' },
    ],
    ['the English page where there is no other', '../../method.md', korean, { href: '/method' }],
    [
      'what is English on purpose, with the reader’s navigation',
      '../../decisions/8-leases.md',
      korean,
      { href: '/ko/decisions/8-leases' },
    ],
    ['a file of the repository', 'src/redis-cache.ts', readme, { path: 'stages/day15-cache/src/redis-cache.ts' }],
    ['a folder of the repository', '../../bench/results', readme, { path: 'bench/results' }],
    ['a place of the same page', '#run-it', readme, { href: '#run-it' }],
    ['another site', 'https://redis.io/docs', readme, { href: 'https://redis.io/docs' }],
  ])('leads to %s', (_what, href, from, target) => {
    expect(resolve(href, from)).toEqual(target);
  });
});
