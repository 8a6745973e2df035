import { appendFileSync } from 'node:fs';
import { BadInput } from './bad-input.ts';
import type { BoxSettings } from './box-settings.ts';
import { inheritedEnv } from './child-env.ts';
import { Guardian } from './guardian-link.ts';
import { commandAndArgs } from './programs.ts';
import { seconds } from './progress.ts';
import { runCommand } from './run-command.ts';

const TIMEOUT_MS = 60_000;

/**
 * Runs what a box wants done before it starts, if anything.
 * @throws {BadInput} With its last line when it fails, or takes too long.
 */
export async function prepareBox({ name, box, prepare, log }: BoxSettings, signal?: AbortSignal): Promise<void> {
  if (!prepare) return;
  const timeoutMs = box.prepare?.timeoutMs ?? TIMEOUT_MS;
  const timeout = AbortSignal.timeout(timeoutMs);
  const guardian = new Guardian(); // of its own: one that is cut off must not take the other boxes along
  try {
    const { code, lastLines } = await runCommand({
      argv: commandAndArgs(prepare.argv),
      cwd: prepare.cwd,
      env: { ...inheritedEnv(), ...prepare.env },
      guardian,
      // Outside of all budgets it would take its time from the boxes that are answering visitors meanwhile.
      inBackground: true,
      onLine: (line) => appendFileSync(log, `${line}\n`),
      signal: AbortSignal.any([timeout, ...(signal ? [signal] : [])]),
    });
    if (code !== 0)
      throw new BadInput(`box ${name} could not be prepared: ${lastLines.at(-1) ?? `code ${code}`}`, {
        code: 'D90-BOX-FAILED',
      });
  } catch (error) {
    if (error !== timeout.reason) throw error;
    throw new BadInput(`box ${name} could not be prepared within ${seconds(timeoutMs)} (${prepare.argv.join(' ')})`, {
      code: 'D90-BOX-FAILED',
    });
  } finally {
    guardian.bye();
  }
}
