import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { Command } from 'commander';
import { planCommand } from '../src/plan/plan-command.ts';
import { ToyWorkspace } from './toy-workspace.ts';

const toy = new ToyWorkspace(fileURLToPath(new URL('../src/plan/main.ts', import.meta.url)));
afterAll(() => toy.remove());

describe('bad input of a plan', () => {
  it.each([
    [['--users', '-5'], 'must be a number above 0'],
    [['--users', 'many'], 'must be a number above 0'],
    [['--users', 'Infinity'], 'must be a number above 0'],
    [['--requests', ''], 'must be a number above 0'],
    [['--peak', '0.5'], 'must be a number of 1 or more'],
    [['--reads', '120%'], 'must be a share from 0 to 1, or from 0% to 100%'],
    [['--reads', '-0.1'], 'must be a share from 0 to 1'],
    [['--use', '0'], 'and above 0'],
    [['--prices', 'mine'], 'Allowed choices are aws, guide'],
  ])('%j says what is allowed', async (args, line) => {
    const command: Command = planCommand(toy.root).exitOverride();
    command.configureOutput({ writeErr: () => {} });
    await expect(command.parseAsync(args, { from: 'user' })).rejects.toThrow(line);
  });

  it('is one line, and exit code 1', async () => {
    const { code, out, err } = await toy.run(['--users', '-5']);
    expect(err).toMatch(/^option '--users <number>' argument '-5' is invalid\. It must be a number above 0[^\n]*\n$/);
    expect({ code, out }).toEqual({ code: 1, out: '' });
  });

  it('without any measured stage says what to run', async () => {
    const { code, err } = await toy.run([]);
    expect(err).toBe(
      'no results in bench/results: run pnpm bench <stage> --save [D90-NO-RESULTS: docs/troubleshooting.md#d90-no-results]\n',
    );
    expect(code).toBe(1);
  });
});
