import { parse } from 'shell-quote';

/** What a line asks pnpm for. */
export interface PnpmCall {
  /** The package whose script is meant; the root's without one. */
  filter?: string;
  script: string;
  args: string[];
}

/** Each program that a line of shell calls, with its words: `a | b && c` calls three. */
export function programsOf(line: string): string[][] {
  const calls: string[][] = [[]];
  // `<id>` is a place for the reader's own value, and no redirection.
  for (const token of parse(line.replace(/<([\w-]+)>/g, '$1'), (name) => `$${name}`)) {
    if (typeof token === 'string') calls.at(-1)?.push(token);
    else if ('comment' in token) break;
    else if (token.op === 'glob') calls.at(-1)?.push(token.pattern);
    else if (!/^[<>]/.test(token.op)) calls.push([]);
  }
  return calls.map(withoutShell).filter((words) => words.length > 0);
}

/** What the words of a call ask pnpm for, or nothing where another program is called. */
export function pnpmCall(words: readonly string[]): PnpmCall | undefined {
  const [program, ...rest] = words[0] === 'npx' ? words.slice(words[1] === '-y' ? 2 : 1) : words;
  if (program !== 'pnpm') return undefined;
  const [filter, named] = rest[0] === '--filter' ? [rest[1], rest.slice(2)] : [undefined, rest];
  const [script, ...args] = named[0] === 'run' ? named.slice(1) : named;
  return { ...(filter !== undefined && { filter }), script: script ?? '', args };
}

/** The long options among some words, without their values. */
export function longOptions(words: readonly string[]): string[] {
  return words.flatMap((word) => /^--[a-z][\w-]*/.exec(word)?.[0] ?? []);
}

const SHELL = new Set(['do', 'done', 'then', 'fi', 'sudo', 'time']);

/** Without settings before the program's name, words of the shell's own, and the head of a loop. */
function withoutShell(words: string[]): string[] {
  const first = words.findIndex((word) => !/^[A-Z_]+=/.test(word) && !SHELL.has(word));
  return first < 0 || words[first] === 'for' ? [] : words.slice(first);
}
