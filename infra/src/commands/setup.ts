import type { Command } from 'commander';
import { BadInput } from '../bad-input.ts';
import { installByApt, installByBrew } from '../install-packages.ts';
import { type SystemNeed, systemNeeds, toolNeeds } from '../needs.ts';
import { packageCommand, programCheck } from '../stage-checks.ts';
import { allStages } from '../stages.ts';
import { packageSystem } from '../system.ts';
import { findTool, requireTool } from '../tools.ts';
import { workspaceRoot } from '../workspace.ts';

/** `day90 setup`: gets what preflight misses. */
export function addSetup(program: Command): void {
  program
    .command('setup')
    .description('install the system packages and tools that are missing')
    .option('--print', 'only list them')
    .action(setup);
}

async function setup(flags: { print?: boolean }): Promise<void> {
  const last = Math.max(...allStages(workspaceRoot()).map((stage) => stage.number));
  const packages = systemNeeds.filter((need) => need.from <= last && programCheck(need).status !== 'pass');
  const tools = toolNeeds.filter((need) => need.from <= last && !findTool(need.tool)).map((need) => need.tool);
  const list = [...packages.map((need) => `${need.program} ${need.least} or newer`), ...tools];
  console.log(list.length === 0 ? 'nothing is missing' : `missing: ${list.join(', ')}`);
  if (list.length > 0 && packages.length === 0) console.log('no system package is missing');
  if (flags.print) return;
  if (packages.length > 0) await install(packages);
  for (const tool of tools) console.log(`${tool}: ${(await requireTool(tool)).path}`);
}

async function install(packages: SystemNeed[]): Promise<void> {
  const system = packageSystem();
  if (system === 'apt') await installByApt(packages);
  else if (system === 'brew') await installByBrew(packages);
  else throw new BadInput(packageCommand(packages));
  const still = packages.filter((need) => programCheck(need).status !== 'pass');
  if (still.length > 0)
    throw new BadInput(`still missing or too old: ${still.map((need) => `${need.program} ${need.least}`).join(', ')}`);
}
