import type { ChannelOrder, ConnectionId, NodeId, Sku } from '@quartermaster/domain';
import { fitsSku, hasTag, isMeant, type OrderCondition } from '@quartermaster/fulfilment';
import type { FlowSettings } from '../settings.ts';
import type { PriorityRule, SplitRule } from './allocation-rules.ts';

type Ordered = { readonly channel: ConnectionId; readonly order: ChannelOrder };

/** The rule that gives an order its priority; null: none does. `promiseDay` counts from today. */
export function priorityOf(settings: FlowSettings, given: Ordered, promiseDay: number): PriorityRule | null {
  return (
    settings.priorities.find(
      (rule) => means(settings, rule.if, given) && (rule.promisedWithinDays === undefined || promiseDay <= rule.promisedWithinDays),
    ) ?? null
  );
}

/** The rule by which an order is divided; null: it may be as it costs. */
export function splitRuleOf(settings: FlowSettings, given: Ordered): SplitRule | null {
  return settings.splits.find((rule) => means(settings, rule.if, given)) ?? null;
}

/** The nodes that may ship a product of an order, in the order of the settings; null: all. */
export function eligibleNodes(settings: FlowSettings, given: Ordered, sku: Sku | null): NodeId[] | null {
  const rules = settings.eligibility.filter((rule) => isAbout(settings, rule.if, sku) && means(settings, withoutGoods(rule.if), given));
  if (rules.length === 0) return null;
  return settings.nodes
    .map(({ id }) => id)
    .filter((id) => rules.every(({ allow, forbid }) => allow?.includes(id) !== false && forbid?.includes(id) !== true));
}

/** Whether a condition speaks of this product; `null` asks of the order as a whole, of which conditions without products speak. */
function isAbout({ skuTags }: FlowSettings, { skus, tags }: OrderCondition, sku: Sku | null): boolean {
  const isOfAll = skus === undefined && tags === undefined;
  if (sku === null) return isOfAll;
  return !isOfAll && (skus === undefined || fitsSku(skus, sku)) && (tags === undefined || hasTag(skuTags, tags, sku));
}

function withoutGoods({ skus: _skus, tags: _tags, ...rest }: OrderCondition): OrderCondition {
  return rest;
}

function means(settings: FlowSettings, condition: OrderCondition, { channel, order }: Ordered): boolean {
  return isMeant(condition, { channel, order, tags: settings.skuTags });
}
