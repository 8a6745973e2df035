import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { allStages, BadInput, canHaveTool, loadTopology, stageMap } from '@day90/infra';
import { Command } from 'commander';
import { draw } from './draw.ts';
import { layOut } from './layout.ts';
import { notesOf } from './notes.ts';
import { pictureStyle } from './style.ts';
import { wayOfPost } from './way.ts';

/** Where no S3 server can be had, the topologies have no such box: what was drawn elsewhere is more than can be drawn here. */
const LACKS_S3 = !canHaveTool('versitygw');
const S3 = '>s3</text>';

/**
 * `pnpm pictures`: draws every stage's boxes from its topology.
 * @param workspace - The root folder.
 */
export function picturesCommand(workspace: string): Command {
  return new Command('pnpm pictures')
    .description("Draws the stages' topologies into docs/pictures.")
    .option('--check', 'change nothing; exit 1 when a picture is not that of its topology')
    .addHelpText('after', '\nExample:\n  pnpm pictures    after a topology was changed')
    .action(async ({ check = false }: { check?: boolean }) => {
      const stale: string[] = [];
      for (const { path, svg } of await pictures(workspace)) {
        const file = join(workspace, path);
        const drawn = existsSync(file) ? readFileSync(file, 'utf8') : '';
        if (drawn === svg || (LACKS_S3 && drawn.includes(S3))) continue;
        stale.push(path);
        if (!check) write(workspace, path, svg);
      }
      if (check && stale.length > 0)
        throw new BadInput(`${stale.join(', ')}: not as the topology is; run \`pnpm pictures\``);
    });
}

function write(workspace: string, path: string, svg: string): void {
  mkdirSync(join(workspace, 'docs/pictures'), { recursive: true });
  writeFileSync(join(workspace, path), svg);
  process.stdout.write(`${path}\n`);
}

async function pictures(workspace: string): Promise<{ path: string; svg: string }[]> {
  const style = pictureStyle();
  return Promise.all(
    allStages(workspace).map(async ({ name, number, folder }) => {
      const { topology } = await loadTopology(join(folder, 'src/topology.ts'));
      const map = stageMap(topology, folder);
      const way = wayOfPost(map);
      const title = `Stage ${number}: its boxes, and the way of GET /posts/:id`;
      const layout = await layOut(map);
      return { path: `docs/pictures/${name}.svg`, svg: draw({ title, layout, way, notes: notesOf(map, way) }, style) };
    }),
  );
}
