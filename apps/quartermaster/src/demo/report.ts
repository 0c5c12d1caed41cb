import { decimalOf, money } from '@quartermaster/domain';
import type { Summary } from '@quartermaster/flows';
import { comparison, orderCounts } from '../figures.ts';
import { table } from '../output.ts';

/** The figures of a day for people, plan and usual rule side by side. */
export function reportText(summary: Summary, name: string): string {
  const { plan, baseline, currency, labels, exceptions, gap } = summary;
  const counts = orderCounts(summary).filter(([label, count]) => label !== 'on their way' || count > 0);
  const cheaper = baseline.cost.total === 0 ? 0 : ((baseline.cost.total - plan.cost.total) / baseline.cost.total) * 100;
  const spent = decimalOf(money(labels.spentMinor, currency));
  return [
    `\n${name}\n\n`,
    table(
      counts.map(([label, count]) => [label, String(count)]),
      new Set([1]),
    ),
    '\n',
    table([[`cost in ${currency}`, 'Quartermaster', 'nearest first', 'saved'], ...comparison(summary, currency)], new Set([1, 2, 3])),
    '\n',
    `The plan costs ${cheaper.toFixed(1)} % less than first come, first served from the nearest warehouse.\n`,
    `No other plan of its waves could have been more than ${(gap * 100).toFixed(2)} % cheaper: that is proven.\n`,
    `${labels.count} labels for ${spent} ${currency}, one per parcel. ${exceptions.length} exceptions wait for a person.\n`,
  ].join('');
}
