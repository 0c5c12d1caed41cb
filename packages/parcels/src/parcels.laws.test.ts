import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { laneOf, packByWeight, priceParcel, serviceOf, tariffSchema, type ParcelPrice, type Tariff, type TariffLane } from './index.ts';

const graz = { country: 'AT', region: null, postalArea: '801' };
const date = '2026-11-21';

const prices = fc.oneof(
  fc.record({ baseMinor: fc.nat(5_000), perKgMinor: fc.nat(500) }),
  fc
    .uniqueArray(fc.record({ upToGrams: fc.integer({ min: 1, max: 60_000 }), step: fc.nat(900) }), {
      minLength: 1,
      maxLength: 6,
      selector: ({ upToGrams }) => upToGrams,
    })
    .map((bands) => {
      let minor = 0;
      return {
        bands: bands.toSorted((a, b) => a.upToGrams - b.upToGrams).map(({ upToGrams, step }) => ({ upToGrams, minor: (minor += step) })),
      };
    }),
);
const percent = fc.tuple(fc.nat(40), fc.nat(999)).map(([whole, fraction]) => `${whole}.${fraction}`);
const surcharge = fc.oneof(
  fc.record({ code: fc.constantFrom('a', 'b'), when: fc.record({ minGrams: fc.integer({ min: 1, max: 30_000 }) }), minor: fc.nat(900) }),
  fc.record({ code: fc.constantFrom('c', 'd'), when: fc.record({ minLongestMillimetres: fc.integer({ min: 1, max: 2_000 }) }), percent }),
);

function tariffs(options: { surcharges: boolean }): fc.Arbitrary<Tariff> {
  return fc
    .record(
      {
        divisorCm3PerKg: fc.constantFrom(4_000, 5_000, 6_000),
        roundingGrams: fc.constantFrom(1, 100, 500, 1_000),
        parcelMaxGrams: fc.integer({ min: 1, max: 40_000 }),
        fuelPercent: percent,
        surcharges: options.surcharges ? fc.array(surcharge, { maxLength: 3 }) : fc.constant([]),
        price: prices,
      },
      { requiredKeys: ['price'] },
    )
    .map(({ price, ...service }) =>
      tariffSchema.parse({
        id: 't',
        carrier: 'C',
        currency: 'EUR',
        effectiveFrom: '2026-01-01',
        services: [
          {
            id: 's',
            name: 's',
            carrierService: 's',
            maxGrams: 50_000,
            zones: [{ id: 'z', from: '*', to: '*' }],
            prices: [{ zone: 'z', ...price }],
            ...service,
          },
        ],
      }),
    );
}

const grams = fc.integer({ min: 1, max: 45_000 });
const side = fc.integer({ min: 1, max: 1_500 });
const sides = fc.option(fc.tuple(side, side, side));

test('charges add up to the total', () => {
  fc.assert(
    fc.property(tariffs({ surcharges: true }), grams, sides, (tariff, weight, millimetres) => {
      const price = priceParcel(tariff, 's', { from: graz, to: graz, parcel: { grams: weight, millimetres }, date });
      const amounts = price.kind === 'priced' ? price.charges.map(({ amount }) => amount.minor) : [];
      const total = price.kind === 'priced' ? price.total.minor : 0;
      expect(amounts.reduce((sum, minor) => sum + minor, 0)).toBe(total);
    }),
  );
});

test('a heavier or larger parcel never costs less, and is never served where a lighter one is not', () => {
  fc.assert(
    fc.property(
      tariffs({ surcharges: true }),
      grams,
      fc.nat(5_000),
      fc.tuple(side, side, side),
      fc.nat(300),
      (tariff, weight, more, [a, b, c], longer) => {
        const ask = (parcel: { grams: number; millimetres: [number, number, number] }) =>
          priceParcel(tariff, 's', { from: graz, to: graz, parcel, date });
        const light = ask({ grams: weight, millimetres: [a, b, c] });
        const heavy = ask({ grams: weight + more, millimetres: [a + longer, b, c] });
        expect(amountOf(heavy)).toBeGreaterThanOrEqual(amountOf(light));
      },
    ),
  );
});

test('the optimizer’s lane prices a parcel without sides and surcharges as the tariff does', () => {
  fc.assert(
    fc.property(tariffs({ surcharges: false }), grams, (tariff, weight) => {
      const price = priceParcel(tariff, 's', { from: graz, to: graz, parcel: { grams: weight, millimetres: null }, date });
      fc.pre(price.kind === 'priced');
      const lane = laneFor(tariff);
      expect(Math.abs(laneAmount(lane, weight / 1_000) * 100 - amountOf(price))).toBeLessThanOrEqual(tolerance(tariff, lane));
    }),
    { numRuns: 500 },
  );
});

test('where a tariff ends above its last band, so does the lane', () => {
  fc.assert(
    fc.property(tariffs({ surcharges: false }), grams, (tariff, weight) => {
      const price = priceParcel(tariff, 's', { from: graz, to: graz, parcel: { grams: weight, millimetres: null }, date });
      fc.pre(price.kind === 'not-served' && price.reason === 'above-last-band');
      expect(laneAmount(laneFor(tariff), weight / 1_000)).toBe(Infinity);
    }),
  );
});

function laneFor(tariff: Tariff): TariffLane {
  const service = serviceOf(tariff, 's');
  const lane = service === undefined ? null : laneOf(tariff, service, graz, graz, date);
  if (lane === null) throw new Error('every generated tariff serves every way');
  return lane;
}

/** Minor units: none for bands; for a straight line half a one of freight, with the fuel on it, half a one of fuel, and the price of a step of the rounding. */
function tolerance(tariff: Tariff, lane: TariffLane): number {
  const step = ((serviceOf(tariff, 's')?.roundingGrams ?? 1) - 1) / 1_000;
  return 1e-6 + ('bands' in lane ? 0 : 1.25 + lane.perKg * 100 * step);
}

/** A parcel that is not served costs more than any that is. */
function amountOf(price: ParcelPrice): number {
  return price.kind === 'priced' ? price.total.minor : Infinity;
}

/** The price of one parcel as contracts/sourcing.md states it. */
function laneAmount(lane: TariffLane, kg: number): number {
  if ('bands' in lane) return lane.bands.find((band) => kg <= band.upToKg + 1e-9)?.amount ?? Infinity;
  return lane.base + lane.perKg * kg;
}

const packLines = fc.array(fc.record({ units: fc.nat(20), gramsPerUnit: fc.nat(9_000) }), { maxLength: 8 });

test('packed items add up to the units that were asked for, and no parcel is too heavy', () => {
  fc.assert(
    fc.property(packLines, fc.integer({ min: 9_000, max: 40_000 }), (drafts, maxGrams) => {
      const lines = drafts.map((draft, index) => ({ lineId: `${index}`, sku: 's', ...draft }));
      const packing = packByWeight(lines, maxGrams);
      const parcels = packing.kind === 'packed' ? packing.parcels : [];
      const packed = lines.map(({ lineId }) =>
        parcels.flatMap(({ items }) => items).reduce((sum, item) => sum + (item.lineId === lineId ? item.units : 0), 0),
      );
      expect(packed).toEqual(lines.map(({ units }) => units));
      expect(parcels.every((parcel) => parcel.grams <= maxGrams && parcel.items.length > 0)).toBe(true);
      expect(parcels.map(({ number }) => number)).toEqual(parcels.map((_, index) => index + 1));
    }),
  );
});

test('any two parcels weigh more together than one may: no parcel is opened without need', () => {
  fc.assert(
    fc.property(packLines, fc.integer({ min: 9_000, max: 40_000 }), (drafts, maxGrams) => {
      const lines = drafts.map((draft, index) => ({ lineId: `${index}`, sku: 's', ...draft }));
      const packing = packByWeight(lines, maxGrams);
      const [lightest, second] = packing.kind === 'packed' ? packing.parcels.map(({ grams }) => grams).sort((a, b) => a - b) : [];
      expect((lightest ?? 0) + (second ?? Infinity)).toBeGreaterThan(maxGrams);
    }),
  );
});
