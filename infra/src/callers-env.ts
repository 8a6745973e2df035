/** What pnpm tells the scripts that it starts, and a pnpm or npm in another folder would take for its own. How the registry is reached stays. */
const OF_PNPM = /^(npm_(?!config_(registry|cafile|proxy|https_proxy|noproxy)$)|pnpm_|init_cwd$|node_path$)/i;

/** The environment of the shell that has called pnpm, for commands that somebody would type there. */
export function callersEnv(): Record<string, string> {
  const kept = Object.entries(process.env).filter(([name]) => !OF_PNPM.test(name));
  return Object.fromEntries(kept) as Record<string, string>;
}
