import { readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { callersEnv, findTool, Guardian, runCommand, seconds } from '@day90/infra';
import type { Plan } from '../plans.ts';
import { serviceSettings } from '../services.ts';
import { namesOf } from '../wording.ts';
import { writeProject } from '../write-project.ts';
import { askStarted } from './ask-started.ts';
import { lendServices } from './lent-services.ts';

const NAME = 'my-app';

/** What a project is worked on with. */
interface Bench {
  folder: string;
  env: Record<string, string>;
  guardian: Guardian;
  signal: AbortSignal;
}

/**
 * Makes one project and does with it what its README says.
 * @param folder - Where it goes; not there yet.
 * @returns What failed, or nothing.
 */
export async function verifyFork(
  workspace: string,
  plan: Plan,
  folder: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const guardian = new Guardian();
  const bench = { folder, env: ownEnv(), guardian, signal };
  try {
    await step('fork', () => writeProject(workspace, plan, folder, NAME));
    await step('npm install', () => run(bench, 'npm', ['install', '--prefer-offline', '--no-audit', '--no-fund']));
    await step('npm run check', () => run(bench, 'npm', ['run', 'check']));
    await onLentServices(workspace, plan, bench);
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    return (error as Error).message;
  } finally {
    await guardian.endAll();
    guardian.bye();
  }
}

async function onLentServices(workspace: string, plan: Plan, bench: Bench): Promise<void> {
  const { folder, guardian, signal, env } = bench;
  const roles = plan.database === 'sqlite' ? '' : readFileSync(join(folder, 'infra/postgres/roles.sql'), 'utf8');
  const services = await lendServices(workspace, plan, roles, signal);
  try {
    const settings = serviceSettings(plan, namesOf(NAME), (service) => services.box(service).port);
    writeFileSync(join(folder, '.env'), withSettings(readFileSync(join(folder, '.env.example'), 'utf8'), settings));
    if (plan.database !== 'sqlite') await step('npm run migrate', () => run(bench, 'npm', ['run', 'migrate']));
    await step('npm test', () => run(bench, 'npm', ['test']));
    const k6 = findTool('k6')?.path;
    await step('npm start', () =>
      askStarted({ folder, env, guardian, processes: plan.processes }, (url) =>
        k6 ? load(bench, k6, url) : undefined,
      ),
    );
  } finally {
    await services.stop();
  }
}

/** Only that it runs, and is answered: how fast, this machine can't tell beside everything else. */
async function load(bench: Bench, k6: string, url: string): Promise<void> {
  const settings = { BASE_URL: url, SECONDS: '2', RATE: '10' };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  await run(bench, k6, ['run', '--quiet', '--no-usage-report', '--no-thresholds', ...flags, 'load/reads.ts']);
}

function withSettings(text: string, settings: Record<string, string>): string {
  return text.replaceAll(/^(\w+)=.*$/gm, (line, name: string) =>
    name in settings ? `${name}=${settings[name]}` : line,
  );
}

/** As a shell in the project's folder has it, with the Node that runs this. */
function ownEnv(): Record<string, string> {
  const { PATH = '', ...env } = callersEnv();
  return { ...env, PATH: `${dirname(process.execPath)}${delimiter}${PATH}`, CI: 'true', NO_COLOR: '1' };
}

async function step(name: string, work: () => Promise<unknown>): Promise<void> {
  const startedAt = performance.now();
  try {
    await work();
  } catch (error) {
    throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
  }
  console.log(`       ${name} ${seconds(performance.now() - startedAt)}`);
}

async function run({ folder, env, guardian, signal }: Bench, program: string, args: string[]): Promise<void> {
  const { code, lastLines } = await runCommand({
    ...{ argv: [program, args], cwd: folder, env, guardian, signal },
    onLine: (line) => process.env.VERBOSE && console.log(`       | ${line}`),
  });
  if (code !== 0) throw new Error(`exit code ${code}\n${lastLines.join('\n')}`);
}
