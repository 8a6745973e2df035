import type { Claim } from '@day90/bench';
import { alert } from './alert.ts';
import { allTogether } from './all-together.ts';
import { autoscale } from './autoscale.ts';
import { demands } from './demands.ts';
import { metricsCost } from './metrics-cost.ts';
import { overload } from './overload.ts';
import { quiet } from './quiet.ts';
import { versions } from './versions.ts';

/** What stage 7 says of itself, the headline first. */
export const claims: Claim[] = [allTogether, alert, quiet, autoscale, overload, metricsCost, demands].map((claim) => ({
  ...claim,
  versions,
}));
