import { formatMoney, type Address, type ChannelOrder, type Person } from '@quartermaster/domain';
import { z } from 'zod';
import { limitOf, limitsSchema } from './limits.ts';
import { before, type PastOrder } from './past-order.ts';

/** Own rules against fraud, beside what the channel says. */
export const fraudRulesSchema = z
  .strictObject({
    /** Of one person, or to one address, at most so many orders within so many minutes; the next one is held. */
    mostOrders: z
      .strictObject({ orders: z.int().positive(), withinMinutes: z.int().positive().max(10_080) })
      .nullable()
      .default(null),
    /** Orders above this value whose goods go to another country, or to another address at all, than the bill; where a currency is not named, of any value. */
    shipToUnlikeBillTo: z
      .strictObject({ compare: z.enum(['country', 'address']), above: limitsSchema.default({}) })
      .nullable()
      .default(null),
    /** Orders above this value, whoever orders. */
    valueAbove: limitsSchema.default({}),
  })
  .prefault({});
export type FraudRules = z.infer<typeof fraudRulesSchema>;

export type SuspectOrder = {
  readonly key: string;
  readonly order: ChannelOrder;
  readonly person: Person;
  readonly others: readonly PastOrder[];
};

/** What our own rules find, one phrase each; no phrase tells an address or a person. */
export function fraudProblems(given: SuspectOrder, rules: FraudRules): string[] {
  return [...velocity(given, rules), ...unlikeAddresses(given, rules), ...highValue(given.order, rules)];
}

function velocity({ key, order, others }: SuspectOrder, { mostOrders }: FraudRules): string[] {
  if (mostOrders === null) return [];
  const { orders, withinMinutes } = mostOrders;
  const count = before(others, { key, placedAt: order.placedAt }, withinMinutes).length + 1;
  return count <= orders ? [] : [`${count} orders of one person within ${withinMinutes} minutes, more than ${orders}`];
}

function unlikeAddresses({ order, person: { shipTo, billTo } }: SuspectOrder, { shipToUnlikeBillTo: rule }: FraudRules): string[] {
  if (rule === null || shipTo === null || billTo === null) return [];
  const above = limitOf(rule.above, order.total.currency);
  if (above !== null && order.total.minor <= above.minor) return [];
  const [ship, bill] = [shipTo, billTo].map((address) => address.country.trim().toUpperCase());
  if (ship !== bill) return [`the goods go to ${ship}, the bill to ${bill}`];
  return rule.compare === 'address' && plain(shipTo) !== plain(billTo) ? ['the goods go to another address than the bill'] : [];
}

function highValue({ total }: ChannelOrder, { valueAbove }: FraudRules): string[] {
  const limit = limitOf(valueAbove, total.currency);
  return limit === null || total.minor <= limit.minor ? [] : [`worth more than ${formatMoney(limit)}: ${formatMoney(total)}`];
}

/** An address without what people write differently: case, spaces, punctuation. */
function plain({ lines, postalCode, city }: Address): string {
  return [...lines, postalCode, city]
    .join('')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');
}
