import { defineTopology } from '@day90/infra';
import { withEditedEdges } from './edited-edge.ts';

/** Edges that let an error take the place of the answer they have. */
export const topology = defineTopology(
  withEditedEdges('shows-errors', ['s/set bereq.http.X-Edge-Spare = "perhaps";/set bereq.http.X-Edge-None = "none";/']),
);
