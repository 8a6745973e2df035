import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { RunFolder } from './run-folder.ts';
import type { Topology } from './topology.ts';

const countsSchema = z.record(z.string(), z.int().positive());
type Counts = z.infer<typeof countsSchema>;

/** How many replicas the boxes have that hold data of their own: as many as a `scale` has made of them, also after a restart. */
export function keptCounts(topology: Topology, run: RunFolder): Counts {
  const kept = Object.entries(readCounts(run)).filter(([name]) => topology.boxes[name]?.replicas?.kept);
  return Object.fromEntries(kept);
}

/** Notes with the data how many there are now. Whole or not at all. */
export function keepCount(run: RunFolder, name: string, count: number): void {
  const temporary = `${fileOf(run)}.${process.pid}`;
  writeFileSync(temporary, `${JSON.stringify({ ...readCounts(run), [name]: count })}\n`);
  renameSync(temporary, fileOf(run));
}

function readCounts(run: RunFolder): Counts {
  try {
    return countsSchema.parse(JSON.parse(readFileSync(fileOf(run), 'utf8')));
  } catch {
    return {};
  }
}

function fileOf(run: RunFolder): string {
  return join(run.data, 'replicas.json');
}
