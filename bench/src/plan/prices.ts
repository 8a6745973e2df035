import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { HOURS_A_MONTH } from './workload.ts';

const price = z.number().nonnegative();
/** Priced by the hour, as clouds do, or by the month. */
const cost = z.union([z.strictObject({ hourly: price }), z.strictObject({ monthly: price })]);
const machine = z.strictObject({ machine: z.string(), cores: z.int().positive(), cost });

const priceList = z.strictObject({
  schema: z.literal(1),
  title: z.string(),
  /** The month of the prices, `2026-06`, where they have a date. */
  asOf: z
    .string()
    .regex(/^\d{4}-\d{2}$/)
    .optional(),
  currency: z.literal('USD'),
  /** Where each group of prices was read. */
  sources: z.array(z.strictObject({ what: z.string(), url: z.string().optional() })).min(1),
  app: machine,
  /** Smallest first. */
  database: z.array(machine).min(1),
  redis: machine,
  balancer: z.strictObject({ cost, perGb: price }),
  cdn: z.strictObject({ cost, perGb: price, perMillionRequests: price }),
  /** Answers that leave without a CDN. */
  trafficPerGb: price,
  /** Kept rows. */
  diskPerGb: price,
  /** The bucket, and what it asks for pictures. */
  objects: z.strictObject({ cost, perGb: price }),
  monitoring: cost,
});

/** What machines and services cost, at one date. */
export type PriceList = z.infer<typeof priceList>;
export type Machine = z.infer<typeof machine>;

const FOLDER = fileURLToPath(new URL('../../prices', import.meta.url));

/** The price lists there are, by name. */
export function priceListNames(): string[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.json'))
    .map((name) => basename(name, '.json'))
    .sort();
}

/** @throws {Error} When a list is not of its shape: which field is wrong stands in it. */
export function readPriceList(name: string): PriceList {
  return priceList.parse(JSON.parse(readFileSync(`${FOLDER}/${name}.json`, 'utf8')));
}

/** In dollars. */
export function aMonth(of: z.infer<typeof cost>): number {
  return 'monthly' in of ? of.monthly : of.hourly * HOURS_A_MONTH;
}
