import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { channelOrder, line, problemInput, settings } from '../testing/givens.ts';
import { buildProblem } from '../waves/sourcing-problem.ts';
import { zoneId } from '../zone-id.ts';
import type { Quote } from './quote-record.ts';
import { heldQuotes, quotedLane, quotedRate, quotesOf } from './quoted-prices.ts';
import { quoteKey } from './quote-record.ts';
import { questionsFor } from './questions.ts';

const quote = (grams: number, minor: number, transitDays: number | null = null): Quote => ({
  grams,
  askedAt: '2026-11-23T09:00:00.000Z',
  expiresAt: null,
  rates: [{ service: 'DHL/Paket', minor, transitDays }],
});
const byTariff = { zone: 'DE', transitDays: 2, base: 4, perKg: 0.5 };
const asked = { service: 'DHL/Paket', currency: 'EUR', maxGrams: 30_000 };

test('up to the weights that were asked for a parcel costs what was quoted, and above them what the tariff says', () => {
  expect(quotedLane(byTariff, [quote(1_000, 390), quote(3_000, 480)], { ...asked, maxGrams: 5_000 })).toEqual({
    zone: 'DE',
    transitDays: 2,
    bands: [
      { upToKg: 1, amount: 3.9 },
      { upToKg: 3, amount: 4.8 },
      { upToKg: 4, amount: 6 },
      { upToKg: 5, amount: 6.5 },
    ],
  });
});

test('a way that the carrier did not answer for keeps its tariff', () => {
  expect(quotedLane(byTariff, [], asked)).toBe(byTariff);
  expect(quotedLane(byTariff, [{ ...quote(1_000, 390), rates: [] }], asked)).toBe(byTariff);
});

test('days that a carrier names take the place of those of the tariff, the longest of them', () => {
  expect(quotedLane(byTariff, [quote(1_000, 390, 1), quote(2_000, 400, 4)], asked).transitDays).toBe(4);
});

test('whatever is quoted, a heavier parcel never costs less than a lighter one, and bands rise', () => {
  const weights = fc.uniqueArray(fc.integer({ min: 1, max: 30_000 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(weights, fc.array(fc.nat(5_000), { minLength: 8, maxLength: 8 }), (grams, minors) => {
      const quotes = grams.toSorted((a, b) => a - b).map((each, index) => quote(each, minors[index] ?? 0));
      const lane = quotedLane(byTariff, quotes, asked);
      const bands = 'bands' in lane ? lane.bands : [];
      expect(bands.at(-1)?.upToKg).toBe(30);
      for (const [index, band] of bands.entries()) {
        expect(band.upToKg).toBeGreaterThan(bands[index - 1]?.upToKg ?? 0);
        expect(band.amount).toBeGreaterThanOrEqual(bands[index - 1]?.amount ?? 0);
      }
    }),
  );
});

test('quotes of another day, of another way of asking, or run out are not believed', () => {
  const wanted = { dispatchDate: '2026-11-23', asking: 'a', at: '2026-11-23T10:00:00.000Z' };
  const kept = { dispatchDate: '2026-11-23', asking: 'a', quotes: [quote(500, 400), { ...quote(1_000, 500), expiresAt: wanted.at }] };
  expect(heldQuotes(kept, wanted).map(({ grams }) => grams)).toEqual([500]);
  expect(heldQuotes(kept, { ...wanted, dispatchDate: '2026-11-24' })).toEqual([]);
  expect(heldQuotes(kept, { ...wanted, asking: 'b' })).toEqual([]);
});

test('a label may cost what was quoted for the lightest weight that holds its parcel', () => {
  const quotes = [quote(500, 400), quote(1_000, 450)];
  expect([500, 501, 1_001].map((grams) => quotedRate(quotes, 'DHL/Paket', grams)?.minor ?? null)).toEqual([400, 450, null]);
  expect(quotedRate(quotes, 'DHL/Express', 500)).toBeNull();
});

test('a problem has the quoted prices on the ways that were asked about, and no others', () => {
  const { destination } = channelOrder();
  const quotes = quotesOf(
    new Map([
      [
        quoteKey({ carrier: 'house', node: 'BER', zone: zoneId(destination) }),
        [{ ...quote(10_000, 120), rates: [{ service: 'std', minor: 120, transitDays: 1 }] }],
      ],
    ]),
  );
  const lanes = buildProblem(problemInput({ quotes })).services.find(({ id }) => id === 'house/std')?.lanes ?? [];
  expect(lanes.map(({ from, transitDays }) => [from, transitDays])).toEqual([
    ['BER', 1],
    ['HAM', 2],
  ]);
  expect(lanes[0]).toMatchObject({ bands: expect.arrayContaining([{ upToKg: 10, amount: 1.2 }]) });
});

test('a carrier is asked for the weights that an order or a part of it may have, from where something of it is', () => {
  const policy = { upToGrams: [500, 1_000, 2_000, 5_000], mostAsked: 9, withinSeconds: 1 };
  const [carrier] = settings().carriers.map((each) => ({ ...each, quotes: policy }));
  const orders = [channelOrder({ id: 'a', lines: [line('m', 'MUG', 2)] }), channelOrder({ id: 'b', lines: [line('l', 'LAMP', 1)] })];
  const available = new Map([
    ['HAM', new Map([['LAMP', 1]])],
    [
      'BER',
      new Map([
        ['MUG', 4],
        ['LAMP', 4],
      ]),
    ],
  ]);
  const gramsOf = (sku: string) => (sku === 'MUG' ? 400 : 1_200);
  const asked = carrier === undefined ? [] : questionsFor(carrier, { ...problemInput({ orders }), available, gramsOf });
  expect(asked.map(({ node, grams, orders: served, example }) => [node, grams, served, example])).toEqual([
    ['BER', 500, 2, 'a'],
    ['BER', 1_000, 2, 'a'],
    ['BER', 2_000, 1, 'b'],
    ['HAM', 500, 1, 'b'],
    ['HAM', 1_000, 1, 'b'],
    ['HAM', 2_000, 1, 'b'],
  ]);
});
