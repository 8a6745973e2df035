import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { portMap } from './box-names.ts';
import type { Check } from './check.ts';
import { instanceState } from './instance-state.ts';
import { budgetsCheck } from './machine-checks.ts';
import { type SystemNeed, systemNeeds, type ToolNeed, toolNeeds } from './needs.ts';
import { describeTaken, takenPorts } from './ports.ts';
import { findSystemProgram } from './programs.ts';
import { type Stage, topologiesOf } from './stages.ts';
import { atLeast, packageSystem, versionOf } from './system.ts';
import { toolSpecs } from './tool-specs.ts';
import { findGo, findTool, installCommand } from './tools.ts';
import { instanceName, type Topology } from './topology.ts';

/** The first stage whose boxes have CPU budgets. */
const FIRST_WITH_BUDGETS = 3;

/** What these stages need beside the machine: programs, tools, ports. */
export async function stageChecks(workspace: string, stages: Stage[]): Promise<Check[]> {
  const last = Math.max(...stages.map((stage) => stage.number));
  const topologies = (await Promise.all(stages.map(topologiesOf))).flat();
  return [
    ...systemNeeds.filter((need) => need.from <= last).map(programCheck),
    ...(last >= FIRST_WITH_BUDGETS ? [budgetsCheck()] : []),
    ...toolNeeds.filter((need) => need.from <= last).map(toolCheck),
    ...(await Promise.all(topologies.map((topology) => portCheck(workspace, topology)))),
  ];
}

/** Whether a system package's program is there, and new enough. */
export function programCheck(need: SystemNeed): Check {
  const { program, least } = need;
  const path = findSystemProgram(need);
  const version = path ? versionOf(path, need.versionArgs) : undefined;
  const lacks = need.aptFile && packageSystem() === 'apt' && globSync(need.aptFile).length === 0;
  if (version && atLeast(version, least) && !lacks)
    return { name: program, status: 'pass', found: `${version}, at least ${least}` };
  if (version && lacks)
    return {
      name: program,
      status: 'fail',
      found: `${version}, but no ${basename(need.aptFile ?? '')}`,
      mend: packageCommand([need]),
    };
  const found = version ? `${version}, but at least ${least} is needed` : 'not installed';
  return { name: program, status: 'fail', found, mend: packageCommand([need]) };
}

/** The one command that installs these. */
export function packageCommand(needs: SystemNeed[]): string {
  const system = packageSystem();
  if (system === 'brew') return `brew install ${needs.map((need) => need.brew).join(' ')}`;
  if (system === 'apt') return 'npx -y pnpm setup:system';
  return `install ${needs.map((need) => `${need.program} ${need.least} or newer`).join(', ')} with this system's package manager`;
}

function toolCheck({ tool, without }: ToolNeed): Check {
  const found = findTool(tool);
  if (found) return { name: tool, status: 'pass', found: `${found.version}, ${found.path}` };
  const go = findGo(tool);
  const { version, buildTime } = toolSpecs[tool];
  if (go) {
    const text = `not there yet: the first run builds ${version} with Go ${go.version} (${buildTime})`;
    return { name: tool, status: 'pass', found: text };
  }
  return {
    name: tool,
    status: without === undefined ? 'fail' : 'warn',
    found: `neither ${tool} nor a Go that can build it${without === undefined ? '' : `: ${without}`}`,
    mend: installCommand(tool),
  };
}

/** Ports held by the instance itself are as they should be. */
async function portCheck(workspace: string, topology: Topology): Promise<Check> {
  const instance = instanceName(topology);
  const name = `ports of ${instance}`;
  const map = portMap(topology);
  const all = Object.values(map).flatMap((ports) => Object.values(ports));
  const state = instanceState(workspace, instance);
  if (state.state === 'up') return { name, status: 'pass', found: `it is up at ${state.ready.url}` };
  const taken = await takenPorts(map);
  if (taken.length === 0) return { name, status: 'pass', found: `${all.join(', ')} free` };
  return { name, status: 'fail', found: taken.map(describeTaken).join('; '), mend: 'start with --port-base 4000' };
}
