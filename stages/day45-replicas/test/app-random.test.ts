import type { Topology } from '@day90/infra';
import { topology } from '../src/random/topology.ts';
import { describeContract } from './contract-of.ts';

/*
 * A replica at random is right where each commit waits until both replicas show it, and nowhere else: started as it is, this
 * variant breaks the contract by design. That the rest of it keeps it is seen with such commits.
 * https://www.postgresql.org/docs/18/runtime-config-wal.html#GUC-SYNCHRONOUS-COMMIT
 */
const db = topology.boxes.db as Topology['boxes'][string];
const shown = ['-c', 'synchronous_commit=remote_apply', '-c', 'synchronous_standby_names=FIRST 2 (*)'];
const waiting = { ...topology, boxes: { ...topology.boxes, db: { ...db, run: [...db.run, ...shown] } } };

describeContract('stage-4-random', waiting);
