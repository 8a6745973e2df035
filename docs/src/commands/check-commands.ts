import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { longOptions, type PnpmCall, pnpmCall, programsOf } from './command-line.ts';
import { type DocumentedCommand, documentedCommands, TAGS } from './documented-commands.ts';
import { type Script, scriptOf } from './workspace-scripts.ts';

/** Programs that documents call beside pnpm: of the system, or of what a stage is made of. */
const PROGRAMS = new Set(['curl', 'docker', 'git', 'grep', 'k6', 'kill', 'kubectl', 'node']);

/** The options that a script's help names. */
type Helps = (script: Script) => Promise<ReadonlySet<string>>;

/** What is wrong with the commands of a document, one line each: no tag, no such script, no such option. */
export async function commandProblems(root: string, path: string, text: string, helps: Helps): Promise<string[]> {
  const { commands, untagged } = documentedCommands(text);
  const known = TAGS.map((tag) => `sh ${tag}`).join(', ');
  const problems = untagged.map(({ line, info }) => ({
    line,
    message: `\`\`\`${info} says not how it is checked: ${known}`,
  }));
  for (const command of commands) {
    if (command.tag === 'shown') continue;
    problems.push(...(await problemsOf(root, command, helps)).map((message) => ({ line: command.line, message })));
  }
  return problems.map(({ line, message }) => `${path}:${line}: ${message}`);
}

async function problemsOf(root: string, { text }: DocumentedCommand, helps: Helps): Promise<string[]> {
  const problems: string[] = [];
  for (const words of programsOf(text)) {
    const call = pnpmCall(words);
    if (call) problems.push(...(await pnpmProblems(root, call, helps)));
    else if (!PROGRAMS.has(words[0] ?? '')) problems.push(`unknown program ${words[0]}, in: ${text}`);
  }
  return problems;
}

async function pnpmProblems(root: string, call: PnpmCall, helps: Helps): Promise<string[]> {
  try {
    const script = scriptOf(root, call);
    const asked = longOptions(call.args).filter((option) => option !== '--help');
    if (!script || asked.length === 0) return [];
    const known = await helps(script);
    return asked.filter((option) => !known.has(option)).map((option) => `${call.script} has no option ${option}`);
  } catch (error) {
    return [(error as Error).message];
  }
}

/** Asks scripts for their help, each once. */
export function askedHelps(root: string): Helps {
  const asked = new Map<string, Promise<ReadonlySet<string>>>();
  return (script) => {
    const key = `${script.folder} ${script.text}`;
    const known = asked.get(key) ?? helpOptions(root, script);
    asked.set(key, known);
    return known;
  };
}

async function helpOptions(root: string, { folder, text }: Script): Promise<ReadonlySet<string>> {
  const [program = '', ...args] = text.split(' ').filter((word) => !/^[A-Z_]+=/.test(word));
  const file = program === 'day90' ? [`${root}/infra/src/cli.ts`] : [];
  if (program !== 'node' && program !== 'day90') throw new Error(`${text} is no script whose help can be asked for`);
  const { stdout } = await promisify(execFile)(process.execPath, [...file, ...args, '--help'], {
    cwd: folder,
    timeout: 60_000,
  });
  return new Set(longOptions(stdout.split(/[\s,=[\]]+/)));
}
