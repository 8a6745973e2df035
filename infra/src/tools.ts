import { chmodSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BadInput } from './bad-input.ts';
import { Guardian } from './guardian-link.ts';
import { type Progress, seconds, stderrProgress } from './progress.ts';
import { runCommand } from './run-command.ts';
import { atLeast, findAllOnPath, findOnPath, type PackageSystem, packageSystem, versionOf } from './system.ts';
import { userCache } from './user-cache.ts';
import { waitForLock } from './wait-for-lock.ts';

/** A tool that no system package has. */
export interface ToolSpec {
  /** Majors that do; anything else on PATH is passed over. */
  majors: number[];
  versionArgs: string[];
  /** Built when it is neither on PATH nor in the cache. */
  module: string;
  version: string;
  /** More flags of `go install`. */
  flags?: string[];
  /** Least Go that builds it. */
  go: string;
  /** What is told before a build. */
  buildTime: string;
  /** The one command that installs it, by package system. */
  install: Record<PackageSystem, string>;
}

const VERSITYGW = 'see https://github.com/versity/versitygw/releases';
/** No system has a package of it. */
const RELEASES = { apt: VERSITYGW, brew: VERSITYGW, none: VERSITYGW };

/** k6 2 is not served as a Go module; scripts use only what 1 and 2 have in common. */
export const toolSpecs = {
  k6: {
    majors: [1, 2],
    versionArgs: ['version'],
    module: 'go.k6.io/k6',
    version: '1.8.1',
    go: '1.25',
    buildTime: '1.5 to 3 minutes, 70 MB',
    install: {
      // https://grafana.com/docs/k6/latest/set-up/install-k6/ - gpg -k makes root's ~/.gnupg, without which dirmngr fails
      apt: 'sudo gpg -k && sudo gpg --no-default-keyring --keyring /usr/share/keyrings/k6-archive-keyring.gpg --keyserver hkp://keyserver.ubuntu.com:80 --recv-keys C5AD17C747E3415A3642D57D77C6C491D6AC1D69 && echo "deb [signed-by=/usr/share/keyrings/k6-archive-keyring.gpg] https://dl.k6.io/deb stable main" | sudo tee /etc/apt/sources.list.d/k6.list && sudo apt-get update && sudo apt-get install k6',
      brew: 'brew install k6',
      none: 'see https://grafana.com/docs/k6/latest/set-up/install-k6/ (Windows: winget install k6)',
    },
  },
  versitygw: {
    majors: [1],
    versionArgs: ['--version'],
    module: 'github.com/versity/versitygw/cmd/versitygw',
    version: '1.8.0',
    flags: ['-ldflags=-s -w -X main.Version=1.8.0'], // built without, it does not know its version
    go: '1.25',
    buildTime: '1 to 3 minutes, 45 MB',
    install: RELEASES,
  },
  vegeta: {
    majors: [12],
    versionArgs: ['-version'],
    module: 'github.com/tsenart/vegeta/v12',
    version: '12.12.0',
    flags: ['-ldflags=-s -w -X main.Version=12.12.0'], // built without, it tells the version of Go instead
    go: '1.22',
    buildTime: 'half a minute, 10 MB',
    install: {
      apt: 'see https://github.com/tsenart/vegeta#install',
      brew: 'brew install vegeta',
      none: 'see https://github.com/tsenart/vegeta#install',
    },
  },
} as const satisfies Record<string, ToolSpec>;

export type ToolName = keyof typeof toolSpecs;

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
  const { module, version, buildTime, flags = [] }: ToolSpec = toolSpecs[name];
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
      argv: [go.path, ['install', '-v', ...flags, `${module}@v${version}`]],
      cwd: tmpdir(), // outside any Go module
      env: { ...(process.env as Record<string, string>), GOBIN: partial, CGO_ENABLED: '0' },
      guardian,
      onLine: () => {
        packages += 1;
      },
      signal,
    });
    if (code !== 0)
      throw new BadInput(`go install ${module}@v${version} failed: ${lastLines.join(' | ')}; ${installCommand(name)}`, {
        code: 'D90-TOOL-MISSING',
      });
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
