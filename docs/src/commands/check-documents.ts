import { globSync, readFileSync } from 'node:fs';
import { askedHelps, commandProblems } from './check-commands.ts';

/** The documents that readers follow, from the root; what has changed names commands that are gone. */
export function documents(root: string): string[] {
  return globSync('**/*.md', { cwd: root, exclude: (name) => name === 'node_modules' || name.endsWith('.run') })
    .filter((path) => path !== 'CHANGELOG.md')
    .sort();
}

/** What is wrong with the commands in all documents. */
export async function documentProblems(root: string): Promise<string[]> {
  const helps = askedHelps(root);
  const problems: string[] = [];
  // One after the other: each help is a start of Node, and twenty at once leave none of them enough time.
  for (const path of documents(root))
    problems.push(...(await commandProblems(root, path, readFileSync(`${root}/${path}`, 'utf8'), helps)));
  return problems;
}
