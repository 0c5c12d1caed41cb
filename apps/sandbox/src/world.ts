import {
  compareText,
  addressSchema,
  currencySchema,
  decimalSchema,
  fulfilmentNodeSchema,
  instantSchema,
  localMinute,
} from '@quartermaster/domain';
import { tariffSchema } from '@quartermaster/parcels';
import { z } from 'zod';

const minorSchema = z.int().nonnegative();
const unitsSchema = z.int().positive();

/** One line that a customer put in the basket. `sku` null is an item that the shop sells without one. Prices include tax exactly when the shop's do. */
export const worldLineSchema = z.strictObject({
  sku: z.string().min(1).nullable(),
  title: z.string().min(1),
  quantity: unitsSchema,
  unitPriceMinor: minorSchema,
});
export type WorldLine = z.infer<typeof worldLineSchema>;

/**
 * What was made wrong with an order on purpose, or is wrong with it in the records; null for the ordinary ones. An order of which the customer cancels or moves has no trouble of
 * its own: that is an event.
 */
export const troubles = [
  'payment-pending',
  'payment-late',
  'high-risk',
  'bad-address',
  'no-sku',
  'unknown-sku',
  'payment-mismatch',
  'no-lines',
] as const;
export type Trouble = (typeof troubles)[number];

/** An order as its customer places it in a shop. `id` is the world's own; the shop gives another one. */
export const worldOrderSchema = z.strictObject({
  id: z.string().min(1),
  class: z.enum(['consumer', 'business']),
  purchaseOrderNumber: z.string().nullable(),
  /** Code of the delivery that the customer chose, a key of the policy's `promiseDays`. */
  service: z.string().min(1),
  email: z.string(),
  shipTo: addressSchema.nullable(),
  lines: z.array(worldLineSchema),
  shippingMinor: minorSchema,
  /** Tax rate of lines and shipping in percent. */
  taxPercent: z.int().nonnegative(),
  /** What the shop charges: lines, shipping and, unless included, tax; never less, and more only where something else was charged too. */
  totalMinor: minorSchema,
  /** What was paid of it; less than the total only where the trouble says so. */
  securedMinor: minorSchema,
  risk: z.enum(['low', 'high']),
  trouble: z.enum(troubles).nullable(),
});
export type WorldOrder = z.infer<typeof worldOrderSchema>;

const eventHead = { at: instantSchema, id: z.string().min(1) };
const ofOrder = { shop: z.string().min(1), order: z.string().min(1) };

/** Something that happens outside of us: in a shop or, a goods receipt, at a warehouse. */
export const worldEventSchema = z.discriminatedUnion('kind', [
  z.strictObject({ ...eventHead, kind: z.literal('order'), shop: z.string().min(1), order: worldOrderSchema }),
  z.strictObject({ ...eventHead, kind: z.literal('cancel'), ...ofOrder }),
  z.strictObject({ ...eventHead, kind: z.literal('address'), ...ofOrder, shipTo: addressSchema }),
  z.strictObject({ ...eventHead, kind: z.literal('paid'), ...ofOrder }),
  z.strictObject({ ...eventHead, kind: z.literal('receipt'), sku: z.string().min(1), node: z.string().min(1), units: unitsSchema }),
]);
export type WorldEvent = z.infer<typeof worldEventSchema>;
export type OrderEvent = Extract<WorldEvent, { kind: 'order' }>;

export const worldProductSchema = z.strictObject({
  sku: z.string().min(1),
  title: z.string().min(1),
  grams: unitsSchema,
  millilitres: unitsSchema,
  priceMinor: minorSchema,
  /** The shops sell it and the ERP has never heard of it. */
  unknownToErp: z.boolean(),
});
export type WorldProduct = z.infer<typeof worldProductSchema>;

/**
 * A day to play, as JSON: the warehouses with their stock, the shops, the carriers' prices, and everything that happens, sorted by time and then id. `waves` are the moments at
 * which open orders are sourced and released; `policy` has the words and units of the flows' sourcing settings.
 */
export const worldSchema = z.strictObject({
  format: z.literal('quartermaster/world@1'),
  name: z.string().min(1),
  /** IANA zone in which the day and its waves are meant. */
  zone: z.string().min(1),
  date: z.iso.date(),
  currency: currencySchema,
  startsAt: instantSchema,
  endsAt: instantSchema,
  waves: z.array(instantSchema),
  nodes: z.array(fulfilmentNodeSchema).min(1),
  products: z.array(worldProductSchema),
  stock: z.array(z.strictObject({ sku: z.string(), node: z.string(), units: unitsSchema })),
  shops: z
    .array(
      z.strictObject({
        connection: z.string().min(1),
        /** Host name of the shop. */
        shop: z.string().min(1),
        class: z.enum(['consumer', 'business']),
        taxesIncluded: z.boolean(),
        /** Weight of the shop when available stock is shared out. */
        share: z.number().positive(),
        /** One location per node, by name. */
        locations: z.array(z.strictObject({ node: z.string(), name: z.string() })).min(1),
      }),
    )
    .min(1),
  /** `easypost` is asked over HTTP and quotes from its tariff; the others only have their tables. */
  carriers: z.array(z.strictObject({ connection: z.string().min(1), name: z.string().min(1), tariff: tariffSchema })).min(1),
  policy: z.strictObject({
    promiseDays: z.record(z.string(), z.int().nonnegative()),
    servicesFor: z.record(z.string(), z.array(z.string()).min(1)),
    lateCostPerDay: decimalSchema,
    splitCost: decimalSchema,
    unfilledPercentOfPrice: z.number().nonnegative(),
    unfilledAtLeast: decimalSchema,
  }),
  /** What is known of the sources and was left as it was, for people. */
  notes: z.array(z.string()),
  events: z.array(worldEventSchema),
});
export type World = z.infer<typeof worldSchema>;
export type WorldShop = World['shops'][number];
export type WorldStock = World['stock'][number];

/** The waves as local times `HH:MM` of every day, each once and sorted: what the flows' settings want. */
export function waveTimes(world: Pick<World, 'waves' | 'zone'>): string[] {
  const times = world.waves.map((wave) => {
    const minute = localMinute(wave, world.zone);
    return `${twoDigits(Math.floor(minute / 60))}:${twoDigits(minute % 60)}`;
  });
  return [...new Set(times)].sort();
}

/** Events in the one order of a world: by time, then by id. */
export function sortedEvents(events: readonly WorldEvent[]): WorldEvent[] {
  return [...events].sort((a, b) => compareText(a.at, b.at) || compareText(a.id, b.id));
}

/** What a basket comes to: lines and shipping, and the tax of each where prices do not include it. */
export function orderTotalMinor(order: Pick<WorldOrder, 'lines' | 'shippingMinor' | 'taxPercent'>, taxesIncluded: boolean): number {
  const amounts = [...order.lines.map((line) => line.unitPriceMinor * line.quantity), order.shippingMinor];
  return amounts.reduce((sum, amount) => sum + amount + (taxesIncluded ? 0 : taxMinor(amount, order.taxPercent, false)), 0);
}

/** The tax in an amount that includes it, or on one that does not; rounded half up. */
export function taxMinor(amountMinor: number, taxPercent: number, included: boolean): number {
  return Math.round((amountMinor * taxPercent) / (included ? 100 + taxPercent : 100));
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
