import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { BadInput, instanceState, type ReadyFile, runFolder } from '@day90/infra';
import { z } from 'zod';
import { act } from './actions.ts';
import { InstanceWatch } from './instance-watch.ts';
import { LiveTraffic } from './live-traffic.ts';
import { pageFiles } from './page-files.ts';
import { serveRoom, urlOf } from './room-server.ts';
import { sceneOf } from './scene.ts';
import { sendOne } from './send-one.ts';
import type { Scene } from './snapshot.ts';

const LOOK_EVERY_MS = 1000;
/** Nobody looks, and nobody will draw what was seen: looking costs CPU that the boxes could use. */
const UNWATCHED_MS = 600_000;

/** The control room of one instance, while it is served. */
export interface Room {
  url: string;
  /** Resolves once the instance is down. */
  over: Promise<void>;
  close(): void;
}

/**
 * Serves the room of an instance that is up.
 * @param port - 0 for a free one.
 * @throws When the port is taken, or there is nothing to draw.
 */
export async function openRoom(workspace: string, ready: ReadyFile, port: number): Promise<Room> {
  const scene = await sceneOf(workspace, ready);
  const token = randomBytes(24).toString('base64url');
  const watch = new InstanceWatch(workspace, scene);
  const viewers = new Viewers();
  const run = runFolder(workspace, ready.instance);
  const onTrouble = (why: string) => viewers.tell('trouble', why);
  const traffic = new LiveTraffic({ doors: scene.doors, scratch: join(run.root, 'room'), onTrouble });
  const server = await serveRoom(port, {
    ...{ files: await pageFiles(token, ready.instance), token },
    watch: (res) => viewers.add(res, { scene, past: watch.past }),
    writes: {
      '/act': async (body) => ({ command: await act(body, { workspace, scene, watch, onTrouble }) }),
      '/load': async (body) => ({ command: await traffic.set(body) }),
      '/send-one': (body) => sendOne(placeOf(body, scene), { scene, logs: run.logs, boxAt: (at) => watch.boxAt(at) }),
    },
  });
  let timer: NodeJS.Timeout;
  const close = () => {
    clearTimeout(timer);
    watch.end();
    traffic.end();
    server.close();
    server.closeAllConnections();
  };
  const over = new Promise<void>((resolve) => {
    const look = async () => {
      try {
        if (viewers.isWatched()) viewers.tell('look', { ...(await watch.look()), load: traffic.load });
      } catch (error) {
        onTrouble((error as Error).message);
      }
      if (instanceState(workspace, ready.instance).state === 'up') timer = setTimeout(look, LOOK_EVERY_MS);
      else resolve();
    };
    timer = setTimeout(look, 0);
  }).then(close);
  return { url: urlOf(server, token), over, close };
}

/** @throws {BadInput} For a place that is none. */
function placeOf(body: unknown, { doors }: Scene): string {
  const { data } = z.strictObject({ from: z.string() }).safeParse(body);
  if (data && Object.hasOwn(doors, data.from)) return data.from;
  throw new BadInput(`from is one of ${Object.keys(doors).join(', ')}`);
}

/** The pages that are open. */
class Viewers {
  readonly #open = new Set<ServerResponse>();
  #lastAt = Number.NEGATIVE_INFINITY;

  add(res: ServerResponse, first: unknown): void {
    this.#open.add(res);
    res.once('close', () => this.#open.delete(res));
    res.write(event('scene', first));
  }

  isWatched(): boolean {
    if (this.#open.size > 0) this.#lastAt = performance.now();
    return performance.now() - this.#lastAt < UNWATCHED_MS;
  }

  tell(name: string, what: unknown): void {
    const text = event(name, what);
    for (const res of this.#open) res.write(text);
  }
}

function event(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
