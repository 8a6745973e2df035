import type { Command } from 'commander';
import { describeNeeds, installNeeds, missingNeeds } from '../ensure-system-needs.ts';
import { toolNeeds } from '../needs.ts';
import { allStages } from '../stages.ts';
import { canHaveTool, findTool, requireTool } from '../tools.ts';
import { workspaceRoot } from '../workspace.ts';

const EXAMPLES = `
Examples:
  pnpm setup:system            installs what is missing
  pnpm setup:system --print    names it`;

/** `day90 setup`: gets what preflight misses. */
export function addSetup(program: Command): void {
  program
    .command('setup')
    .description('install the system packages and tools that are missing')
    .option('--print', 'only list them')
    .addHelpText('after', EXAMPLES)
    .action(setup);
}

async function setup(flags: { print?: boolean }): Promise<void> {
  const last = Math.max(...allStages(workspaceRoot()).map((stage) => stage.number));
  const packages = missingNeeds(last);
  const tools = toolNeeds.filter((need) => need.from <= last && !findTool(need.tool));
  const list = [...(packages.length > 0 ? [describeNeeds(packages)] : []), ...tools.map(({ tool }) => tool)];
  console.log(list.length === 0 ? 'nothing is missing' : `missing: ${list.join(', ')}`);
  if (list.length > 0 && packages.length === 0) console.log('no system package is missing');
  if (flags.print) return;
  if (packages.length > 0) await installNeeds(packages);
  for (const { tool, without } of tools) {
    const left = without !== undefined && !canHaveTool(tool);
    console.log(left ? `${tool}: left out, ${without}` : `${tool}: ${(await requireTool(tool)).path}`);
  }
}
