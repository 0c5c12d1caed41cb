import { expect, test } from 'vitest';
import { laneOf, serviceOf, tariffSchema, weightRules, type TariffInput } from './index.ts';

const graz = { country: 'AT', region: null, postalArea: '801' };
const berlin = { country: 'DE', region: null, postalArea: '101' };
const date = '2026-11-21';

function lane(service: Omit<TariffInput['services'][number], 'id' | 'name' | 'carrierService' | 'zones'>) {
  const tariff = tariffSchema.parse({
    id: 't',
    carrier: 'GLS',
    currency: 'EUR',
    effectiveFrom: '2026-01-01',
    services: [{ id: 's', name: 'S', carrierService: 's', zones: [{ id: 'z', from: '*', to: { country: 'DE' } }], ...service }],
  });
  const parsed = serviceOf(tariff, 's');
  if (parsed === undefined) throw new Error('the service is there');
  return { to: (destination: typeof berlin) => laneOf(tariff, parsed, graz, destination, date), rules: weightRules(parsed, date) };
}

test('a price by the gram becomes base and price per kilogram in whole units of the currency', () => {
  const { to } = lane({ maxGrams: 31_500, prices: [{ zone: 'z', transitDays: 2, baseMinor: 490, perKgMinor: 35 }] });
  expect(to(berlin)).toEqual({ zone: 'z', transitDays: 2, base: 4.9, perKg: 0.35 });
});

test('bands become bands in kilograms, fuel included', () => {
  const { to } = lane({
    maxGrams: 31_500,
    fuelPercent: '10',
    prices: [
      {
        zone: 'z',
        bands: [
          { upToGrams: 2_000, minor: 410 },
          { upToGrams: 31_500, minor: 790 },
        ],
      },
    ],
  });
  expect(to(berlin)).toEqual({
    zone: 'z',
    transitDays: null,
    bands: [
      { upToKg: 2, amount: 4.51 },
      { upToKg: 31.5, amount: 8.69 },
    ],
  });
});

test('a band ends for the scales where rounding lifts the weight over its edge', () => {
  const { to } = lane({
    maxGrams: 5_000,
    roundingGrams: 1_000,
    prices: [
      {
        zone: 'z',
        bands: [
          { upToGrams: 900, minor: 1 },
          { upToGrams: 2_500, minor: 2 },
          { upToGrams: 5_000, minor: 3 },
        ],
      },
    ],
  });
  expect(to(berlin)).toMatchObject({
    bands: [
      { upToKg: 2, amount: 0.02 },
      { upToKg: 5, amount: 0.03 },
    ],
  });
});

test('a price per begun kilogram becomes a staircase', () => {
  const { to } = lane({ maxGrams: 3_000, roundingGrams: 1_000, prices: [{ zone: 'z', baseMinor: 500, perKgMinor: 100 }] });
  expect(to(berlin)).toMatchObject({
    bands: [
      { upToKg: 1, amount: 6 },
      { upToKg: 2, amount: 7 },
      { upToKg: 3, amount: 8 },
    ],
  });
});

test('there is no lane where the service does not go', () => {
  expect(lane({ maxGrams: 1, prices: [{ zone: 'z', baseMinor: 1, perKgMinor: 1 }] }).to(graz)).toBeNull();
});

test('the weight rules of a service are the optimizer’s, in kilograms and litres', () => {
  const { rules } = lane({
    maxGrams: 200_000,
    parcelMaxGrams: 31_500,
    divisorCm3PerKg: 5_000,
    prices: [{ zone: 'z', baseMinor: 1, perKgMinor: 1 }],
  });
  expect(rules).toEqual({ maxKg: 200, parcelMaxKg: 31.5, litresPerKg: 5 });
});
