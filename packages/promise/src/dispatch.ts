import { addDays, dayOfWeek, epochMs, instantAt, localDate, type Instant } from '@quartermaster/domain';
import type { Calendar, WarehouseCalendar } from './calendar.ts';
import { whyClosed } from './holidays.ts';
import type { PromiseStep } from './step.ts';

/** What decides on which day something leaves a warehouse. */
export type DispatchTerms = {
  /** IANA zone of the warehouse. */
  readonly zone: string;
  /** `cutoff` is a local time `HH:MM`. */
  readonly warehouse: { readonly calendar: Pick<WarehouseCalendar, keyof Calendar> & Partial<WarehouseCalendar>; readonly cutoff: string };
  readonly carrier: { readonly pickup: Calendar; readonly cutoff: string | null };
  /** Local times of every day at which orders are released, where they wait for that. An order leaves with the last one that is not after the cutoffs. */
  readonly waves: { readonly times: readonly string[]; readonly zone: string } | null;
};

/** Who sets the cutoff of a day. */
export type CutoffBy = 'warehouse' | 'carrier' | 'wave';

/** When a day closes: an order before that instant still leaves on it, and one at that instant does not. */
export type Closing =
  | { readonly kind: 'open'; readonly at: Instant; readonly by: CutoffBy }
  | { readonly kind: 'closed'; readonly by: CutoffBy; readonly why: string };

export type Dispatch = { readonly date: string; readonly closesAt: Instant; readonly by: CutoffBy; readonly steps: readonly PromiseStep[] };

/** So many days ahead a day is looked for: whatever is closed for longer promises nothing. */
export const mostDaysAhead = 400;

/** The cutoff of a local date: the earliest of the warehouse's, the carrier's and the last wave that both leave room for. */
export function closingOf({ zone, warehouse, carrier, waves }: DispatchTerms, date: string): Closing {
  const shut = whyClosed(warehouse.calendar, date);
  if (shut !== null) return { kind: 'closed', by: 'warehouse', why: shut };
  const unfetched = whyClosed(carrier.pickup, date);
  if (unfetched !== null) return { kind: 'closed', by: 'carrier', why: unfetched };
  const own = instantAt(date, cutoffOn(warehouse, date), zone);
  const fetched = carrier.cutoff === null ? null : instantAt(date, carrier.cutoff, zone);
  const [limit, by]: [Instant, CutoffBy] = fetched !== null && fetched < own ? [fetched, 'carrier'] : [own, 'warehouse'];
  // Whole days were left out where a zone crossed the date line.
  if (localDate(limit, zone) !== date) return { kind: 'closed', by, why: 'the day does not exist there' };
  if (waves === null || waves.times.length === 0) return { kind: 'open', at: limit, by };
  const last = lastWave(waves, limit);
  if (last === null || localDate(last, zone) !== date) return { kind: 'closed', by: 'wave', why: 'no wave before the cutoff' };
  return last < limit ? { kind: 'open', at: last, by: 'wave' } : { kind: 'open', at: limit, by };
}

/** On which day an order of that moment leaves, and until when others do; null where nothing leaves for so long. */
export function dispatchAt(terms: DispatchTerms, at: Instant): Dispatch | null {
  const steps: PromiseStep[] = [];
  const today = localDate(at, terms.zone);
  for (let later = 0; later <= mostDaysAhead; later++) {
    const date = addDays(today, later);
    const closing = closingOf(terms, date);
    if (closing.kind === 'closed') {
      steps.push({ kind: 'skipped', date, by: closing.by, why: closing.why });
      continue;
    }
    const isMet = epochMs(at) < epochMs(closing.at);
    steps.push({ kind: 'cutoff', date, by: closing.by, closesAt: closing.at, isMet });
    if (isMet) return { date, closesAt: closing.at, by: closing.by, steps };
  }
  return null;
}

function cutoffOn({ calendar, cutoff }: DispatchTerms['warehouse'], date: string): string {
  const weekday = weekdays[dayOfWeek(date) - 1];
  return (weekday === undefined ? undefined : calendar.cutoffOn?.[weekday]) ?? cutoff;
}

const weekdays = ['1', '2', '3', '4', '5', '6', '7'] as const;

/** The last wave at the limit or before it, of that day or the one before it. */
function lastWave({ times, zone }: NonNullable<DispatchTerms['waves']>, limit: Instant): Instant | null {
  const day = localDate(limit, zone);
  const waves = [addDays(day, -1), day].flatMap((date) => times.map((time) => instantAt(date, time, zone)));
  return (
    waves
      .filter((wave) => wave <= limit)
      .toSorted()
      .at(-1) ?? null
  );
}
