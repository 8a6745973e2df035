import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { loadTopology } from '../load-topology.ts';
import { allStages } from '../stages.ts';
import { composeFile, composeYaml } from './compose-file.ts';
import { composeProblems } from './compose-schema.ts';
import { k8sFiles } from './k8s-files.ts';

/** Files by their path from the workspace. */
export type RenderedFiles = Record<string, string>;

/** Where all files are ours: what is not made any more is deleted from here. */
const FOLDERS = ['infra/compose', 'infra/k8s'];

/** What is made of the stages' topologies for where there is no launcher. */
export async function renderedFiles(workspace: string): Promise<RenderedFiles> {
  const files: RenderedFiles = {};
  const secrets = new Set<string>(['SECRET_GRAFANA']);
  for (const stage of allStages(workspace)) {
    const folder = relative(workspace, stage.folder);
    const { topology } = await loadTopology(join(stage.folder, 'src', 'topology.ts'));
    const text = composeYaml(composeFile(topology, workspace, folder), composeHeader(stage.name, folder));
    const problems = composeProblems(text);
    if (problems) throw new Error(`the compose file of ${stage.name}: ${problems}`);
    files[`infra/compose/${stage.name}.yaml`] = text;
    if ('prometheus' in topology.boxes) Object.assign(files, k8sFiles(topology, workspace, folder));
    for (const [, name = ''] of text.matchAll(/\$\{(SECRET_[A-Z0-9_]+):\?\}/g)) secrets.add(name);
  }
  files['infra/compose/.env.example'] = envExample([...secrets].sort());
  return files;
}

function composeHeader(stage: string, folder: string): string {
  return [
    `Made by \`pnpm infra:render\` of ${folder}/src/topology.ts: change that, not this. How it is used: infra/README.md.`,
    `  docker compose -f infra/compose/${stage}.yaml up --build`,
    `Its secrets come from infra/compose/.env, in the shape of .env.example there.`,
  ].join('\n');
}

function envExample(names: string[]): string {
  return `${[
    '# Secrets of the compose files, which all stages have in common. infra/README.md tells how they are made.',
    '# Size of the seeded data: small, medium or full.',
    'SCALE=medium',
    ...names.map((name) => `${name}=`),
  ].join('\n')}\n`;
}

/** Writes them, and deletes what is not among them any more. @returns The paths that were changed. */
export function writeRendered(workspace: string, files: RenderedFiles): string[] {
  const changed = staleFiles(workspace, files);
  for (const path of changed) {
    const text = files[path];
    const file = join(workspace, path);
    if (text === undefined) rmSync(file);
    else {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  }
  return changed;
}

/** The paths whose files are not what they would be made now. */
export function staleFiles(workspace: string, files: RenderedFiles): string[] {
  const there = FOLDERS.flatMap((folder) =>
    globSync(`${folder}/**/{*.yaml,.env.example,*.env.example}`, { cwd: workspace }),
  );
  const isStale = (path: string) => {
    const file = join(workspace, path);
    return !existsSync(file) || readFileSync(file, 'utf8') !== files[path];
  };
  return [...new Set([...Object.keys(files), ...there])].filter(isStale).sort();
}
