import { toolNeeds } from './needs.ts';
import { findTool } from './tools.ts';

/** Versions of what a run is made of, by name: node, v8, uv, and the tools that are there. */
export function versions(): Record<string, string> {
  const { node, v8, uv } = process.versions;
  const tools = toolNeeds.flatMap(({ tool }) => {
    const found = findTool(tool);
    return found ? [[tool, found.version]] : [];
  });
  return { node, v8, uv, ...Object.fromEntries(tools) };
}
