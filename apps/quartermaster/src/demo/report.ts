import { decimalOf, money } from '@quartermaster/domain';
import type { Choice, Summary } from '@quartermaster/flows';
import { table } from '../output.ts';

/** The figures of a day as one JSON object; money as decimal numbers of the plan's currency. */
export function figuresOf(summary: Summary, seconds: number) {
  const { in: taken, shipped, partial, backordered, held, cancelled, exceptions, confirmed } = summary.orders;
  return {
    orders: { in: taken, shipped, partial, backordered, held, cancelled, exceptions, confirmed },
    cost: costOf(summary.plan, summary.currency),
    baseline: costOf(summary.baseline, summary.currency),
    gap: Math.round(summary.gap * 1e6) / 1e6,
    seconds: Math.round(seconds * 10) / 10,
  };
}

/** The figures of a day for people, plan and usual rule side by side. */
export function reportText(summary: Summary, name: string): string {
  const { orders, plan, baseline, currency, labels } = summary;
  const amount = (minor: number) => decimalOf(money(minor, currency));
  const terms = ['shipping', 'labor', 'lateness', 'split', 'unfilled', 'total'] as const;
  const rows = [
    [`cost in ${currency}`, 'Quartermaster', 'nearest first', 'saved'],
    ...terms.map((term) => [term, amount(plan.cost[term]), amount(baseline.cost[term]), amount(baseline.cost[term] - plan.cost[term])]),
    ['shipments', String(plan.shipments), String(baseline.shipments), String(baseline.shipments - plan.shipments)],
    ['split orders', String(plan.splitOrders), String(baseline.splitOrders), String(baseline.splitOrders - plan.splitOrders)],
    ['late orders', String(plan.lateOrders), String(baseline.lateOrders), String(baseline.lateOrders - plan.lateOrders)],
    ['unfilled lines', String(plan.unfilledLines), String(baseline.unfilledLines), String(baseline.unfilledLines - plan.unfilledLines)],
  ];
  const counted = [
    ['orders in', orders.in],
    ['shipped', orders.shipped],
    ['partly shipped', orders.partial],
    ['backordered', orders.backordered],
    ['held', orders.held],
    ['cancelled', orders.cancelled],
    ['exceptions', orders.exceptions],
    ...(orders.open === 0 ? [] : [['still on their way', orders.open] as const]),
    ['confirmed to the channel', orders.confirmed],
  ] as const;
  const better = baseline.cost.total === 0 ? 0 : ((baseline.cost.total - plan.cost.total) / baseline.cost.total) * 100;
  return [
    `\n${name}\n\n`,
    table(
      counted.map(([label, count]) => [label, String(count)]),
      new Set([1]),
    ),
    '\n',
    table(rows, new Set([1, 2, 3])),
    '\n',
    `The plan costs ${better.toFixed(1)} % less than first come, first served from the nearest warehouse,\n`,
    `and no plan could have cost more than ${(summary.gap * 100).toFixed(2)} % less than it: that is proven.\n`,
    `${labels.count} labels for ${amount(labels.spentMinor)} ${currency}, one per parcel. ${summary.exceptions.length} exceptions wait for a person.\n`,
  ].join('');
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
