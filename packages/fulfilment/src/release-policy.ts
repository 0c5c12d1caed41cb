import { z } from 'zod';
import { crewSchema } from './crew.ts';
import { packPolicySchema } from './pack-check.ts';

const minutes = z.int().nonnegative().max(1_440);
const name = z.string().min(1).max(60);

/** Articles, by SKU or by how their SKUs begin (`LAMP-*`). */
const articlesSchema = z.array(z.string().min(1)).min(1);

/** What pick waves are made by: those of one wave have it in common. */
export const groupings = ['cutoff', 'service', 'zone', 'kind'] as const;
export type Grouping = (typeof groupings)[number];

/**
 * When planned shipments are let go, in which order, and in which pick waves. As it is by default, whatever leaves today is released at the first wave of its day, all of a node together.
 */
export const releasePolicySchema = z
  .strictObject({
    /** Whose cutoff counts: the node's alone, or the carrier's too, by its calendar. */
    cutoff: z.enum(['node', 'carrier']).default('node'),
    /** What is released must have so many minutes until its cutoff; what has less waits for the next day. */
    leadMinutes: minutes.default(0),
    /** Nothing is released earlier than so many minutes before its cutoff, so that it may still be planned otherwise; null: as soon as its day has come. */
    earliestMinutes: minutes.nullable().default(null),
    /** Of single services (`connection/service`), in the place of the above; the greater the priority, the earlier. */
    services: z
      .record(
        z.string().min(1),
        z.strictObject({ leadMinutes: minutes.optional(), earliestMinutes: minutes.nullable().optional(), priority: z.int().default(0) }),
      )
      .default({}),
    /** What must be so before a shipment is released; what is not asked for is looked at no more than its checks did. */
    needs: z
      .strictObject({
        /** `secured`: authorized or taken in full; `captured`: taken. */
        payment: z.enum(['any', 'secured', 'captured']).default('any'),
        /** The highest risk that the channel may have told. */
        risk: z.enum(['any', 'medium', 'low']).default('any'),
        /** `reserved`: the ERP has set everything aside. */
        stock: z.enum(['any', 'reserved']).default('any'),
        /** Whether a shipment of a paused order is released all the same, and goes on by itself once it is no longer paused; or waits for a later wave. */
        holds: z.enum(['pass', 'wait']).default('pass'),
      })
      .prefault({}),
    groupBy: z
      .array(z.enum(groupings))
      .refine((by) => new Set(by).size === by.length, 'each only once')
      .default([]),
    /** Larger groups are divided; null: they are not. */
    mostPerGroup: z.int().positive().nullable().default(null),
    /** Where articles lie; what is listed nowhere lies in no zone. The first that fits counts. */
    zones: z.array(z.strictObject({ name, articles: articlesSchema, nodes: z.array(z.string().min(1)).min(1).optional() })).default([]),
    /** What articles are, such as `cold` or `bulky`. The first that fits counts. */
    kinds: z.array(z.strictObject({ name, articles: articlesSchema })).default([]),
    /** Work for each zone that a shipment is picked in, besides the minutes of its node. */
    minutesPerZone: z.number().nonnegative().default(0),
    /** Who works when, by node. Of a node that is not listed nobody knows what it can do until its cutoff. */
    crew: z.record(z.string().min(1), crewSchema).default({}),
    /** What a crew does not finish until its cutoff: released all the same and told as at risk, or kept back. */
    overCapacity: z.enum(['release', 'wait']).default('release'),
    /** Shipments of a node that are released and have not left, at most; `*` is for every node that is not listed. */
    mostInFlight: z.record(z.string().min(1), z.int().positive()).default({}),
    /** Whether the groups of a release become batches in the ERP, where it has such. */
    batches: z.enum(['off', 'erp']).default('off'),
    /** Whether no label is bought before somebody has checked what was packed. A check that was made and failed stops the label in any case. */
    packCheck: z.enum(['off', 'required']).default('off'),
    /** How far what was packed may be from what it should weigh. */
    packing: packPolicySchema,
    /** Where one age of orders ends and the next begins, in hours since they were placed. */
    agingHours: z
      .array(z.number().positive())
      .min(1)
      .max(20)
      .refine((hours) => hours.every((each, at) => each > (hours[at - 1] ?? 0)), 'hours rise')
      .default([4, 24, 48, 72]),
  })
  .prefault({});
export type ReleasePolicy = z.infer<typeof releasePolicySchema>;

/** Whether an article is one of those. */
export function isArticle(sku: string, articles: readonly string[]): boolean {
  return articles.some((each) => (each.endsWith('*') ? sku.startsWith(each.slice(0, -1)) : each === sku));
}
