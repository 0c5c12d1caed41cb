import { decimalOf, money } from '@quartermaster/domain';
import { usualRules, type Choice, type Comparison, type Overview, type Summary, type UsualRule } from '@quartermaster/flows';

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

/** What plans are compared by: the terms of their cost, and what is counted. */
export const comparedTerms = ['shipping', 'labor', 'lateness', 'split', 'unfilled', 'total'] as const;
export const comparedCounts = [
  ['shipments', 'shipments'],
  ['split orders', 'splitOrders'],
  ['late orders', 'lateOrders'],
  ['unfilled lines', 'unfilledLines'],
] as const;

/** The heads of the columns of {@link comparison}: the last says beside which rule, and whether anything was really saved or would be. */
export function comparisonHeads(compared: Pick<Comparison, 'rules' | 'measured'>): readonly string[] {
  return [
    'Quartermaster',
    ...usualRules.map(ruleName),
    `${isDone(compared) ? 'saved' : 'would save'} against ${ruleName(bestRule(compared))}`,
  ];
}

/** What the comparison is of, in sentences for people: what of the plan was really done, and how near it is to the best one. */
export function comparisonWords(compared: Comparison): string {
  const { measured, gap } = compared;
  if (measured.by === 'nothing') return 'Sourcing only observes: nothing is decided, so there is nothing to compare.';
  const proven = `Proven: no other plan of ${measured.by === 'days' ? 'the waves' : 'that wave'} is more than ${(gap * 100).toFixed(2)} % cheaper.`;
  if (measured.by === 'last-wave')
    return `Sourcing is in shadow and nothing of this was done: it is what the plan and each rule would have made of the orders, stock and prices of the last wave, whatever people did. ${proven}`;
  const waits =
    measured.proposed === 0 ? '' : ` Shipments that wait for the word of a person count as if they had it: ${measured.proposed}.`;
  return `Of the waves of two days: ours as decided, each rule with a past of its own.${waits} ${proven}`;
}

/** Whether everything that counts as ours was really done. */
function isDone({ measured }: Pick<Comparison, 'measured'>): boolean {
  return measured.by === 'days' && measured.proposed === 0;
}

/** A usual rule as people read it. */
export function ruleName(rule: UsualRule): string {
  return rule.replace('-', ' ');
}

/** Plan and usual rules side by side, as text: what it is, ours, each rule's, and how much less ours is than that of the rule that costs least in all (below 0: more). */
export function comparison(
  { plan, rules }: Pick<Comparison, 'plan' | 'rules'>,
  currency: string,
): readonly (readonly [what: string, ...cells: string[]])[] {
  const amount = (minor: number) => decimalOf(money(minor, currency));
  const best = rules[bestRule({ rules })];
  const row = (what: string, of: (choice: Choice) => number, text: (value: number) => string) =>
    [what, text(of(plan)), ...usualRules.map((rule) => text(of(rules[rule]))), text(of(best) - of(plan))] as const;
  return [
    ...comparedTerms.map((term) => row(term, ({ cost }) => cost[term], amount)),
    ...comparedCounts.map(([label, key]) => row(label, (choice) => choice[key], String)),
  ];
}

/** The usual rule that costs least in all, the first of them where several do. */
export function bestRule({ rules }: Pick<Comparison, 'rules'>): UsualRule {
  return usualRules.reduce((best, rule) => (rules[rule].cost.total < rules[best].cost.total ? rule : best));
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
