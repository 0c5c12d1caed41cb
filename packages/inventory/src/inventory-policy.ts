import { z } from 'zod';
import { accuracyPolicySchema } from './accuracy.ts';
import { syncWindowSchema, type SyncWindow } from './freshness.ts';
import { poolSchema } from './pools.ts';
import { supplyTrustSchema } from './time-phased.ts';

/** What of the stock may be shown where: the section `inventory` of a policy. Its defaults share out exactly what there is, as if nothing were known of how fast channels are. */
export const inventoryPolicySchema = z
  .strictObject({
    /** Stock that is set aside for channels, campaigns, contracts and pre-orders. */
    pools: z
      .array(poolSchema)
      .refine((pools) => new Set(pools.map(({ name }) => name)).size === pools.length, 'every pool needs a name of its own')
      .default([]),
    /**
     * By connection, `*` for the other channels; see {@link syncWindowSchema}. Without one a channel is never behind, and nothing is known of how fast it is. What tells stock has one under its own name
     * only: the ERP under its connection, a warehouse that tells its stock by files under `count/NODE`.
     */
    syncWindows: z.record(z.string().min(1), syncWindowSchema).default({}),
    oversell: z
      .strictObject({
        /** By so many units of a SKU what all channels may sell in flight may exceed what there is. 0: nothing is ever sold that is not there. */
        units: z.int().nonnegative().default(0),
        /** Units of one SKU that a channel sells in an hour at the very most, by connection, `*` for the rest. Where it is said, and a window, channels may show more than their share. */
        mostPerHour: z.record(z.string().min(1), z.number().positive()).default({}),
        /** So many units in so many days may be exposed beyond the bound; once they are spent, shares are strict until those days are over. Null: nobody counts. */
        errorBudget: z.strictObject({ units: z.int().nonnegative(), days: z.int().positive() }).nullable().default(null),
      })
      .prefault({}),
    /** `after-lowering`: what another channel still shows is raised nowhere before it is confirmed to be lowered there. `at-once`: all in one go. */
    raise: z.enum(['at-once', 'after-lowering']).default('after-lowering'),
    /** Whose goods are for sale beside ours: those of these owners, or of all. */
    consigned: z.union([z.literal('all'), z.array(z.string().min(1))]).default([]),
    supply: supplyTrustSchema,
    accuracy: accuracyPolicySchema,
    /** Demand is taken from so many days. */
    demandDays: z.int().min(1).max(90).default(28),
  })
  .prefault({});
export type InventoryPolicy = z.infer<typeof inventoryPolicySchema>;

/** The window of a channel; null where none is declared. */
export function syncWindowOf({ syncWindows }: Pick<InventoryPolicy, 'syncWindows'>, connection: string): SyncWindow | null {
  return syncWindows[connection] ?? syncWindows['*'] ?? null;
}

/** Units of one SKU that a channel can sell in flight, at a lag; `Infinity` where its speed or its window is not declared. A channel that is behind sells for as long as it is. */
export function inFlightUnits(
  { oversell, ...policy }: Pick<InventoryPolicy, 'syncWindows' | 'oversell'>,
  connection: string,
  lagMs: number | null,
): number {
  const window = syncWindowOf(policy, connection);
  const perHour = oversell.mostPerHour[connection] ?? oversell.mostPerHour['*'];
  if (window === null || perHour === undefined || lagMs === null) return Infinity;
  return Math.ceil((perHour * Math.max(window.minutes * 60_000, lagMs)) / 3_600_000);
}
