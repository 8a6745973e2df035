import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { commandProblems } from '../src/commands/check-commands.ts';
import { pnpmCall, programsOf } from '../src/commands/command-line.ts';
import { documentedCommands } from '../src/commands/documented-commands.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const helps = async () => new Set(['--claim']);
const problems = (text: string) => commandProblems(ROOT, 'a.md', text, helps);

describe('the commands of a document', () => {
  it('are found with their lines, those in a sentence too', () => {
    const text =
      'Run `npx -y pnpm status`.\n\n```sh run\n# first\ncurl -si \\\n  http://127.0.0.1:3001   # it answers\n\npnpm reset\n```\n';
    expect(documentedCommands(text).commands).toEqual([
      { line: 1, tag: 'parse', text: 'npx -y pnpm status' },
      { line: 5, tag: 'run', text: 'curl -si http://127.0.0.1:3001   # it answers' },
      { line: 8, tag: 'run', text: 'pnpm reset' },
    ]);
  });

  it.each([
    ['npx -y pnpm bench stage-1 --claim feed   # or another one', []],
    ['curl -si http://127.0.0.1:3001/posts | grep -i server-timing', []],
    ['for i in 1 2; do curl -si http://127.0.0.1:3003/posts; done', []],
    ['npx -y pnpm --filter stage-N start', []],
    ['npx -y pnpm bench stage-1 --clam feed', ['a.md:2: bench has no option --clam']],
    ['npx -y pnpm benhc stage-1', [expect.stringMatching(/^a\.md:2: the root has no script benhc, but: bench, /)]],
    ['npx -y pnpm --filter stage-8 start', [expect.stringMatching(/^a\.md:2: no package stage-8, but: stage-1, /)]],
    ['wget http://127.0.0.1:3001', ['a.md:2: unknown program wget, in: wget http://127.0.0.1:3001']],
  ])('are looked up where they are to be parsed: %s', async (command, expected) => {
    expect(await problems(`\`\`\`sh parse\n${command}\n\`\`\`\n`)).toEqual(expected);
  });

  it('are left alone where they are only shown', async () => {
    expect(await problems('```sh shown\nwget --mirror anything\n```\n')).toEqual([]);
  });

  it('have to say how they are checked', async () => {
    const expected = 'a.md:1: ```bash says not how it is checked: sh run, sh parse, sh shown';
    expect(await problems('```bash\npnpm status\n```\n')).toEqual([expected]);
  });
});

describe('a line of shell', () => {
  it('is taken apart into the programs it calls', () => {
    expect(programsOf('SCALE=small pnpm logs --request <id> | grep -i x && git status  # done')).toEqual([
      ['pnpm', 'logs', '--request', 'id'],
      ['grep', '-i', 'x'],
      ['git', 'status'],
    ]);
  });

  it('names the package whose script pnpm runs', () => {
    const call = pnpmCall(['npx', '-y', 'pnpm', '--filter', 'stage-3', 'scale', '5']);
    expect(call).toEqual({ filter: 'stage-3', script: 'scale', args: ['5'] });
  });
});
