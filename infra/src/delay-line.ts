import type { Socket } from 'node:net';

/**
 * Bytes under way at most before the sender has to wait. Far above what a connection has under way here (at the longest
 * delay it still lets 32 MiB a second pass): a delay must not become a limit of the rate.
 */
const WINDOW_BYTES = 16 * 1024 * 1024;

/** What is under way: a chunk, or the end of the stream. */
interface Item {
  due: number;
  chunk: Buffer | undefined;
}

/**
 * Carries what one socket sends to another, each chunk `delayMs` after it came; chunks under way do not wait for one
 * another. The end follows behind the last chunk, and the other direction stays open.
 * @returns Drops what is under way.
 */
export function delayLine(from: Socket, to: Socket, delayMs: number): () => void {
  const items: Item[] = [];
  let bytes = 0;
  let timer: NodeJS.Timeout | undefined;

  const arrive = (chunk?: Buffer) => {
    items.push({ due: performance.now() + delayMs, chunk });
    bytes += chunk?.length ?? 0;
    if (!timer) deliver();
    holdBack();
  };
  const deliver = () => {
    timer = undefined;
    const now = performance.now();
    for (let item = items[0]; item; item = items[0]) {
      if (item.due > now) {
        // Timers count from the start of the loop's turn and in whole milliseconds: one that comes early is set again.
        timer = setTimeout(deliver, Math.ceil(item.due - now));
        break;
      }
      items.shift();
      if (!item.chunk) to.end();
      else if (to.writable) to.write(item.chunk);
      bytes -= item.chunk?.length ?? 0;
    }
    holdBack();
  };
  const holdBack = () => {
    const full = bytes >= WINDOW_BYTES || to.writableNeedDrain;
    if (full !== from.isPaused()) full ? from.pause() : from.resume();
  };
  from.on('data', arrive).once('end', () => arrive());
  to.on('drain', holdBack);
  return () => {
    clearTimeout(timer);
    items.length = 0;
  };
}
