import { decimalOf, money } from '@quartermaster/domain';
import type { Summary } from '@quartermaster/flows';
import { bestRule, comparison, comparisonHeads, orderCounts } from '../figures.ts';
import { table } from '../output.ts';

/** The figures of a day for people, plan and usual rule side by side. */
export function reportText(summary: Summary, name: string): string {
  const { plan, baseline, rules, currency, labels, exceptions, gap } = summary;
  const best = bestRule(summary);
  const lessThan = (rule: Summary['baseline']) =>
    rule.cost.total === 0 ? 0 : ((rule.cost.total - plan.cost.total) / rule.cost.total) * 100;
  const counts = orderCounts(summary).filter(([label, count]) => label !== 'on their way' || count > 0);
  const spent = decimalOf(money(labels.spentMinor, currency));
  return [
    `\n${name}\n\n`,
    table(
      counts.map(([label, count]) => [label, String(count)]),
      new Set([1]),
    ),
    '\n',
    table(
      [[`cost in ${currency}`, ...comparisonHeads], ...comparison(summary, currency)],
      new Set(comparisonHeads.map((_, index) => index + 1)),
    ),
    '\n',
    `The plan costs ${lessThan(baseline).toFixed(1)} % less than first come, first served from the nearest warehouse, and ${lessThan(rules[best]).toFixed(1)} % less than the best of the usual rules (${best.replace('-', ' ')}).\n`,
    `No other plan of its waves could have been more than ${(gap * 100).toFixed(2)} % cheaper: that is proven.\n`,
    `${labels.count} labels for ${spent} ${currency}, one per parcel. ${exceptions.length} exceptions wait for a person.\n`,
  ].join('');
}
