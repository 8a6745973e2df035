import type { Command } from 'commander';
import { BadInput } from '../bad-input.ts';
import { renderedFiles, staleFiles, writeRendered } from '../elsewhere/rendered-files.ts';
import { canHaveTool } from '../tools.ts';
import { workspaceRoot } from '../workspace.ts';

/** `day90 render`: the topologies for where there is no launcher. */
export function addRender(program: Command): void {
  program
    .command('render')
    .description('make the compose files and the Kubernetes manifests of the topologies')
    .option('--check', 'change nothing; fail when they are not what would be made')
    .addHelpText('after', '\nExample: npx -y pnpm infra:render')
    .action(render);
}

async function render(flags: { check?: boolean }): Promise<void> {
  // The topologies ask for it, and would leave the store out, or tell a real channel.
  if (!canHaveTool('versitygw')) {
    const missing = 'stages 5 to 7 are made with their S3 server: versitygw is missing, or Go to build it';
    if (!flags.check) throw new BadInput(missing);
    console.log(`not checked: ${missing}`);
    return;
  }
  delete process.env.SLACK_WEBHOOK_URL;
  const workspace = workspaceRoot();
  const files = await renderedFiles(workspace);
  if (!flags.check) {
    const changed = writeRendered(workspace, files);
    console.log(changed.length === 0 ? 'all of it is as it would be made' : changed.join('\n'));
    return;
  }
  const stale = staleFiles(workspace, files);
  if (stale.length > 0)
    throw new BadInput(
      `not as the topologies are now: ${stale.join(', ')}; \`npx -y pnpm infra:render\` makes them anew`,
    );
}
