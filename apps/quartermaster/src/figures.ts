import { decimalOf, money } from '@quartermaster/domain';
import type { Choice, Comparison, Overview, Summary } from '@quartermaster/flows';

/** The figures of a day as one JSON object; money as decimal numbers of the plan's currency. `orders.exceptions` are the orders that an exception stops, `openExceptions` all that wait for a person. */
export function figuresOf(summary: Summary, seconds: number) {
  const { in: taken, shipped, partial, backordered, held, cancelled, exceptions, confirmed } = summary.orders;
  return {
    orders: { in: taken, shipped, partial, backordered, held, cancelled, exceptions, confirmed },
    cost: costOf(summary.plan, summary.currency),
    baseline: costOf(summary.baseline, summary.currency),
    gap: Math.round(summary.gap * 1e6) / 1e6,
    openExceptions: summary.exceptions.length,
    seconds: Math.round(seconds * 10) / 10,
  };
}

/** How many orders are where, and how much waits for a person, in the order in which people read it. Of the exceptions most stop no order: a parcel that left before its order was cancelled, say. */
export function orderCounts({ orders, exceptions }: Summary): readonly (readonly [label: string, count: number])[] {
  return [
    ['orders in', orders.in],
    ['on their way', orders.open],
    ['shipped', orders.shipped],
    ['partly shipped', orders.partial],
    ['backordered', orders.backordered],
    ['held', orders.held],
    ['cancelled', orders.cancelled],
    ['stopped by an exception', orders.exceptions],
    ['confirmed', orders.confirmed],
    ['exceptions', exceptions.length],
  ];
}

/** Orders by state and what waits for a person, in the order in which people read it. */
export function standing({ orders, openExceptions }: Overview): readonly (readonly [label: string, count: number])[] {
  const states = [
    ['open', 'wait for a wave'],
    ['held', 'held'],
    ['committed', 'on their way'],
    ['shipped', 'shipped'],
    ['cancelling', 'being cancelled'],
    ['cancelled', 'cancelled'],
  ] as const;
  const exceptions = openExceptions.reduce((sum, { count }) => sum + count, 0);
  return [...states.map(([state, label]) => [label, orders[state] ?? 0] as const), ['exceptions', exceptions]];
}

/** Plan and usual rule side by side, as text: what it is, ours, theirs, and how much less ours is. */
export function comparison(
  { plan, baseline }: Pick<Comparison, 'plan' | 'baseline'>,
  currency: string,
): readonly (readonly [what: string, ours: string, theirs: string, saved: string])[] {
  const amount = (minor: number) => decimalOf(money(minor, currency));
  const terms = ['shipping', 'labor', 'lateness', 'split', 'unfilled', 'total'] as const;
  const counts = [
    ['shipments', 'shipments'],
    ['split orders', 'splitOrders'],
    ['late orders', 'lateOrders'],
    ['unfilled lines', 'unfilledLines'],
  ] as const;
  return [
    ...terms.map(
      (term) => [term, amount(plan.cost[term]), amount(baseline.cost[term]), amount(baseline.cost[term] - plan.cost[term])] as const,
    ),
    ...counts.map(([label, key]) => [label, String(plan[key]), String(baseline[key]), String(baseline[key] - plan[key])] as const),
  ];
}

function costOf({ cost }: Choice, currency: string) {
  const amount = (minor: number) => Number(decimalOf(money(minor, currency)));
  return {
    total: amount(cost.total),
    shipping: amount(cost.shipping),
    labor: amount(cost.labor),
    lateness: amount(cost.lateness),
    split: amount(cost.split),
    unfilled: amount(cost.unfilled),
  };
}
