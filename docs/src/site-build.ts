import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Command } from 'commander';
import { build } from 'vitepress';
import { builtPages, deadLinks, largePages } from './built-site.ts';
import { llmsText, markdownPages } from './llms.ts';
import { allPages } from './pages.ts';
import { ROOT } from './root.ts';
import { untranslated } from './translations.ts';

const OUT = `${ROOT}/docs/.vitepress/dist`;

new Command('pnpm site:build')
  .description(
    'Builds the site, and says what is wrong in it: dead links, pages too large, pages without a Korean one.',
  )
  .allowExcessArguments(false)
  .addHelpText('after', '\nExample: pnpm site:build')
  .parse();

const startedAt = performance.now();
await build(`${ROOT}/docs`);
writeTexts();
const seconds = (performance.now() - startedAt) / 1000;

const pages = builtPages(OUT);
const problems = [
  ...deadLinks(pages),
  ...largePages(OUT, pages),
  ...untranslated(ROOT).map((file) => `${file} has no Korean page`),
];
for (const problem of problems) console.error(problem);
console.log(`${pages.length} pages in ${seconds.toFixed(1)} s: docs/.vitepress/dist`);
process.exitCode = problems.length > 0 ? 1 : 0;

/** What programs read: the list of the pages, and each as Markdown. */
function writeTexts(): void {
  const summary =
    'One Express app, from its first day to a million users, in seven steps that run, are measured and can be forked.';
  const written = allPages(ROOT);
  for (const [address, text] of [
    ...markdownPages(written),
    ['/llms.txt', llmsText(written, 'Day90', summary)],
  ] as const) {
    mkdirSync(dirname(OUT + address), { recursive: true });
    writeFileSync(OUT + address, text);
  }
}
