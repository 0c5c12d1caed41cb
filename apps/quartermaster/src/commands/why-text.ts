import { decimalOf, money } from '@quartermaster/domain';
import {
  sideBySide,
  type DayPrices,
  type DayRulePrices,
  type DayRun,
  type FillRate,
  type SimulatedDay,
  type WhyNot,
} from '@quartermaster/flows';
import { table } from '../output.ts';
import { comparedCounts, comparedTerms } from '../figures.ts';

/** How many rows of a long list people are shown; `--json` has them all. */
const mostShown = 20;

export function whyNotText(told: WhyNot): string {
  if (told.kind === 'impossible') return `${told.node} for ${told.order}: impossible: ${told.why}\n`;
  const { currency, totalMinor, ownMinor, changeMinor, ownChangeMinor, othersChangeMinor, moved, shipments, method, gap, words, decision } =
    told;
  const amount = (minor: number) => decimalOf(money(minor, currency));
  return [
    `${decision} decided again with ${shipments.map(({ node, service, lines }) => `${node} by ${service} (${lines.length} lines)`).join(' and ')}\n`,
    table(
      [
        [currency, 'as it was', 'forced', 'change'],
        ['all orders', amount(totalMinor.before), amount(totalMinor.after), amount(changeMinor)],
        ['the order itself', amount(ownMinor.before), amount(ownMinor.after), amount(ownChangeMinor)],
        ['all others', amount(totalMinor.before - ownMinor.before), amount(totalMinor.after - ownMinor.after), amount(othersChangeMinor)],
      ],
      new Set([1, 2, 3]),
    ),
    ...moved
      .slice(0, mostShown)
      .map(({ order, before, after, ownChange }) => `moved: ${order}: ${wayText(before)} -> ${wayText(after)}, ${ownChange.toFixed(2)}\n`),
    ...more(moved.length, 'orders move'),
    `${words}\nDecided ${method}, at most ${(gap * 100).toFixed(3)} % above the best plan with this choice.\n`,
  ].join('');
}

export function dayPricesText({ waves, cutoffs, day }: DayPrices): string {
  return [
    ...waves.flatMap(({ decision, currency, minutes, units, shipments }) => [
      `${decision}, ${currency}\n`,
      table(
        [
          ['node', 'a minute costs', 'one more is worth', 'an hour is worth'],
          ...minutes.map(({ node, rate, worth, perHour }) => [node, rate.toFixed(2), worth.toFixed(2), perHour.toFixed(2)]),
        ],
        new Set([1, 2, 3]),
      ),
      ...units
        .slice(0, mostShown)
        .map(
          ({ node, sku, channel, worth, used, limit }) =>
            `${sku} at ${node}${channel === null ? '' : ` kept for ${channel}`}: a unit more is worth ${worth.toFixed(2)} (${used} of ${limit} used)\n`,
        ),
      ...more(units.length, 'scarce units'),
      ...shipments.map(({ node, service, worth }) => `${service} at ${node}: a shipment more is worth ${worth.toFixed(2)}\n`),
      '\n',
    ]),
    `An hour of later cutoff on ${day}\n`,
    ...cutoffs.map(
      ({ node, cutoff, later, savedMinor }) =>
        `  ${node}: ${cutoff} to ${later} saves ${decimalOf(money(savedMinor, waves[0]?.currency ?? 'EUR'))}\n`,
    ),
  ].join('');
}

export function rulePricesText({ day, currency, totalMinor, rules }: DayRulePrices): string {
  if (rules.length === 0) return `the policy of ${day} has no rule that says what may not be\n`;
  const amount = (minor: number) => decimalOf(money(minor, currency));
  return `${day}, ${amount(totalMinor)} ${currency} in all\n${table(
    [
      ['rule', 'costs', 'orders changed', 'lines unfilled by it', 'it says'],
      ...rules.map(({ rule, words, costMinor, changedOrders, linesKept }) => [
        rule,
        amount(costMinor),
        String(changedOrders),
        String(linesKept),
        words,
      ]),
    ],
    new Set([1, 2, 3]),
  )}`;
}

export function fillRateText({ day, policy, lines, filled, rate, unfilled, byService }: FillRate): string {
  return [
    `${day} under ${policy.name} (${policy.hash.slice(0, 12)}): ${filled} of ${lines} lines filled, ${(rate * 100).toFixed(2)} %\n`,
    table(
      [
        ['laid to', 'because', 'lines'],
        ...unfilled.map((each) => [each.blame, [each.reason, ...each.rules].join(', '), String(each.lines)]),
      ],
      new Set([2]),
    ),
    ...unfilled.slice(0, mostShown).map(({ example }) => `  ${example}\n`),
    table(
      [
        ['service asked for', 'lines', 'filled', '%'],
        ...byService.map((each) => [each.service, String(each.lines), String(each.filled), (each.rate * 100).toFixed(2)]),
      ],
      new Set([1, 2, 3]),
    ),
  ].join('');
}

export function simulationText(simulated: SimulatedDay, seconds: number): string {
  const { day, currency, changedOrders, notTried } = simulated;
  const runs = sideBySide(simulated);
  const row = (what: string, of: (run: DayRun) => string) => [what, ...runs.map(({ run }) => of(run))];
  return [
    `${day}: ${simulated.policy.name} (${simulated.policy.hash.slice(0, 12)}) beside ${simulated.recordedPolicy.name} (${simulated.recordedPolicy.hash.slice(0, 12)})\n`,
    table(
      [
        [currency, ...runs.map(({ name }) => name)],
        ...comparedTerms.map((term) => row(term, ({ choice }) => decimalOf(money(choice.cost[term], currency)))),
        ...comparedCounts.map(([label, key]) => row(label, ({ choice }) => String(choice[key]))),
        row('proven gap', ({ gap }) => (gap === null ? '-' : `${(gap * 100).toFixed(2)} %`)),
      ],
      new Set(runs.map((_, index) => index + 1)),
    ),
    `${changedOrders} orders would have been served otherwise. ${seconds.toFixed(1)} s; nothing was written.\n`,
    ...notTried.map((each) => `not tried: ${each}\n`),
  ].join('');
}

function wayText(shipments: readonly { readonly node: string; readonly service: string }[]): string {
  return shipments.length === 0 ? 'waits' : shipments.map(({ node, service }) => `${node} by ${service}`).join(' and ');
}

function more(count: number, what: string): string[] {
  return count > mostShown ? [`and ${count - mostShown} more ${what}\n`] : [];
}
