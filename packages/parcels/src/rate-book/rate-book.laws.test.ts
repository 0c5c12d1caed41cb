import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { importRateBook, priceParcel, tariffSchema, zoneOf } from '../index.ts';
import { placeHolds, specificity } from '../place.ts';
import { destinations, places, tariffs } from '../testing/arbitrary-tariff.ts';
import { writtenBook } from '../testing/written-book.ts';

const styles = fc.record({
  delimiter: fc.constantFrom(',' as const, ';' as const, '\t' as const),
  newline: fc.constantFrom('\n' as const, '\r\n' as const),
});

test('a tariff that is written as CSV, however it is separated, is the same when it is read again', () => {
  fc.assert(
    fc.property(tariffs, styles, (tariff, style) => {
      const { services: _services, ...head } = tariff;
      const book = importRateBook({ ...head, units: 'metric' }, writtenBook(tariff, style));
      // What is undefined is not there, as in JSON.
      expect(book).toEqual({ kind: 'read', tariff: tariffSchema.parse(JSON.parse(JSON.stringify(tariff))) });
    }),
    { numRuns: 300 },
  );
});

test('a book with a cell that is no number is refused, and the row told, wherever it stands', () => {
  fc.assert(
    fc.property(tariffs, styles, fc.nat(), (tariff, style, chance) => {
      const { services: _services, ...head } = tariff;
      const files = writtenBook(tariff, style);
      const rows = files.rates.text.split(style.newline);
      const at = 1 + (chance % (rows.length - 2));
      // A name of two lines makes rows of two lines; only whole rows are spoilt.
      fc.pre(!files.rates.text.includes('"'));
      const prices = rows[0]?.split(style.delimiter).indexOf('price') ?? 0;
      rows[at] = (rows[at] ?? '').split(style.delimiter).with(prices, 'x').join(style.delimiter);
      const spoilt = importRateBook({ ...head, units: 'metric' }, { ...files, rates: { ...files.rates, text: rows.join(style.newline) } });
      expect(spoilt).toMatchObject({ kind: 'refused' });
      const problems = spoilt.kind === 'refused' ? spoilt.problems : [];
      expect(problems).toContainEqual({ file: 'rates.csv', row: at + 1, field: 'price', reason: 'not a number: "x"' });
    }),
  );
});

/** Ranges of one country alone overlap most of the time. */
const overlapping = fc
  .tuple(fc.nat(9), fc.nat(9))
  .map(([one, other]) => ({ country: 'DE', postalFrom: String(Math.min(one, other)), postalTo: String(Math.max(one, other)) }));
const entries = fc.oneof(
  fc.array(fc.tuple(places, places), { maxLength: 40 }),
  fc.array(fc.tuple(fc.constantFrom('*' as const, { country: 'DE' }), overlapping), { maxLength: 12 }),
);
const ends = fc.oneof(
  destinations,
  fc.nat(9).map((digit) => ({ country: 'DE', region: null, postalArea: String(digit) })),
);

test('the zone that the index finds is the one that looking at every entry finds', () => {
  const zones = entries.map((ways) => ways.map(([from, to], at) => ({ id: String(at), from, to })));
  fc.assert(
    fc.property(zones, ends, ends, (all, from, to) => {
      const scanned = all
        .filter((entry) => placeHolds(entry.from, from) && placeHolds(entry.to, to))
        .toSorted((a, b) => specificity(b.to) - specificity(a.to) || specificity(b.from) - specificity(a.from));
      expect(zoneOf({ zones: all }, from, to)).toBe(scanned[0]?.id ?? null);
    }),
    { numRuns: 3_000 },
  );
});

test('charges of a book add up to the cent, and fuel is on the freight and what bears it', () => {
  const parcels = fc.record({ grams: fc.integer({ min: 1, max: 60_000 }), millimetres: fc.option(fc.tuple(side, side, side)) });
  fc.assert(
    fc.property(tariffs, destinations, destinations, parcels, (tariff, from, to, parcel) => {
      for (const { id } of tariff.services) {
        const price = priceParcel(tariff, id, { from, to, parcel, date: '2025-06-30' });
        if (price.kind === 'not-served') continue;
        expect(price.charges.every(({ amount }) => Number.isSafeInteger(amount.minor) && amount.minor >= 0)).toBe(true);
        expect(price.charges.reduce((sum, { amount }) => sum + amount.minor, 0)).toBe(price.total.minor);
      }
    }),
    { numRuns: 300 },
  );
});

const side = fc.integer({ min: 1, max: 1_500 });
