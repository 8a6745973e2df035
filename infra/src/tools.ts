import { chmodSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { BadInput } from './bad-input.ts';
import { goBuild } from './go-build.ts';
import { Guardian } from './guardian-link.ts';
import { type Progress, seconds, stderrProgress } from './progress.ts';
import { runCommand } from './run-command.ts';
import { atLeast, findAllOnPath, findOnPath, packageSystem, versionOf } from './system.ts';
import { type ToolName, type ToolSpec, toolSpecs } from './tool-specs.ts';
import { userCache } from './user-cache.ts';
import { waitForLock } from './wait-for-lock.ts';

/** Whether a program is one of these tools. */
export function isTool(name: string): name is ToolName {
  return Object.hasOwn(toolSpecs, name);
}

export interface Tool {
  path: string;
  version: string;
}

const GO_FOLDERS = ['/usr/local/go/bin', '/opt/homebrew/bin'];

/** A tool from PATH or the cache; undefined when it would have to be built. */
export function findTool(name: ToolName): Tool | undefined {
  const spec: ToolSpec = toolSpecs[name];
  for (const path of [...findAllOnPath(name), cachedPath(name)]) {
    if (!existsSync(path)) continue;
    const version = versionOf(path, spec.versionArgs);
    if (version && spec.majors.includes(Number.parseInt(version, 10))) return { path, version };
  }
  return undefined;
}

/** A Go that can build the tool, or undefined. */
export function findGo(name: ToolName): Tool | undefined {
  const path = findOnPath('go', GO_FOLDERS);
  const version = path ? versionOf(path, ['version']) : undefined;
  return path && version && atLeast(version, toolSpecs[name].go) ? { path, version } : undefined;
}

/** Whether {@link requireTool} would have it, at once or after a build. */
export function canHaveTool(name: ToolName): boolean {
  return (findTool(name) ?? findGo(name)) !== undefined;
}

/**
 * A tool from PATH, else from the per-user cache, else built into it by `go install`.
 * @throws {BadInput} Without it and without Go: names this system's one install command.
 */
export async function requireTool(
  name: ToolName,
  options: { onProgress?: Progress | undefined; signal?: AbortSignal | undefined } = {},
): Promise<Tool> {
  const found = findTool(name);
  if (found) return found;
  const go = findGo(name);
  if (!go) throw new BadInput(`${name} is not there: ${installCommand(name)}`, { code: 'D90-TOOL-MISSING' });
  const progress = options.onProgress ?? stderrProgress();
  mkdirSync(userCache(), { recursive: true });
  const lock = join(userCache(), `${name}.lock`);
  const release = await waitForLock(lock, { doing: `builds ${name}`, progress, signal: options.signal });
  try {
    return findTool(name) ?? (await build(name, go, progress, options.signal));
  } finally {
    release();
  }
}

/** How a missing tool is had on this system, in one line. */
export function installCommand(name: ToolName): string {
  const spec = toolSpecs[name];
  const command = spec.install[packageSystem()];
  // A container's root often has no sudo.
  const mine = process.getuid?.() === 0 ? command.replaceAll('sudo ', '') : command;
  return `${mine} (or install Go ${spec.go} or newer: the first run then builds ${name} by itself)`;
}

function cachedPath(name: ToolName): string {
  return join(userCache(), `${name}-v${toolSpecs[name].version}`);
}

/** Built into a folder of its own and moved when whole. Go's own settings (GOPROXY, GOFLAGS …) hold. */
async function build(name: ToolName, go: Tool, progress: Progress, signal?: AbortSignal): Promise<Tool> {
  const spec: ToolSpec = toolSpecs[name];
  const { module, version, buildTime } = spec;
  const partial = join(userCache(), `${name}.partial`);
  const guardian = new Guardian();
  guardian.leftover(partial);
  rmSync(partial, { recursive: true, force: true });
  progress(`building ${name} ${version} with Go ${go.version}, once for this user (${buildTime}) …`);
  const began = performance.now();
  let packages = 0;
  const tick = () => progress(`building ${name}: ${packages} packages, ${seconds(performance.now() - began)}`, true);
  const timer = setInterval(tick, process.stderr.isTTY ? 1000 : 10_000);
  try {
    const { code, lastLines } = await runCommand({
      ...goBuild(go.path, name, spec, partial),
      guardian,
      onLine: () => {
        packages += 1;
      },
      signal,
    });
    if (code !== 0)
      throw new BadInput(
        `go ${spec.within ? 'build' : 'install'} ${module}@v${version} failed: ${lastLines.join(' | ')}; ${installCommand(name)}`,
        { code: 'D90-TOOL-MISSING' },
      );
    chmodSync(join(partial, name), 0o755);
    renameSync(join(partial, name), cachedPath(name));
  } finally {
    clearInterval(timer);
    rmSync(partial, { recursive: true, force: true });
    guardian.bye();
  }
  progress(`${name} ${version} built in ${seconds(performance.now() - began)}, kept as ${cachedPath(name)}`);
  return { path: cachedPath(name), version };
}
