import { createInterface } from 'node:readline/promises';
import { BadInput, endSignals, table } from '@day90/infra';
import { Command, InvalidArgumentError } from 'commander';
import { loadExercises, type StagedExercises } from './exercises.ts';
import { guessIn } from './guess.ts';
import { type Judging, judgeBreak, judgeExtend, judgeGuess } from './judge-exercise.ts';
import { type Kind, LearnProgress } from './learn-progress.ts';
import { again, exerciseText, hintText, progressRows } from './show-exercise.ts';

interface Flags {
  answer?: number;
  hint?: boolean;
  skip?: boolean;
  list?: boolean;
  forget?: boolean;
}

/**
 * `pnpm learn`. Its exit status: 0 shown or looked at, also where an exercise is not done yet; 1 bad input; 130 Ctrl-C.
 * @param root - The workspace's root folder.
 */
export function learnCommand(root: string): Command {
  return new Command('pnpm learn')
    .description(
      'Exercises for each stage: predict a number, break what holds, build a little more. Goes on where you stopped.',
    )
    .argument('[stage]', 'go to this stage, such as stage-3; the first that is not done unless told')
    .option('--answer <number>', 'your prediction; asked for on a terminal', aboveZero)
    .option('--hint', 'help with the exercise that is open')
    .option('--skip', 'leave it out, and go on')
    .option('--list', 'show how far you are')
    .option('--forget', 'begin anew, everywhere or in the stage')
    .addHelpText('after', EXAMPLES)
    .action((name: string | undefined, flags: Flags) => act(root, name, flags));
}

const EXAMPLES = `
Each stage has three exercises:
  predict   say a number before it is measured; scored by the 95 % interval of the result in the repository
  break     change a line so that what it holds fails; the test that notices is run, and says so; then put it back
  extend    build something small; a check runs what you have built

Examples:
  pnpm learn                  the exercise that is open; run again after a change, it looks at it
  pnpm learn stage-3          those of stage 3
  pnpm learn --answer 10      a prediction

Your progress is in .run/learn.json, and nowhere else.
Exit status: 0 shown or looked at, 1 bad input, 130 Ctrl-C.`;

async function act(root: string, name: string | undefined, flags: Flags): Promise<void> {
  const all = await loadExercises(root);
  const progress = new LearnProgress(root);
  if (flags.list) return void console.log(table(progressRows(all, progress), ''));
  if (name !== undefined && !all.some(({ stage }) => stage.name === name))
    throw new BadInput(`no exercises of ${name}; stages: ${all.map(({ stage }) => stage.name).join(', ')}`);
  if (flags.forget) {
    progress.forget(name);
    return void console.log(name === undefined ? 'all of it is to be done again' : `${name} is to be done again`);
  }
  const one = all.find(({ stage }) => (name === undefined ? progress.next(stage.name) : stage.name === name));
  const kind = one && progress.next(one.stage.name);
  if (!one || !kind) return void console.log(allDone(name));
  const end = endSignals(() => 1);
  try {
    const judging = { root, one, progress, signal: end.signal, say: (text: string) => console.log(text) };
    await work(judging, kind, flags, all);
  } finally {
    end.release();
  }
}

/** Looks at what is open, or shows it; once it is done the next one is shown. */
async function work(judging: Judging, kind: Kind, flags: Flags, all: readonly StagedExercises[]): Promise<void> {
  const { one, progress, say } = judging;
  const { name } = one.stage;
  if (flags.hint) return say(hintText(one, kind));
  if (flags.answer !== undefined && kind !== 'predict')
    throw new BadInput(`--answer is for a prediction, and ${name} is at ${kind}: \`${again(name)}\` shows it`);
  if (flags.skip) progress.skip(name, kind);
  else if (!(await isDone(judging, kind, flags.answer))) return;
  const open = [one, ...all].find(({ stage }) => progress.next(stage.name));
  say(open ? exerciseText(open, progress.next(open.stage.name) as Kind) : allDone(undefined));
}

async function isDone(judging: Judging, kind: Kind, answer: number | undefined): Promise<boolean> {
  if (kind === 'break') return judgeBreak(judging);
  if (kind === 'extend') return judgeExtend(judging);
  if (answer === undefined) judging.say(exerciseText(judging.one, kind));
  const guess = answer ?? (await asked(judging.signal));
  if (guess === undefined) return false;
  judgeGuess(judging, guess);
  return true;
}

/** A number typed on a terminal; nothing without one. */
async function asked(signal: AbortSignal): Promise<number | undefined> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return undefined;
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  // On a terminal Ctrl-C comes to the prompt, and not as a signal.
  prompt.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    for (;;) {
      const guess = guessIn(await prompt.question('Your number: ', { signal }));
      if (guess !== undefined) return guess;
      console.log('A number above 0, such as 2.5.');
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    // Ctrl-D: no answer, and no error either.
    if ((error as Error).name !== 'AbortError') throw error;
    console.log('\nIt stays open.');
    return undefined;
  } finally {
    prompt.close();
  }
}

function allDone(stage: string | undefined): string {
  const what = stage === undefined ? 'All exercises are' : `The exercises of ${stage} are`;
  return `${what} done or left out: npx -y pnpm learn --list shows them, --forget begins anew.`;
}

function aboveZero(text: string): number {
  const guess = guessIn(text);
  if (guess === undefined) throw new InvalidArgumentError('It must be a number above 0, such as 2.5.');
  return guess;
}
