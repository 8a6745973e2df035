import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { BoxSettings } from './box-process.ts';
import { readTemplates, renderFiles } from './conf-files.ts';
import { boxEnv, fillIn, firstPort, type Surroundings } from './placeholders.ts';
import type { RunFolder } from './run-folder.ts';
import type { Box } from './topology.ts';

/** All texts of a box that may hold placeholders. */
export function boxTexts(name: string, box: Box, folder: string, extra: Record<string, string> = {}): string[] {
  return [...box.run, ...Object.values({ ...box.env, ...extra }), ...Object.values(readTemplates(name, box, folder))];
}

/**
 * What a box is started with. Renders its files once, so that a wrong placeholder is found before anything runs.
 * @throws {BadInput} For a placeholder or a template that is not there.
 */
export function boxSettings(
  name: string,
  box: Box,
  given: { run: RunFolder; folder: string; env: Record<string, string>; around: Surroundings },
): BoxSettings {
  const around = { ...given.around, box: name, conf: join(given.run.conf, name) };
  const render = () => renderFiles(box, given.folder, around);
  render();
  return {
    name,
    box,
    argv: box.run.map((arg, i) => fillIn(arg, `box ${name}: run.${i}`, around)),
    env: boxEnv(box, given.env, around),
    render,
    port: firstPort(around.ports, name),
    cwd: given.folder,
    log: freshLog(given.run, name),
  };
}

/** A run's logs begin anew; those of the run before are kept beside them. */
function freshLog(run: RunFolder, name: string): string {
  const log = join(run.logs, `${name}.log`);
  if (existsSync(log)) renameSync(log, join(run.logs, `${name}.previous.log`));
  return log;
}
