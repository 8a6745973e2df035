import { defineConfig } from 'vitepress';
import { repositoryMarkdown } from '../src/markdown.ts';
import { navigation } from '../src/navigation.ts';
import { allPages, type Locale } from '../src/pages.ts';
import { pictureMarkdown } from '../src/pictures/picture-markdown.ts';
import { ROOT } from '../src/root.ts';
import { stepFilesPlugin } from '../src/step-pages/step-files-plugin.ts';
import { stepMarkdown } from '../src/step-pages/step-markdown.ts';
import { readSteps } from '../src/step-pages/steps.ts';
import { interfaceWords, searchWords } from '../src/words-of-the-theme.ts';

const pages = allPages(ROOT);
const steps = await readSteps(ROOT);

const themeOf = (locale: Locale) => ({
  sidebar: navigation(pages, locale),
  nav: navigation(pages, locale)
    .slice(1, 4)
    .flatMap(({ text, items: [first] }) => (first ? { text, link: first.link } : [])),
  ...interfaceWords[locale],
});

/** The site: what is in docs/, the stages' READMEs, and nothing that a visitor's browser would have to fetch from elsewhere. */
export default defineConfig({
  title: 'Day90',
  description: 'One Express app, from its first day to a million users, in seven measured steps',
  cleanUrls: true,
  srcExclude: ['README.md'],
  rewrites: { 'decisions/README.md': 'decisions/index.md', 'runbooks/README.md': 'runbooks/index.md' },
  head: [['meta', { name: 'color-scheme', content: 'light dark' }]],
  locales: {
    root: { label: 'English', lang: 'en', themeConfig: themeOf('en') },
    ko: {
      label: '한국어',
      lang: 'ko',
      link: '/ko/',
      description: 'Express 앱 하나, 첫날부터 사용자 100만 명까지, 측정한 일곱 단계',
      themeConfig: themeOf('ko'),
    },
  },
  themeConfig: { search: { provider: 'local', options: { locales: { ko: searchWords.ko } } } },
  markdown: {
    // In its usual ones comments and options are too faint to be read by everybody (WCAG 2.2, 1.4.3).
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    config(md) {
      repositoryMarkdown(md, ROOT, pages);
      stepMarkdown(md, steps);
      pictureMarkdown(md, ROOT);
    },
  },
  transformPageData({ relativePath, frontmatter }) {
    if (!/(^|\/)steps\/\d+\.md$/.test(relativePath)) return;
    return { frontmatter: { ...frontmatter, aside: false, pageClass: 'step-page' } };
  },
  vite: { plugins: [stepFilesPlugin(steps)] },
});
