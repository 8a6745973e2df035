/** Finds or builds a tool that no system package has. */
export function requireTool(
  name: 'k6',
  options: { onProgress?: (line: string) => void; signal?: AbortSignal } = {},
): Promise<{ path: string; version: string }> {
  throw new Error(`not yet: ${name} ${options}`);
}
