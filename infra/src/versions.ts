import { findTool } from './tools.ts';

/** Versions of what a run is made of, by name: node, v8, uv, and k6 where it is there. */
export function versions(): Record<string, string> {
  const { node, v8, uv } = process.versions;
  const k6 = findTool('k6');
  return { node, v8, uv, ...(k6 ? { k6: k6.version } : {}) };
}
