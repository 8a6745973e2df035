import { endSignals, runProgram, workspaceRoot } from '@day90/infra';
import { Command, InvalidArgumentError } from 'commander';
import { openRoom } from './room.ts';
import { upInstance } from './scene.ts';

const HELP = `
\`start\` opens it, too, unless it is told --no-room. It listens on 127.0.0.1 only, and ends with the instance or at Ctrl-C.

Examples:
  pnpm room              of the only instance that is up
  pnpm room stage-3`;

const program = new Command('room')
  .description('draw a running topology on a page: what each box does, and buttons that break it')
  .argument('[instance]', 'name of the run; may be left out where only one is up')
  .option('--port <n>', 'listen on this port instead of a free one', portNumber)
  .addHelpText('after', HELP)
  .action(async (instance: string | undefined, { port = 0 }: { port?: number }) => {
    const ends = endSignals(() => 0);
    const workspace = workspaceRoot();
    const room = await openRoom(workspace, upInstance(workspace, instance), port);
    ends.signal.addEventListener('abort', () => room.close());
    tell(room.url);
    const ended = new Promise<never>((_, reject) => {
      ends.signal.addEventListener('abort', () => reject(ends.signal.reason));
    });
    await Promise.race([room.over, ended]).finally(() => ends.release());
  });

/** A launcher that has started this hears it over its channel, and prints it among its own words. */
function tell(url: string): void {
  if (process.send) process.send({ url });
  else console.log(`the control room is at ${url}; Ctrl-C closes it`);
}

function portNumber(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1024 && port <= 65_535) return port;
  throw new InvalidArgumentError('A whole number from 1024 to 65535 is needed, such as 4999.');
}

// A launcher that was killed can't say goodbye: its end of the channel closes.
process.once('disconnect', () => process.exit(0));
await runProgram(program);
if (process.connected) process.disconnect();
