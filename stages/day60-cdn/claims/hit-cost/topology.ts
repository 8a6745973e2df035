import { type Box, defineTopology } from '@day90/infra';
import { edge, purge } from '../../src/boxes.ts';

/** Of an answer: what a post's text takes, on average. */
const BODY = 'x'.repeat(1100);

function nginx(file: string, port: number): Box {
  return {
    role: 'nginx',
    run: ['nginx', '-e', 'stderr', '-p', '${data}', '-c', `\${conf}/${file}`],
    files: { [file]: `../day60-cdn/claims/hit-cost/${file}` },
    env: { BODY },
    port,
    ready: { tcp: true },
    unprivileged: true, // else its workers are nobody, and can't enter what root has made for them to keep answers in
    stopSignal: 'SIGQUIT',
    stopTimeoutMs: 3000,
  };
}

/** An edge of the stage, and an nginx that keeps answers, before the same origin. */
export const topology = defineTopology({
  stage: 'stage-5',
  variant: 'hit-cost',
  door: 'edge-seoul',
  options: { purge },
  boxes: {
    nginx: nginx('origin.conf', 15_921),
    proxy: { ...nginx('proxy.conf', 15_922), after: ['nginx'] },
    'edge-seoul': edge('seoul', 15_920),
  },
});
