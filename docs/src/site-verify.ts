import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { browserNeed, ensureSystemNeeds, findProgram, runProgram } from '@day90/infra';
import { Command, Option } from 'commander';
import { documentProblems, documents } from './commands/check-documents.ts';
import { documentedCommands } from './commands/documented-commands.ts';
import { runDocument } from './commands/run-document.ts';
import { lookAtPages } from './look-at-pages.ts';
import { ROOT } from './root.ts';

const PARTS = {
  commands: () => documentProblems(ROOT),
  pages,
  runs,
};
type Part = keyof typeof PARTS;

const HELP = `
commands  the commands of all documents exist, and know the options they are given
pages     the site builds; every page in Chromium, wide and narrow, light and dark: nothing serious to axe, no request elsewhere
runs      the commands that are tagged run, in a fresh clone of what is committed; takes many minutes

Example: pnpm site:verify --only pages`;

const program = new Command('pnpm site:verify')
  .description('Verifies the site and the commands of all documents.')
  .addOption(new Option('--only <part>', 'one part').choices(Object.keys(PARTS)))
  .option('--document <path>', 'of the runs: this document alone, such as README.md')
  .addHelpText('after', HELP)
  .action(async ({ only, document }: { only?: Part; document?: string }) => {
    const parts = only ? [only] : (Object.keys(PARTS) as Part[]);
    for (const part of parts) {
      const problems = await PARTS[part](document);
      for (const problem of problems) console.error(problem);
      console.log(`${part}: ${problems.length === 0 ? 'as they should be' : `${problems.length} wrong`}`);
      if (problems.length > 0) process.exitCode = 1;
    }
  });
await runProgram(program);

async function pages(): Promise<string[]> {
  const built = spawnSync(process.execPath, ['docs/src/site-build.ts'], { cwd: ROOT, stdio: 'inherit' });
  const unsound = built.status === 0 ? [] : ['pnpm site:build fails'];
  await ensureSystemNeeds('stage-1', 'bench', { needs: [browserNeed] });
  return [
    ...unsound,
    ...(await lookAtPages(`${ROOT}/docs/.vitepress/dist`, findProgram(browserNeed.program) ?? browserNeed.program)),
  ];
}

async function runs(document?: string): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'day90-documents-'));
  try {
    execFileSync('git', ['clone', '--quiet', ROOT, folder]);
    const problems: string[] = [];
    for (const path of document ? [document] : documents(folder).filter((one) => !one.includes('docs/ko/'))) {
      const text = readFileSync(join(folder, path), 'utf8');
      if (!documentedCommands(text).commands.some(({ tag }) => tag === 'run')) continue;
      for (const { line, text: command, why } of await runDocument(folder, text)) {
        console.log(`${why === undefined ? 'ran   ' : 'FAILED'} ${path}:${line}: ${command}`);
        if (why !== undefined) problems.push(`${path}:${line}: ${why}`);
      }
    }
    return problems;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
