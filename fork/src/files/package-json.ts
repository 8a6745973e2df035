import type { Versions } from '../dependencies.ts';
import type { Plan, Process } from '../plans.ts';
import type { Names } from '../wording.ts';

const RUN = 'node --env-file-if-exists=.env';
/** Ports of health and of metrics next to those of the app: no two processes of a machine can have the same. */
const PORTS: Record<Exclude<Process, 'main'>, [port: number, metrics: number]> = {
  worker: [3001, 9465],
  relay: [3002, 9466],
  board: [3003, 9467],
};

/** package.json of a project. */
export function packageJson(
  plan: Plan,
  names: Names,
  needs: { dependencies: Versions; devDependencies: Versions; node: string },
): string {
  const { node, ...dependencies } = needs;
  const content = {
    name: names.package,
    version: '0.1.0',
    private: true,
    description: plan.about,
    license: 'MIT',
    type: 'module',
    engines: { node },
    scripts: {
      start: `${RUN} src/main.ts`,
      ...Object.fromEntries(plan.processes.flatMap((name) => (name === 'main' ? [] : [startScript(plan, name)]))),
      ...(plan.database !== 'sqlite' && { migrate: `${RUN} src/migrate.ts` }),
      check: 'tsc && tsc -p load && biome check --error-on-warnings',
      format: 'biome check --write',
      test: 'node --experimental-vm-modules --disable-warning=ExperimentalWarning node_modules/jest/bin/jest.js',
    },
    ...dependencies,
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

function startScript({ has }: Plan, name: Exclude<Process, 'main'>): [string, string] {
  const [port, metrics] = PORTS[name];
  const own = [`BOX=${name}-1`, `PORT=${port}`, ...(has.metrics ? [`METRICS_PORT=${metrics}`] : [])];
  return [`start:${name}`, `${own.join(' ')} ${RUN} src/${name}.ts`];
}
