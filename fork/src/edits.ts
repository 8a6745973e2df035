import { type Edit, leftOut } from './left-out.ts';
import type { Plan } from './plans.ts';

const BEHIND_NGINX = '// outermost first; nginx writes the access log and sets the security headers';
/** A fork knows nothing of what stands in front of it: it does itself what nginx does here. */
const BY_ITSELF = '// outermost first\n    accessLog(logger),\n    securityHeaders(config.PUBLIC_URL),';

/** What holds only where our own launcher is. */
const EDITS: Record<string, Edit[]> = {
  'stages/day30-scaleout/src/app.ts': [{ from: ' behind nginx, which keeps', to: ', which keeps' }],
  'stages/day30-scaleout/src/postgres-schema.ts': [
    {
      from: ': run them first, as its owner; data of this workspace is deleted by \\`npx -y pnpm reset\\`, and made anew by the next start`',
      to: ': \\`npm run migrate\\` runs them`',
    },
  ],
  'stages/day30-scaleout/src/postgres-pool.ts': [{ from: '; `pnpm explain` shows the ones that are kept.', to: '.' }],
  'stages/day90-full/src/app.ts': [
    { from: 'Day 90: all of it in one place.', to: 'Puts the app together from its parts.' },
  ],
  'stages/day90-full/src/metrics/shed-metrics.ts': [{ from: ' What nginx refuses stands in its log.', to: '' }],
  'shared/testing/src/pictures.ts': [{ from: '`../pictures/', to: '`./pictures/' }],
};

/**
 * A file as a fork needs it, before it is taken apart.
 * @throws {Error} When what is to be changed isn't there any more.
 */
export function edited(plan: Plan, path: string, text: string): string {
  const behindNginx = path === `${plan.roots}/app.ts` && text.includes(BEHIND_NGINX);
  const edits = [...(EDITS[path] ?? []), ...leftOut(plan, path), ...(behindNginx ? IN_FRONT : [])];
  const changed = edits.reduce((before, { from, to }) => {
    const after = before.replace(from, to);
    if (after === before) throw new Error(`edits.ts changes something in ${path} that isn't there: ${from}`);
    return after;
  }, text);
  return changed.replaceAll(KEPT_TOGETHER, '$1$2,');
}

/** `...{ a, b },` on a line, by which this workspace keeps together what belongs together. Elsewhere one wonders what it is for. */
const KEPT_TOGETHER = /^( *)\.\.\.\{ ([^{}\n]*) \},$/gm;

const IN_FRONT: Edit[] = [
  { from: BEHIND_NGINX, to: BY_ITSELF },
  { from: /import \{(?=[^}]*\} from '@day90\/core')/, to: 'import { accessLog, securityHeaders,' },
];
