import { connect, type Socket } from 'node:net';
import { AnswerReader } from '../paced/answer-reader.ts';
import { type HolderAsks, type HolderTells, holderAsks, holderStart } from './holder-words.ts';

/** So many are being opened at once: more than a listening socket's queue would be refused. */
const AT_ONCE = 64;
const PATIENCE_MS = 15_000;

const { host, port, sources, request } = holderStart.parse(JSON.parse(process.argv[2] ?? ''));
const open = new Set<Socket>();
const failed: Record<string, number> = {};
let begun = 0;

process.on('message', async (message) => {
  process.send?.(await answer(holderAsks.parse(message)));
});

async function answer(asks: HolderAsks): Promise<HolderTells> {
  if ('open' in asks) await openUpTo(asks.open);
  const answered = 'askEach' in asks ? await askSome(asks.askEach) : { asked: 0, answered: 0 };
  globalThis.gc?.(); // what is thrown away is no part of a visitor
  return { open: open.size, failed, ...answered };
}

async function openUpTo(count: number): Promise<void> {
  let left = count - open.size;
  const openSome = async () => {
    while (left > 0) {
      left -= 1;
      await openOne().catch((error: NodeJS.ErrnoException) => {
        const code = error.code ?? error.message;
        failed[code] = (failed[code] ?? 0) + 1;
      });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, openSome));
}

/** Idle is who has had an answer: a connection that has asked for nothing yet is closed after a few seconds. */
async function openOne(): Promise<void> {
  const socket = connect({ host, port, localAddress: sources[begun++ % sources.length] as string });
  await askOver(socket);
  open.add(socket);
  socket.on('close', forget).on('error', nobody);
}

function forget(this: Socket): void {
  open.delete(this);
}

function nobody(): void {}

function askOver(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    const reader = new AnswerReader();
    const timer = setTimeout(() => end(new Error('no answer')), PATIENCE_MS);
    const end = (error?: Error) => {
      clearTimeout(timer);
      socket.off('data', read).off('error', end).off('close', closed);
      if (!error) return resolve();
      socket.on('error', nobody).destroy();
      reject(error);
    };
    const closed = () => end(new Error('closed'));
    const read = (chunk: Buffer) => {
      try {
        if (reader.push(chunk)) end();
      } catch (error) {
        end(error as Error);
      }
    };
    socket.on('data', read).on('error', end).on('close', closed).write(request);
  });
}

async function askSome(each: number): Promise<{ asked: number; answered: number }> {
  const some = [...open].filter((_, n) => n % each === 0);
  let answered = 0;
  for (const socket of some) {
    await askOver(socket).then(
      () => {
        answered += 1;
      },
      () => {},
    );
  }
  return { asked: some.length, answered };
}
