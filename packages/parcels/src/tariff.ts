import { currencySchema } from '@quartermaster/domain';
import { z } from 'zod';
import { placeSchema } from './place.ts';
import { percentSchema, surchargeSchema } from './surcharge.ts';
import { weightRuleSchema } from './weight-rule.ts';

const dateSchema = z.iso.date();
const minorSchema = z.int().nonnegative();
const gramsSchema = z.int().positive();
/** Price by weight: the first band that holds the billable weight. Above the last one the service does not take the parcel. */
export const bandSchema = z.strictObject({ upToGrams: gramsSchema, minor: minorSchema });

const bandedSchema = z.strictObject({ bands: z.array(bandSchema).min(1) });
const linearSchema = z.strictObject({ baseMinor: minorSchema, perKgMinor: minorSchema });
const zoneTermsSchema = z.strictObject({ zone: z.string().min(1), transitDays: z.int().nonnegative().nullable().default(null) });

/** What one zone costs, by bands or by a base and a price per kilogram, and how many days it takes (null: not said). */
export const zonePriceSchema = z.union([zoneTermsSchema.extend(bandedSchema.shape), zoneTermsSchema.extend(linearSchema.shape)]);
export type ZonePrice = z.infer<typeof zonePriceSchema>;

const serviceFields = z.strictObject({
  id: z.string().min(1),
  name: z.string().min(1),
  /** The code that the carrier's API expects. */
  carrierService: z.string().min(1),
  /** Divisor of dimensional weight, cubic centimetres per kilogram: 5000 for most, 6000 for some. Absent: only the scales count. */
  divisorCm3PerKg: z.int().positive().optional(),
  /** Billable weight is rounded up to a multiple of this. */
  roundingGrams: gramsSchema.default(1),
  /** The heaviest shipment that the service takes, by actual weight. */
  maxGrams: gramsSchema,
  /** The heaviest parcel, when a shipment may have several. */
  parcelMaxGrams: gramsSchema.optional(),
  /** How weight is rounded and volume counts from a day on, by rising day; before the first of them by the two fields above. */
  weightRules: z.array(weightRuleSchema).min(1).optional(),
  /** Percent of the freight, and of the surcharges that bear fuel. */
  fuelPercent: percentSchema.optional(),
  /** The same from a day on, by rising day: fuel changes by week or month. */
  fuel: z
    .array(z.strictObject({ effectiveFrom: dateSchema, percent: percentSchema }))
    .min(1)
    .optional(),
  zones: z.array(z.strictObject({ id: z.string().min(1), from: placeSchema, to: placeSchema })).min(1),
  prices: z.array(zonePriceSchema).min(1),
  surcharges: z.array(surchargeSchema).default([]),
});

export const tariffServiceSchema = serviceFields.superRefine((service, context) => {
  const refuse = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
  const priced = new Set<string>();
  for (const [index, price] of service.prices.entries()) {
    if (priced.has(price.zone)) refuse(['prices', index, 'zone'], `zone ${price.zone} has a price already`);
    priced.add(price.zone);
    if (!('bands' in price)) continue;
    for (const [at, band] of price.bands.entries()) {
      const before = price.bands[at - 1];
      if (before !== undefined && band.upToGrams <= before.upToGrams)
        refuse(['prices', index, 'bands', at, 'upToGrams'], 'bands rise in weight');
    }
  }
  for (const list of ['weightRules', 'fuel'] as const) {
    const dated: readonly { readonly effectiveFrom: string }[] = service[list] ?? [];
    for (const [index, { effectiveFrom }] of dated.entries()) {
      if (effectiveFrom <= (dated[index - 1]?.effectiveFrom ?? '')) refuse([list, index, 'effectiveFrom'], 'days rise');
    }
  }
  for (const [index, zone] of service.zones.entries()) {
    if (!priced.has(zone.id)) refuse(['zones', index, 'id'], `zone ${zone.id} has no price`);
  }
});
export type TariffService = z.infer<typeof tariffServiceSchema>;

/** What a carrier charges in a period: `effectiveFrom` is the first day, `effectiveTo` the last. Amounts are whole minor units of `currency`, percentages decimal text. */
export const tariffSchema = z
  .strictObject({
    id: z.string().min(1),
    /** The carrier's name for people, such as `DHL`. */
    carrier: z.string().min(1),
    currency: currencySchema,
    effectiveFrom: dateSchema,
    effectiveTo: dateSchema.optional(),
    services: z.array(tariffServiceSchema).min(1),
  })
  .superRefine((tariff, context) => {
    if (tariff.effectiveTo !== undefined && tariff.effectiveTo < tariff.effectiveFrom)
      context.addIssue({ code: 'custom', path: ['effectiveTo'], message: 'a tariff does not end before it begins' });
    const ids = new Set<string>();
    for (const [index, service] of tariff.services.entries()) {
      if (ids.has(service.id))
        context.addIssue({ code: 'custom', path: ['services', index, 'id'], message: `service ${service.id} is there already` });
      ids.add(service.id);
    }
  });
export type Tariff = z.infer<typeof tariffSchema>;
/** A tariff as people write it, before defaults. */
export type TariffInput = z.input<typeof tariffSchema>;

/** Whether a tariff holds on a calendar date (`YYYY-MM-DD`). */
export function inEffect(tariff: Tariff, date: string): boolean {
  return tariff.effectiveFrom <= date && (tariff.effectiveTo === undefined || date <= tariff.effectiveTo);
}

/** The tariff of a date: of those that hold, the one that began last; of two that began together, the later in the list. Null when none holds. */
export function tariffOn(tariffs: readonly Tariff[], date: string): Tariff | null {
  return tariffs.reduce<Tariff | null>(
    (best, tariff) => (inEffect(tariff, date) && (best === null || tariff.effectiveFrom >= best.effectiveFrom) ? tariff : best),
    null,
  );
}

/** The service of that id. */
export function serviceOf(tariff: Tariff, id: string): TariffService | undefined {
  return tariff.services.find((service) => service.id === id);
}
