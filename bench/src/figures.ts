import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { checkDocuments, type DocumentCheck } from './figures/check-documents.ts';

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
  <!-- given -->250 ms<!-- /given -->`;

new Command('pnpm figures')
  .description('Fills the figures in all Markdown files from the committed results.')
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
  for (const line of wrong) process.stderr.write(`${line}\n`);
  const stale = documents.some((document) => document.stale.length > 0);
  if (check && stale) process.stderr.write('Run pnpm figures to fill them in again.\n');
  return wrong.length > 0 ? 1 : 0;
}

function fill(root: string, { path, filled, stale }: DocumentCheck): void {
  if (stale.length === 0) return;
  writeFileSync(`${root}/${path}`, filled);
  process.stdout.write(`${path}: ${stale.length} ${stale.length === 1 ? 'figure' : 'figures'} filled in\n`);
}
