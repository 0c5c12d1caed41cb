import { decimalOf, money } from '@quartermaster/domain';
import type { Choice, Summary } from '@quartermaster/flows';
import { bestRule, comparison, comparisonHeads, comparisonWords, orderCounts, ruleName } from '../figures.ts';
import { table } from '../output.ts';

/** The figures of a day for people, plan and usual rule side by side. */
export function reportText(summary: Summary, name: string): string {
  const { currency, labels, exceptions, measured } = summary;
  const counts = orderCounts(summary).filter(([label, count]) => label !== 'on their way' || count > 0);
  const spent = decimalOf(money(labels.spentMinor, currency));
  return [
    `\n${name}\n\n`,
    table(
      counts.map(([label, count]) => [label, String(count)]),
      new Set([1]),
    ),
    '\n',
    ...(measured.by === 'nothing' ? [] : [comparedText(summary)]),
    `${comparisonWords(summary)}\n`,
    `${labels.count} labels for ${spent} ${currency}, one per parcel. ${exceptions.length} exceptions wait for a person.\n`,
  ].join('');
}

function comparedText(summary: Summary): string {
  const { plan, baseline, rules, currency, measured } = summary;
  const heads = comparisonHeads(summary);
  const best = bestRule(summary);
  const beside = ({ cost }: Choice) => {
    const share = cost.total === 0 ? 0 : ((cost.total - plan.cost.total) / cost.total) * 100;
    return `${Math.abs(share).toFixed(1)} % ${share < 0 ? 'more' : 'less'} than`;
  };
  const costs = measured.by === 'days' && measured.proposed === 0 ? 'costs' : 'would cost';
  return [
    table([[`cost in ${currency}`, ...heads], ...comparison(summary, currency)], new Set(heads.map((_, index) => index + 1))),
    '\n',
    `The plan ${costs} ${beside(baseline)} first come, first served from the nearest warehouse, and ${beside(rules[best])} the best of the usual rules (${ruleName(best)}).\n`,
  ].join('');
}
