import type { Command } from 'commander';
import { verifyManifests } from '../elsewhere/verify-manifests.ts';
import { workspaceRoot } from '../workspace.ts';

/** `day90 verify`: the manifests as an API server sees them. */
export function addVerify(program: Command): void {
  program
    .command('verify')
    .description('hand the Kubernetes manifests to a real API server, which is built by Go when it is not here')
    .addHelpText('after', '\nExample: npx -y pnpm infra:verify')
    .action(() => verifyManifests(workspaceRoot(), (line) => console.log(line)));
}
