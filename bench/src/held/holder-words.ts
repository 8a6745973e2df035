import { z } from 'zod';

/** What a process that holds connections is started with. */
export const holderStart = z.strictObject({
  host: z.string(),
  port: z.int(),
  /** Addresses that they come from, by turns. */
  sources: z.array(z.string()).min(1),
  /** What each asks for once, in its bytes. */
  request: z.string(),
});

/** Opens until so many are open · asks once more over every so manieth · says how many are open. */
export const holderAsks = z.union([
  z.strictObject({ open: z.int() }),
  z.strictObject({ askEach: z.int() }),
  z.strictObject({ look: z.literal(true) }),
]);
export type HolderAsks = z.infer<typeof holderAsks>;

/** How many are open, why others are not, and how many of those that asked again were answered. */
export const holderTells = z.strictObject({
  open: z.int(),
  failed: z.record(z.string(), z.int()),
  asked: z.int(),
  answered: z.int(),
});
export type HolderTells = z.infer<typeof holderTells>;
