import { readFileSync, writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { ROOT } from './root.ts';
import { type Translation, translations } from './translations.ts';

new Command('pnpm site:translated')
  .description('Notes that translations say what their English texts say now.')
  .argument('[files...]', 'the translations that were brought in step, from the root')
  .option('--check', 'change nothing; exit 1 when a translation is older than its English text')
  .addHelpText('after', '\nExample: pnpm site:translated docs/ko/words.md')
  .action((files: string[], { check = false }: { check?: boolean }) => {
    process.exitCode = translated(files, check);
  })
  .parse();

function translated(files: string[], check: boolean): number {
  let all: Translation[];
  try {
    all = translations(ROOT);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return 1;
  }
  const known = new Set(all.map(({ file }) => file));
  const unknown = files.filter((file) => !known.has(file));
  for (const file of unknown)
    process.stderr.write(`${file} is no translation; they are in docs/ko, and README.ko.md\n`);
  const old = all.filter(({ of, now }) => of !== now);
  if (check) for (const one of old) process.stderr.write(staleLine(one));
  else for (const one of old.filter(({ file }) => files.includes(file))) note(one);
  return unknown.length > 0 || (check && old.length > 0) ? 1 : 0;
}

function staleLine({ file, english, of, now }: Translation): string {
  return `${file} is older than ${english} (${of || 'none'}, now ${now}): bring it in step, then run pnpm site:translated ${file}\n`;
}

function note({ file, of, now }: Translation): void {
  const text = readFileSync(`${ROOT}/${file}`, 'utf8');
  const line = /^translates: .*$(?:\n^of: .*$)?/m;
  writeFileSync(
    `${ROOT}/${file}`,
    text.replace(line, (found) => `${found.split('\n')[0]}\nof: ${now}`),
  );
  process.stdout.write(`${file}: ${of || 'none'} → ${now}\n`);
}
