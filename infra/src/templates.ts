import type { Data, Scale } from './topology.ts';
/** Makes (once) and returns the folder of the seeded data. */
export function ensureTemplate(
  data: Data,
  options: { folder: string; scale: Scale; onProgress?: (line: string) => void; signal?: AbortSignal },
): Promise<string> {
  throw new Error(`not yet: ${data.engine} ${options.scale}`);
}
