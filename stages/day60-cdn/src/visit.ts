import { setTimeout as sleep } from 'node:timers/promises';
import { BadInput, instanceState, runProgram, workspaceRoot } from '@day90/infra';
import { Command } from 'commander';
import { CITIES } from './distances.ts';

interface Flags {
  instance: string;
  path: string;
}

const TIMES = 5;
const PAUSE_MS = 300;

/** The ways of a city's visitors: to their edge, and straight to the origin. */
function waysFrom(city: string, instance: string) {
  if (!(CITIES as readonly string[]).includes(city))
    throw new BadInput(`no city ${city}; cities: ${CITIES.join(', ')}`);
  const found = instanceState(workspaceRoot(process.cwd()), instance);
  if (found.state !== 'up')
    throw new BadInput(`${instance} is not up: \`npx -y pnpm --filter stage-5 start\` starts it`, {
      code: 'D90-NOT-UP',
    });
  const ways = found.ready.links.filter(({ from }) => from === city);
  const [near, far] = [ways.find(({ to }) => to !== 'nginx'), ways.find(({ to }) => to === 'nginx')];
  if (!near || !far) throw new BadInput(`${instance} has no visitors in ${city}`);
  return { near, far };
}

async function look({ port }: { port?: number | undefined }, path: string): Promise<string> {
  const began = performance.now();
  const answer = await fetch(`http://127.0.0.1:${port}${path}`);
  await answer.arrayBuffer();
  const ms = (performance.now() - began).toFixed(0).padStart(4);
  return `${answer.status} ${ms} ms  ${answer.headers.get('x-cache') ?? ''}`.trimEnd();
}

const command = new Command('visit')
  .description('reads a page from a city of a stage that is up, with edges and without')
  .argument('<city>', 'seoul, tokyo, la, london')
  .option('--path <path>', 'what is read', '/posts/popular')
  .option('--instance <name>', 'name of the run', 'stage-5')
  .addHelpText('after', '\nExample:\n  pnpm --filter stage-5 visit london --path /posts')
  .action(async (city: string, { instance, path }: Flags) => {
    const { near, far } = waysFrom(city, instance);
    for (let n = 0; n < TIMES; n += 1) {
      console.log(`${near.to}: ${await look(near, path)}`);
      console.log(`without edges: ${await look(far, path)}`);
      await sleep(PAUSE_MS);
    }
  });

await runProgram(command);
