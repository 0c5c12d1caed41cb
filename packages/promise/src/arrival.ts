import { addDays } from '@quartermaster/domain';
import type { Calendar, Confidence } from './calendar.ts';
import { confidences } from './calendar.ts';
import { mostDaysAhead } from './dispatch.ts';
import { whyClosed } from './holidays.ts';
import type { PromiseStep } from './step.ts';

/** How long a carrier takes, in days that its calendar counts: one number, or those within which so many percent arrive. */
export type Transit = { readonly days: number } | { readonly percentiles: Readonly<Partial<Record<Confidence, number>>> };

/** On which days a carrier carries and delivers. */
export type TransitTerms = { readonly moves: Calendar; readonly delivers: Calendar };

/**
 * The days for a confidence: those of the next higher percentile that is known, since a promise is rather kept; and never fewer than a lower one has. Null where none is that sure.
 */
export function transitDaysFor(
  transit: Transit,
  confidence: Confidence,
): { readonly days: number; readonly confidence: Confidence | null } | null {
  if ('days' in transit) return { days: transit.days, confidence: null };
  const known = confidences.flatMap((percent) => {
    const days = transit.percentiles[percent];
    return days === undefined ? [] : [{ percent, days }];
  });
  const found = known.find(({ percent }) => percent >= confidence);
  if (found === undefined) return null;
  const lower = known.filter(({ percent }) => percent <= found.percent).map(({ days }) => days);
  return { days: Math.max(...lower), confidence: found.percent };
}

/** The day on which a parcel that leaves on `date` arrives after so many days under way; null where nothing is delivered for so long. */
export function arrivalAfter(
  { moves, delivers }: TransitTerms,
  date: string,
  days: number,
): { readonly date: string; readonly steps: readonly PromiseStep[] } | null {
  const steps: PromiseStep[] = [];
  let now = date;
  let counted = 0;
  for (let later = 0; later <= mostDaysAhead; later++) {
    if (counted === days) {
      const why = whyClosed(delivers, now);
      if (why === null) return { date: now, steps: [...steps, { kind: 'arrives', date: now }] };
      steps.push({ kind: 'not-delivered', date: now, why });
    }
    now = addDays(now, 1);
    if (counted === days) continue;
    const why = whyClosed(moves, now);
    if (why === null) steps.push({ kind: 'under-way', date: now, day: ++counted });
    else steps.push({ kind: 'rests', date: now, why });
  }
  return null;
}
