import { describe, it } from '@jest/globals';
import fc, { type Arbitrary } from 'fast-check';
import type { ContractRig } from './contract-rig.ts';
import { type Input, invalidInputs, type Known, validInputs, wildInputs } from './inputs.ts';
import type { ApiDocument, Route } from './open-api.ts';

/** Runs per route: enough to meet every rule of a schema, few enough to hash no more passwords than needed. */
const VALID_RUNS = 6;
const INVALID_RUNS = 40;
/** fast-check draws the same inputs for the same seed, so that a failure can be had again. */
const SEED = 90;
const REFUSALS_OF_INPUT = [400, 404, 413, 415];

/** Inputs made from the OpenAPI document: valid ones are taken, others refused, and nothing ends in a 5xx. */
export function describeGenerated(rig: ContractRig): void {
  describe('generated requests', () => {
    it('are taken when they are valid', async () => {
      await forEachRoute(rig, VALID_RUNS, validInputs, (status) => !REFUSALS_OF_INPUT.includes(status));
    });

    it('are refused when they are not', async () => {
      await forEachRoute(rig, INVALID_RUNS, invalidInputs, (status) => REFUSALS_OF_INPUT.includes(status));
    });

    it('never make the server fail, whatever their texts hold', async () => {
      await forEachRoute(rig, INVALID_RUNS, wildInputs, (status) => status < 500);
    });
  });
}

async function forEachRoute(
  rig: ContractRig,
  numRuns: number,
  inputsOf: (api: ApiDocument, route: Route, known: Known) => Arbitrary<Input> | undefined,
  accepts: (status: number) => boolean,
): Promise<void> {
  const as = await rig.member(2);
  const known = { postId: (await rig.newPost(as)).id, userId: as.id };
  for (const route of rig.visitor.api.routes) {
    // It takes no input, and would end the session of all that follow.
    if (route.route === 'post /logout') continue;
    if (route.path.startsWith('/images')) continue; // takes no JSON: pictures.ts has made up what it takes
    const inputs = inputsOf(rig.visitor.api, route, known);
    if (!inputs) continue;
    const property = fc.asyncProperty(inputs, async ({ path, json }) => {
      // Held against the document by `send`.
      const { status } = await rig.send(`${route.method.toUpperCase()} ${path}`, {
        as,
        ...(json !== undefined && { json }),
      });
      if (!accepts(status)) throw new Error(`${route.route} answered ${status}`);
    });
    await fc.assert(property, { seed: SEED, numRuns });
  }
}
