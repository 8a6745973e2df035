import { findProgram, versionOf } from '@day90/infra';
import { versions as ofStage } from '../versions.ts';
import { finaleFaults as faultsOf } from './faults.ts';
import { finale as finaleOf } from './finale.ts';
import type { Wishes } from './wishes.ts';

export { PROMISED, PROMISED_WITH_FAULTS } from './wishes.ts';

const versions = async () => ({
  ...(await ofStage()),
  varnish: versionOf(findProgram('varnishd') ?? '', ['-V']) ?? 'none',
});

/** The finale of a size, to be measured. Not among the stage's claims: it takes the whole machine. */
export const finale = (wishes: Wishes) => ({ ...finaleOf(wishes), versions });
export const finaleFaults = (wishes: Wishes) => ({ ...faultsOf(wishes), versions });
