import { moneyFromDecimal, type ChannelOrder, type ConnectionId } from '@quartermaster/domain';
import { z } from 'zod';
import { limitsSchema } from './limits.ts';
import { hasTag, fitsSku, skuPatternSchema, type SkuTags } from './sku-tags.ts';

const words = z.array(z.string().min(1)).min(1).optional();

/** Which orders a rule is about. All that is said must hold; of a list any. An empty condition is every order. */
export const orderConditionSchema = z.strictObject({
  channels: words,
  classes: z
    .array(z.enum(['consumer', 'business']))
    .min(1)
    .optional(),
  /** ISO 3166 codes of two letters of where it goes. */
  countries: z
    .array(z.string().regex(/^[A-Z]{2}$/, 'an ISO 3166 code of two capitals'))
    .min(1)
    .optional(),
  /** Services that the customer asked for. */
  services: words,
  /** Any product of the order is one of these. */
  skus: z.array(skuPatternSchema).min(1).optional(),
  /** Any product of the order is of one of these kinds. */
  tags: words,
  /** The order's total is at least this; in a currency that is not named, no order is. */
  totalFrom: limitsSchema.optional(),
});
export type OrderCondition = z.infer<typeof orderConditionSchema>;

/** What a condition is asked of. */
export type ConditionedOrder = { readonly channel: ConnectionId; readonly order: ChannelOrder; readonly tags: SkuTags };

export function isMeant(condition: OrderCondition, { channel, order, tags }: ConditionedOrder): boolean {
  const skus = order.lines.flatMap((line) => (line.sku === null || line.quantity === 0 ? [] : [line.sku]));
  const { channels, classes, countries, services, totalFrom } = condition;
  return (
    (channels === undefined || channels.includes(channel)) &&
    (classes === undefined || classes.includes(order.class)) &&
    (countries === undefined || (order.destination !== null && countries.includes(order.destination.country))) &&
    (services === undefined || (order.requestedService !== null && services.includes(order.requestedService))) &&
    (condition.skus === undefined || skus.some((sku) => fitsSku(condition.skus ?? [], sku))) &&
    (condition.tags === undefined || skus.some((sku) => hasTag(tags, condition.tags ?? [], sku))) &&
    (totalFrom === undefined || isFrom(order, totalFrom))
  );
}

function isFrom({ total }: ChannelOrder, limits: Readonly<Record<string, string>>): boolean {
  const limit = limits[total.currency];
  return limit !== undefined && total.minor >= moneyFromDecimal(limit, total.currency).minor;
}
