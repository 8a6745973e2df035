import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BadInput } from './bad-input.ts';
import type { CommandOptions } from './run-command.ts';
import type { ToolSpec } from './tool-specs.ts';

/** How Go builds a tool into a folder. */
export function goBuild(
  go: string,
  name: string,
  { module, version, within, flags = [] }: ToolSpec,
  folder: string,
): Pick<CommandOptions, 'argv' | 'cwd' | 'env'> {
  const env = { ...(process.env as Record<string, string>), CGO_ENABLED: '0' };
  if (!within) {
    const argv: CommandOptions['argv'] = [go, ['install', '-v', ...flags, `${module}@v${version}`]];
    return { argv, cwd: tmpdir(), env: { ...env, GOBIN: folder } }; // outside any Go module
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'go.mod'), moduleAround(go, version, within));
  return { argv: [go, ['build', '-v', '-mod=mod', '-o', name, ...flags, module]], cwd: folder, env };
}

/** A module of ours that needs this one, with a version for each folder that it has in the place of a module. */
function moduleAround(go: string, version: string, { module, replaced }: NonNullable<ToolSpec['within']>): string {
  const { mod, needs } = readModule(go, `${module}@v${version}`);
  const folders = mod.split('\n').flatMap((line) => /^\s*(\S+) => \.\/staging\//.exec(line)?.[1] ?? []);
  const replaces = replaced === undefined ? [] : folders.map((one) => `replace ${one} => ${one} v${replaced}`);
  return `${['module day90.invalid/tool', `go ${needs}`, `require ${module} v${version}`, ...replaces].join('\n')}\n`;
}

/** A module's go.mod, and the Go that it needs. */
function readModule(go: string, module: string): { mod: string; needs: string } {
  const { GoMod } = downloadModule(go, module);
  const mod = readFileSync(GoMod, 'utf8');
  return { mod, needs: /^go (\S+)$/m.exec(mod)?.[1] ?? '1.24' };
}

/** Gets a module, and tells where it lies. @throws {BadInput} With Go's own words when it can't. */
export function downloadModule(go: string, module: string): { Dir: string; GoMod: string } {
  const { status, stdout, stderr } = spawnSync(go, ['mod', 'download', '-json', module], {
    cwd: tmpdir(),
    encoding: 'utf8',
  });
  const told: { Dir: string; GoMod: string; Error?: string } = JSON.parse(stdout || '{}');
  if (status !== 0) throw new BadInput(`go mod download ${module} failed: ${told.Error ?? stderr.trim()}`);
  return told;
}
