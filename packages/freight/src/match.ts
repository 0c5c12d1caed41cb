import { compareText, addDays, type Destination } from '@quartermaster/domain';
import type { Accrual } from './accrual.ts';
import type { InvoiceLine } from './invoice-line.ts';
import { normalReference, normalTrackingNumber } from './tracking-number.ts';

/** By what a line was found to be of a label: the strongest first. */
export type MatchedBy = 'tracking' | 'lead' | 'reference';

export type MatchedLine = { readonly line: InvoiceLine; readonly accrual: Accrual; readonly by: MatchedBy };

/** A line that is of no label that we know. `suggestions` are labels that it may be of, the likeliest first: a person decides. */
export type UnmatchedLine = {
  readonly line: InvoiceLine;
  /** `ambiguous`: its lead or reference is that of several labels. `no-parcel`: it has no tracking number and names none. */
  readonly because: 'unknown' | 'ambiguous' | 'no-parcel';
  readonly suggestions: readonly {
    readonly accrualId: string;
    readonly because: 'same-lead' | 'same-reference' | 'same-day-place-and-weight';
  }[];
};

export type Matching = { readonly matched: readonly MatchedLine[]; readonly unmatched: readonly UnmatchedLine[] };

/** A suggestion needs the weights this close, and the days at most one apart. */
const suggestedWithinGrams = 500;
const mostSuggestions = 3;

/**
 * Finds the label of every line: by tracking number, then by the number of its shipment, then by reference. Day, place and weight only suggest. A number that a carrier used again belongs to the
 * label that was bought last before the invoice. The order of neither list matters.
 */
export function matchLines(lines: readonly InvoiceLine[], accruals: readonly Accrual[]): Matching {
  const known = accruals.toSorted((a, b) => compareText(b.boughtOn, a.boughtOn) || compareText(a.id, b.id));
  const byTracking = indexOf(known, ({ trackingNumber }) => [normalTrackingNumber(trackingNumber)]);
  const byLead = indexOf(known, ({ leadTrackingNumber }) => [normalTrackingNumber(leadTrackingNumber ?? '')]);
  const byReference = indexOf(known, ({ references }) => references.map(normalReference));
  const sorted = lines.toSorted((a, b) => compareText(a.id, b.id));

  const matched: MatchedLine[] = [];
  const left: InvoiceLine[] = [];
  for (const line of sorted) {
    const accrual = [line.trackingNumber, ...line.trackingAliases]
      .flatMap((number) => boughtBefore(line, byTracking.get(number ?? '')))
      .at(0);
    if (accrual === undefined) left.push(line);
    else matched.push({ line, accrual, by: 'tracking' });
  }
  const underOwnNumber = new Set(matched.map(({ accrual }) => accrual.id));
  const unmatched: UnmatchedLine[] = [];
  const suggestionsFor = suggesting(known.filter(({ id }) => !underOwnNumber.has(id)));
  for (const line of left) {
    const found = foundByName(line, { byTracking, byLead, byReference }, underOwnNumber);
    if ('accrual' in found) matched.push(found);
    else if (found.suggestions.length > 0) unmatched.push({ line, because: 'ambiguous', suggestions: found.suggestions });
    else unmatched.push({ line, because: hasName(line) ? 'unknown' : 'no-parcel', suggestions: suggestionsFor(line) });
  }
  return { matched, unmatched };
}

type Index = ReadonlyMap<string, readonly Accrual[]>;
type Indexes = { readonly byTracking: Index; readonly byLead: Index; readonly byReference: Index };

function foundByName(
  line: InvoiceLine,
  { byTracking, byLead, byReference }: Indexes,
  underOwnNumber: ReadonlySet<string>,
): MatchedLine | Pick<UnmatchedLine, 'suggestions'> {
  const lead = line.leadTrackingNumber ?? '';
  const leading = boughtBefore(line, byTracking.get(lead)).at(0);
  if (leading !== undefined) return { line, accrual: leading, by: 'lead' };
  const followers = boughtBefore(line, byLead.get(lead));
  const [only] = followers;
  if (only !== undefined && followers.length === 1) return { line, accrual: only, by: 'lead' };

  // A parcel with another number under a label that was itself billed is not that label, whatever its reference says: somebody sent it beside us.
  const isOther = ({ id }: Accrual) => line.trackingNumber !== null && underOwnNumber.has(id);
  const referred = uniqueById(line.references.flatMap((reference) => boughtBefore(line, byReference.get(reference))));
  const [first] = referred;
  if (first !== undefined && referred.length === 1 && !isOther(first)) return { line, accrual: first, by: 'reference' };
  return {
    suggestions: [
      ...followers.map(({ id }) => ({ accrualId: id, because: 'same-lead' as const })),
      ...referred.map(({ id }) => ({ accrualId: id, because: 'same-reference' as const })),
    ],
  };
}

/** Suggests for one line after another. Lines of a parcel tell the same of it, so that each parcel is looked up once. */
function suggesting(accruals: readonly Accrual[]): (line: InvoiceLine) => UnmatchedLine['suggestions'] {
  const byPlaceAndDay = indexOf(accruals, ({ destination, boughtOn }) => [
    destination === null ? null : placeAndDay(destination, boughtOn),
  ]);
  const found = new Map<string, UnmatchedLine['suggestions']>();
  return ({ destination, shippedOn, enteredGrams, billedGrams }) => {
    const grams = enteredGrams ?? billedGrams;
    if (destination === null || shippedOn === null || grams === null) return [];
    const key = JSON.stringify([placeAndDay(destination, shippedOn), grams]);
    const suggestions = found.get(key) ?? nearest(byPlaceAndDay, destination, shippedOn, grams);
    found.set(key, suggestions);
    return suggestions;
  };
}

function nearest(
  byPlaceAndDay: Index,
  destination: Destination,
  shippedOn: string,
  grams: number,
): { readonly accrualId: string; readonly because: 'same-day-place-and-weight' }[] {
  return [0, -1, 1]
    .flatMap((days) => byPlaceAndDay.get(placeAndDay(destination, addDays(shippedOn, days))) ?? [])
    .map((accrual) => ({ accrual, isOtherDay: Number(accrual.boughtOn !== shippedOn), off: Math.abs(accrual.grams - grams) }))
    .filter(({ off }) => off <= suggestedWithinGrams)
    .sort((a, b) => a.isOtherDay - b.isOtherDay || a.off - b.off || compareText(a.accrual.id, b.accrual.id))
    .slice(0, mostSuggestions)
    .map(({ accrual }) => ({ accrualId: accrual.id, because: 'same-day-place-and-weight' }));
}

function placeAndDay({ country, postalArea }: Destination, day: string): string {
  return [country, postalArea, day].join(' ');
}

function hasName({ trackingNumber, leadTrackingNumber }: InvoiceLine): boolean {
  return trackingNumber !== null || leadTrackingNumber !== null;
}

/** Labels bought after the invoice cannot be on it. */
function boughtBefore({ invoiceDay }: InvoiceLine, accruals: readonly Accrual[] = []): readonly Accrual[] {
  return accruals.filter(({ boughtOn }) => boughtOn <= invoiceDay);
}

function uniqueById(accruals: readonly Accrual[]): readonly Accrual[] {
  return [...new Map(accruals.map((accrual) => [accrual.id, accrual])).values()];
}

function indexOf(accruals: readonly Accrual[], keysOf: (accrual: Accrual) => readonly (string | null)[]): Index {
  const index = new Map<string, Accrual[]>();
  for (const accrual of accruals) {
    for (const key of new Set(keysOf(accrual))) {
      if (key === null) continue;
      const there = index.get(key);
      if (there === undefined) index.set(key, [accrual]);
      else there.push(accrual);
    }
  }
  return index;
}
