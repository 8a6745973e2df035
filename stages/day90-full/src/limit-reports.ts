import { createSocket } from 'node:dgram';
import type { Logger, Resource } from '@day90/core';
import { z } from 'zod';

/** What a box says of its limit. */
const limitReport = z.strictObject({
  box: z.string().min(1),
  /** Requests at once. */
  limit: z.int().positive(),
  /** Most at once within the last second. */
  peak: z.int().nonnegative(),
});
export type LimitReport = z.infer<typeof limitReport>;

/**
 * Sends reports by UDP: whether anybody is there to hear them is nothing that a box waits for.
 * @param to - `127.0.0.1:17034`; undefined sends nothing.
 */
export function limitReports(
  to: string | undefined,
  box: string,
): Resource & { send(state: Omit<LimitReport, 'box'>): void } {
  if (to === undefined) return { send: () => {}, close: async () => {} };
  const [host = '', port] = to.split(/:(?=\d+$)/);
  const socket = createSocket('udp4');
  socket.unref();
  socket.on('error', () => {}); // a second later there is another report
  return {
    send: (state) => socket.send(JSON.stringify({ box, ...state }), Number(port), host, () => {}),
    close: async () => void socket.close(),
  };
}

/**
 * Hears reports.
 * @returns Resolves once it listens.
 * @throws When the port is taken.
 */
export async function hearReports(
  port: number,
  hear: (report: LimitReport) => void,
  { host, logger }: { host: string; logger: Logger },
): Promise<Resource> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(port, host, resolve);
  });
  socket.on('message', (message) => {
    const parsed = limitReport.safeParse(jsonOf(message));
    if (parsed.success) hear(parsed.data);
    else logger.warn('a report that is none');
  });
  return { close: () => new Promise((resolve) => socket.close(resolve)) };
}

function jsonOf(message: Buffer): unknown {
  try {
    return JSON.parse(message.toString());
  } catch {
    return undefined;
  }
}
