import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { checkDocuments, type DocumentCheck } from './figures/check-documents.ts';
import { ladderPicture, ladderPictures } from './figures/ladder-picture.ts';
import { referenceResults } from './figures/reference-results.ts';

const HELP = `
A figure stands between two comments, which no renderer shows:
  <!-- figure stage-1.feed estimate -->2.9× [2.7–3.1]<!-- /figure -->
Fields of a claim     estimate ratio interval before after floor verdict headline goal cpu rss machine takenAt commit scale table
Its blocks, torn apart  wrongTogether wrongApart wrongApartShare (pnpm demonstrate apart)
Its further metrics   also:"response time, p50 per block" estimate (… goal)
Its counts            count:"queries a request" both, before, after, goal
Its quantities        value:"CPU of nginx for a request" value, both, goal
Its arms              arm:before cpu, rss, rate, p50, p95, p99
Results are read from bench/results/<machine>/; with several machines, bench/results/reference.txt names the one to quote.
In README.md, in those of the stages and in docs/, a number with ×, %, ms or µs outside of a marker and of code is an error. One that
was chosen, such as a setting, says so:
  <!-- given -->250 ms<!-- /given -->
The pictures of all steps, docs/pictures/ladder*.svg, are drawn from the same results.

Example:
  pnpm figures            after pnpm bench stage-1 --save`;

new Command('pnpm figures')
  .description(
    'Fills the figures in all Markdown files, and draws the pictures of all steps, from the committed results.',
  )
  .option('--check', 'change nothing; exit 1 when a figure differs from its result')
  .addHelpText('after', HELP)
  .action(({ check = false }: { check?: boolean }) => {
    process.exitCode = figures(fileURLToPath(new URL('../..', import.meta.url)), check);
  })
  .parse();

function figures(root: string, check: boolean): number {
  const documents = checkDocuments(root);
  if (!check) for (const document of documents) fill(root, document);
  const wrong = documents.flatMap(({ path, problems, stale }) =>
    [...problems, ...(check ? stale : [])].map(({ line, message }) => `${path}:${line}: ${message}`),
  );
  const pictures = stalePictures(root);
  if (check) wrong.push(...pictures.map(({ path }) => `${path} is not what the results draw`));
  else for (const picture of pictures) draw(root, picture);
  for (const line of wrong) process.stderr.write(`${line}\n`);
  const stale = pictures.length > 0 || documents.some((document) => document.stale.length > 0);
  if (check && stale) process.stderr.write('Run pnpm figures to fill them in again.\n');
  return wrong.length > 0 ? 1 : 0;
}

function fill(root: string, { path, filled, stale }: DocumentCheck): void {
  if (stale.length === 0) return;
  writeFileSync(`${root}/${path}`, filled);
  process.stdout.write(`${path}: ${stale.length} ${stale.length === 1 ? 'figure' : 'figures'} filled in\n`);
}

interface Picture {
  path: string;
  text: string;
}

/** Those that are missing, or were drawn from other results. */
function stalePictures(root: string): Picture[] {
  const results = referenceResults(root);
  return Object.entries(ladderPictures)
    .map(([path, form]) => ({ path, text: ladderPicture(results, form) }))
    .filter(({ path, text }) => !existsSync(`${root}/${path}`) || readFileSync(`${root}/${path}`, 'utf8') !== text);
}

function draw(root: string, { path, text }: Picture): void {
  mkdirSync(dirname(`${root}/${path}`), { recursive: true });
  writeFileSync(`${root}/${path}`, text);
  process.stdout.write(`${path}: drawn\n`);
}
