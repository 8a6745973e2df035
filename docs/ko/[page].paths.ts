import { allPages, isEnglishOnly } from '../src/pages.ts';
import { ROOT } from '../src/root.ts';

/** The pages that are English on purpose, for readers of the other language: with its navigation, and a line that says so. */
export default {
  paths: () =>
    allPages(ROOT)
      .filter(({ id, locale }) => locale === 'en' && isEnglishOnly(id))
      .map(({ id, text }) => ({ params: { page: id.replace(/\/$/, '/index') }, content: text })),
};
