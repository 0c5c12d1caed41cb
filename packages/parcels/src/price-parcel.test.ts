import { describe, expect, test } from 'vitest';
import { parcelLimitGrams, priceParcel, serviceOf, tariffOn, tariffSchema, type TariffInput } from './index.ts';

const vienna = { country: 'AT', region: null, postalArea: '101' };
const berlin = { country: 'DE', region: 'BE', postalArea: '101' };
const munich = { country: 'DE', region: 'BY', postalArea: '803' };
const sylt = { country: 'DE', region: 'SH', postalArea: '259' };
const oslo = { country: 'NO', region: null, postalArea: '015' };

const written: TariffInput = {
  id: 'dhl-2026',
  carrier: 'DHL',
  currency: 'EUR',
  effectiveFrom: '2026-01-01',
  effectiveTo: '2026-12-31',
  services: [
    {
      id: 'paket',
      name: 'Paket',
      carrierService: 'V01PAK',
      divisorCm3PerKg: 5000,
      roundingGrams: 500,
      maxGrams: 31_500,
      fuelPercent: '12.5',
      zones: [
        { id: 'domestic', from: { country: 'AT' }, to: { country: 'AT' } },
        { id: 'near', from: { country: 'AT' }, to: { country: 'DE', region: 'BY' } },
        { id: 'island', from: { country: 'AT' }, to: { country: 'DE', postalPrefix: '25' } },
        { id: 'far', from: '*', to: { country: 'DE' } },
      ],
      prices: [
        {
          zone: 'domestic',
          transitDays: 1,
          bands: [
            { upToGrams: 2_000, minor: 410 },
            { upToGrams: 20_000, minor: 790 },
          ],
        },
        { zone: 'near', transitDays: 1, baseMinor: 500, perKgMinor: 35 },
        { zone: 'far', transitDays: 2, baseMinor: 600, perKgMinor: 45 },
        { zone: 'island', transitDays: 4, baseMinor: 900, perKgMinor: 45 },
      ],
      surcharges: [
        { code: 'island', when: { to: { country: 'DE', postalPrefix: '259' } }, minor: 1_500 },
        { code: 'bulky', when: { minLongestMillimetres: 1_200 }, minor: 2_300 },
        { code: 'heavy', when: { minGrams: 25_000 }, percent: '10' },
      ],
    },
  ],
};
const tariff = tariffSchema.parse(written);

function price(to: typeof vienna | typeof berlin, grams: number, millimetres: [number, number, number] | null = null, date = '2026-11-21') {
  return priceParcel(tariff, 'paket', { from: vienna, to, parcel: { grams, millimetres }, date });
}

describe('a parcel is priced by its zone and weight', () => {
  test('the first band that holds the weight is its freight, and fuel is a percentage of it', () => {
    expect(price(vienna, 2_000)).toEqual({
      kind: 'priced',
      total: { minor: 461, currency: 'EUR' },
      charges: [
        { code: 'freight', amount: { minor: 410, currency: 'EUR' } },
        { code: 'fuel', amount: { minor: 51, currency: 'EUR' } },
      ],
      zone: 'domestic',
      billableGrams: 2_000,
      transitDays: 1,
    });
  });

  test('a gram more is charged as the next half kilogram and falls into the next band', () => {
    expect(price(vienna, 2_001)).toMatchObject({ billableGrams: 2_500, total: { minor: 790 + 99 } });
  });

  test('a price per kilogram is charged on the rounded weight', () => {
    expect(price(munich, 1_200)).toMatchObject({ zone: 'near', charges: [{ amount: { minor: 500 + 53 } }, { amount: { minor: 69 } }] });
  });

  test('a bulky light parcel is charged for its volume', () => {
    expect(price(berlin, 1_000, [600, 400, 300])).toMatchObject({ zone: 'far', billableGrams: 14_500 });
  });

  test.each([
    ['a postal prefix before the country', sylt, 'island'],
    ['a region before the country', munich, 'near'],
    ['the country where nothing is closer', berlin, 'far'],
  ])('the zone is the most specific one: %s', (_, to, zone) => {
    expect(price(to, 1_000)).toMatchObject({ zone });
  });

  test('a surcharge comes on top when its place, side or weight holds', () => {
    const answer = price(sylt, 26_000, [1_300, 100, 100]);
    expect(answer.kind === 'priced' && answer.charges.map(({ code, amount }) => [code, amount.minor])).toEqual([
      ['freight', 900 + 1_170],
      ['fuel', 259],
      ['island', 1_500],
      ['bulky', 2_300],
      ['heavy', 207],
    ]);
  });
});

describe('a parcel that is not served says why', () => {
  test.each([
    ['no zone leads there', () => price(oslo, 1_000), 'no-zone'],
    ['it is heavier than the service takes', () => price(berlin, 31_501), 'too-heavy'],
    ['it is charged above the last band', () => price(vienna, 20_001), 'above-last-band'],
    ['the tariff has ended', () => price(vienna, 1_000, null, '2027-01-01'), 'not-in-effect'],
    [
      'the tariff has no such service',
      () => priceParcel(tariff, 'express', { from: vienna, to: vienna, parcel: { grams: 1, millimetres: null }, date: '2026-11-21' }),
      'no-such-service',
    ],
  ])('%s', (_, ask, reason) => {
    expect(ask()).toEqual({ kind: 'not-served', reason });
  });
});

describe('a tariff', () => {
  test('holds from its first day to its last, and the newest one that holds is taken', () => {
    const next = tariffSchema.parse({ ...written, id: 'dhl-autumn', effectiveFrom: '2026-09-01' });
    const ids = ['2025-12-31', '2026-01-01', '2026-09-01', '2026-12-31', '2027-01-01'].map(
      (date) => tariffOn([next, tariff], date)?.id ?? null,
    );
    expect(ids).toEqual([null, 'dhl-2026', 'dhl-autumn', 'dhl-autumn', null]);
  });

  test('takes no parcel above the lower of its two limits', () => {
    const service = tariffSchema.parse({ ...written, services: [{ ...written.services[0], maxGrams: 200_000, parcelMaxGrams: 30_000 }] });
    expect(service.services.map(parcelLimitGrams)).toEqual([30_000]);
  });

  test.each([
    ['a zone without a price', { zones: [{ id: 'moon', from: '*', to: '*' }] }, 'zone moon has no price'],
    [
      'two prices of one zone',
      { prices: [...(written.services[0]?.prices ?? []), { zone: 'far', baseMinor: 1, perKgMinor: 1 }] },
      'has a price already',
    ],
    [
      'bands that do not rise',
      {
        prices: [
          {
            zone: 'far',
            bands: [
              { upToGrams: 5, minor: 1 },
              { upToGrams: 5, minor: 2 },
            ],
          },
        ],
      },
      'bands rise in weight',
    ],
    [
      'a postal prefix longer than a destination keeps',
      { zones: [{ id: 'far', from: '*', to: { country: 'DE', postalPrefix: '2599' } }] },
      'one to three',
    ],
    ['a negative percentage', { fuelPercent: '-1' }, 'never negative'],
  ])('with %s is refused', (_, change, message) => {
    const parsed = tariffSchema.safeParse({ ...written, services: [{ ...written.services[0], ...change }] });
    expect(JSON.stringify(parsed.error?.issues)).toContain(message);
  });

  test('of a service is found by the id of the service', () => {
    expect(serviceOf(tariff, 'paket')?.carrierService).toBe('V01PAK');
  });
});
