import type { Rig } from '@day90/bench/drill';
import { type Box, defineTopology, type Topology } from '@day90/infra';
import { createClient } from 'redis';

/** Name and password of a user that may do everything, which no Redis of a stage has: the instance is thrown away. */
const ADMIN = 'drill';

/** The same processes, with a cache that a drill can give orders to. */
export function withAdmin(topology: Topology): Topology {
  const cache = topology.boxes.cache as Box;
  const run = [...cache.run, '--user', ADMIN, 'on', `>${ADMIN}`, '~*', '&*', '+@all'];
  return defineTopology({ ...topology, boxes: { ...topology.boxes, cache: { ...cache, run } } });
}

/** Gives the cache of a drill's instance one command. */
export async function asAdmin(rig: Rig, command: string[]): Promise<void> {
  const { port } = rig.instance.box('cache');
  const url = `redis://${ADMIN}:${ADMIN}@127.0.0.1:${port}`;
  const client = createClient({ url, disableClientInfo: true, socket: { reconnectStrategy: false } });
  client.on('error', () => undefined); // `connect` rejects with it
  await client.connect();
  try {
    await client.sendCommand(command);
  } finally {
    client.destroy();
  }
}
