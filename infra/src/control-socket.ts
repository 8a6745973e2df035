import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { ErrorCode } from './error-codes.ts';
import type { Progress } from './progress.ts';

/** Longest path of a unix socket that every system takes: macOS has room for 104 bytes with the closing zero, Linux for 108. */
const LONGEST_SOCKET_PATH = 103;

const box = z.string();
const signals = [
  'SIGTERM',
  'SIGKILL',
  'SIGINT',
  'SIGQUIT',
  'SIGHUP',
  'SIGSTOP',
  'SIGCONT',
  'SIGUSR1',
  'SIGUSR2',
] as const;

/** What can be asked of a launcher, one JSON line each. */
const controlRequest = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('status') }),
  // What each box has used so far: the books are the launcher's.
  z.strictObject({ do: z.literal('usage') }),
  z.strictObject({ do: z.literal('signal'), box, signal: z.enum(signals) }),
  // All processes of a box at once, by SIGKILL.
  z.strictObject({ do: z.literal('kill'), box }),
  z.strictObject({ do: z.literal('hold'), box }),
  z.strictObject({ do: z.literal('release'), box }),
  // Without a box: the only one that has replicas.
  z.strictObject({ do: z.literal('scale'), box: box.optional(), count: z.int() }),
  z.strictObject({ do: z.literal('roll'), box: box.optional(), force: z.boolean().optional() }),
  z.strictObject({ do: z.literal('reload'), box }),
  // Numbers of the topology, by the names of their options.
  z.strictObject({ do: z.literal('set'), numbers: z.record(z.string(), z.int()) }),
]);
export type ControlRequest = z.infer<typeof controlRequest>;

/** The answer to one request, one JSON line. Lines `{ progress }` may come before it. */
export type ControlAnswer = { ok: true; [key: string]: unknown } | { ok: false; problem: string; code?: ErrorCode };

type Answer = (request: ControlRequest, say: Progress) => Promise<ControlAnswer>;

/** A launcher's end of the control socket. */
export interface ControlSocket extends ControlPath {
  close(): void;
}

/** Where a control socket lies, and the folder made for it where it could not lie in the instance's. */
export interface ControlPath {
  path: string;
  temporary?: string;
}

/**
 * Where the socket of an instance goes: into its folder, or, where that path is too long for a socket, into a folder of
 * its own in the system's temporary one. ready.json names it in that case.
 */
export function controlPath(wanted: string): ControlPath {
  if (Buffer.byteLength(wanted) <= LONGEST_SOCKET_PATH) return { path: wanted };
  const temporary = mkdtempSync(join(tmpdir(), 'day90-'));
  return { path: join(temporary, 'control.sock'), temporary };
}

/** Listens on a unix socket that only its owner may open (0600). */
export async function openControl(where: ControlPath, answer: Answer): Promise<ControlSocket> {
  rmSync(where.path, { force: true });
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    socket.on('error', () => {}); // a client that leaves early
    const write = (words: object) => void (socket.writable && socket.write(`${JSON.stringify(words)}\n`));
    createInterface({ input: socket }).on('line', (line) => {
      void reply(line, answer, (progress) => write({ progress })).then(write);
    });
  });
  await listen(server, where.path);
  return {
    ...where,
    close: () => {
      server.close();
      for (const socket of open) socket.destroy();
      rmSync(where.temporary ?? where.path, { recursive: true, force: true });
    },
  };
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // The socket is made inside listen(), with what the mask leaves: no moment in which others could connect.
    const mask = process.umask(0o177);
    server.listen(path, resolve);
    process.umask(mask);
  });
}

async function reply(line: string, answer: Answer, say: Progress): Promise<ControlAnswer> {
  let raw: unknown;
  try {
    raw = JSON.parse(line);
  } catch {
    return { ok: false, problem: 'not a line of JSON' };
  }
  const parsed = controlRequest.safeParse(raw);
  if (parsed.success) return answer(parsed.data, say);
  const issue = parsed.error.issues[0];
  return { ok: false, problem: `${issue?.path.join('.') || 'request'}: ${issue?.message}` };
}
