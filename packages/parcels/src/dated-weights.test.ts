import { describe, expect, test } from 'vitest';
import { importRateBook, priceParcel, rateBookHeadSchema, type Tariff } from './index.ts';

// Rules of 2025 and 2026 as several secondary sources tell them: divisors 139 and 166 cubic inches per pound, sides rounded up to the inch at UPS and FedEx since 18 August 2025 and at the USPS since 12 July 2026, the USPS's cubic foot, the
// cubic thresholds of UPS since 26 January 2026; DHL Express's 5000 cm³/kg, and the older 6000. Prices are made up. Check your contract.

const start = { country: 'US', region: 'NY', postalArea: '100' };
const end = { country: 'US', region: 'IL', postalArea: '606' };

/** Freight is 10.00 and a dollar for each pound, so that it tells the billed pounds. */
const rates = ['service,zone,max_weight,price', ...Array.from({ length: 200 }, (_, index) => `s,5,${index + 1},${11 + index}.00`), ''].join(
  '\n',
);

function book(weights: string, more: { readonly surcharges?: string; readonly fuel?: string } = {}): Tariff {
  const head = rateBookHeadSchema.parse({ id: 'us', carrier: 'US', currency: 'USD', effectiveFrom: '2025-01-01', units: 'us' });
  const file = (name: string, text: string) => ({ file: `${name}.csv`, text });
  const read = importRateBook(head, {
    services: file('services', 'service,max_weight\ns,150\n'),
    zones: file(
      'zones',
      'origin_country,origin_postal_from,origin_postal_to,country,postal_from,postal_to,zone\nUS,100,119,US,600,609,5\n',
    ),
    rates: file('rates', rates),
    weights: file('weights', weights),
    ...(more.surcharges === undefined ? {} : { surcharges: file('surcharges', more.surcharges) }),
    ...(more.fuel === undefined ? {} : { fuel: file('fuel', more.fuel) }),
  });
  if (read.kind === 'refused') throw new Error(JSON.stringify(read.problems));
  return read.tariff;
}

type Sides = [number, number, number];
const inches = (...sides: Sides): Sides => [mm(sides[0]), mm(sides[1]), mm(sides[2])];
const mm = (inch: number) => Math.ceil(Math.round(inch * 254) / 10);
const gramsOf = (pounds: number) => Math.ceil(pounds * 453.592_37);

function price(tariff: Tariff, date: string, grams: number, millimetres: Sides | null) {
  return priceParcel(tariff, 's', { from: start, to: end, parcel: { grams, millimetres }, date });
}

function billedPounds(tariff: Tariff, date: string, grams: number, millimetres: Sides | null): number {
  const priced = price(tariff, date, grams, millimetres);
  return priced.kind === 'priced' ? ((priced.charges[0]?.amount.minor ?? 0) - 1_000) / 100 : Number.NaN;
}

describe('pounds and inches', () => {
  const ups = book('effective_from,divisor,whole_sides,weight_step\n2025-01-01,139,no,1\n2025-08-18,139,yes,1\n');
  const retail = book('effective_from,divisor,whole_sides,weight_step\n2025-01-01,166,no,1\n');

  test('a pound, stored as 454 g, is a pound, and a gram more is two', () => {
    expect(billedPounds(ups, '2026-11-21', 454, null)).toBe(1);
    expect(billedPounds(ups, '2026-11-21', 455, null)).toBe(2);
  });

  test('every whole pound is that pound, and a gram more the next one', () => {
    const pounds = Array.from({ length: 150 }, (_, index) => index + 1);
    expect(pounds.map((pound) => billedPounds(ups, '2026-11-21', gramsOf(pound), null))).toEqual(pounds);
    expect(pounds.slice(0, -1).map((pound) => billedPounds(ups, '2026-11-21', gramsOf(pound) + 1, null))).toEqual(pounds.slice(1));
  });

  test('the divisor says how many cubic inches are a pound', () => {
    expect(billedPounds(retail, '2025-02-01', 100, inches(83, 2, 2))).toBe(2); // 332 / 166
    expect(billedPounds(retail, '2025-02-01', 100, [254, 254, 254])).toBe(7); // 1,000 in³ / 166 = 6.02
    expect(billedPounds(ups, '2025-02-01', 100, [254, 254, 254])).toBe(8); // 1,000 / 139 = 7.19
  });

  test('sides are rounded up to the inch from 18 August 2025 on', () => {
    const sides = inches(12.1, 10.1, 8.1); // 989.9 in³; then 13 × 11 × 9 = 1,287
    expect(billedPounds(ups, '2025-08-17', 900, sides)).toBe(8); // 7.12
    expect(billedPounds(ups, '2025-08-18', 900, sides)).toBe(10); // 9.26
  });

  test('whole inches are not rounded, though no whole number of millimetres says them', () => {
    expect(billedPounds(ups, '2026-01-02', 900, inches(12, 10, 8))).toBe(7); // 960 / 139 = 6.91
  });
});

test('the USPS counts volume above a cubic foot only; by 166 until 11 July 2026, and by 139 with whole inches from the next day on', () => {
  const usps = book('effective_from,divisor,whole_sides,over_volume,weight_step\n2025-01-01,166,no,1728,1\n2026-07-12,139,yes,1728,1\n');
  expect(billedPounds(usps, '2026-07-11', 900, inches(12, 12, 12))).toBe(2); // a cubic foot is not above one
  expect(billedPounds(usps, '2026-07-11', 900, inches(12.5, 12, 12))).toBe(11); // 1,800 / 166 = 10.84
  expect(billedPounds(usps, '2026-07-12', 900, inches(12.5, 12, 12))).toBe(14); // 1,872 / 139 = 13.47
  expect(billedPounds(usps, '2026-07-12', 900, inches(12, 12, 12))).toBe(2);
});

describe('surcharges by size, of which one is charged', () => {
  const surcharges = [
    'code,zone,over_weight,over_longest,over_length_and_girth,over_volume,amount,percent,group,bears_fuel,min_billable,effective_from,effective_to',
    'handling,5,50,,,,28.00,,size,yes,,2026-01-26,',
    'handling,5,,48,,,28.00,,size,yes,,2026-01-26,',
    'handling,5,,,,10368,28.00,,size,yes,,2026-01-26,',
    'large,5,110,,,,220.00,,size,yes,90,2026-01-26,',
    'large,5,,96,,,220.00,,size,yes,90,2026-01-26,',
    'large,5,,,130,,220.00,,size,yes,90,2026-01-26,',
    'large,5,,,,17280,220.00,,size,yes,90,2026-01-26,',
    'peak,,,,,,0.40,,,,,2026-10-05,2027-01-17',
    '',
  ].join('\n');
  const ups = book('effective_from,divisor,whole_sides,weight_step\n2025-01-01,139,yes,1\n', {
    surcharges,
    fuel: 'effective_from,percent\n2025-01-01,18.5\n2026-03-02,19.25\n',
  });
  const told = (date: string, pounds: number, sides: Sides) => {
    const priced = price(ups, date, gramsOf(pounds), sides);
    return priced.kind === 'priced'
      ? [...priced.charges.map(({ code, amount }) => `${code} ${amount.minor}`), `= ${priced.total.minor}`]
      : [];
  };

  test('a parcel within all thresholds pays none', () => {
    expect(told('2026-02-02', 50, inches(24, 24, 18))).toEqual(['freight 8500', 'fuel 1573', '= 10073']); // 10,368 in³ / 139 = 74.6
  });

  test('a cubic inch above 10,368 is handling, with fuel on it, and not before 26 January 2026', () => {
    expect(told('2026-01-25', 50, inches(24, 24, 19))).toEqual(['freight 8900', 'fuel 1647', '= 10547']);
    expect(told('2026-01-26', 50, inches(24, 24, 19))).toEqual(['freight 8900', 'fuel 2165', 'handling 2800', '= 13865']);
  });

  test.each([
    ['heavier than 50 pounds', 50.01, inches(10, 10, 10), 'handling'],
    ['longer than 48 inches', 10, inches(48.1, 5, 5), 'handling'],
    ['longer than 96 inches', 10, inches(96.1, 5, 5), 'large'],
    ['more than 130 inches of length and girth', 10, inches(60, 18, 17.1), 'large'],
    ['larger than 17,280 cubic inches', 10, inches(30, 24, 24.1), 'large'],
  ])('%s', (_, pounds, sides, code) => {
    const charged = told('2026-02-02', pounds, sides).map((line) => line.split(' ')[0]);
    expect(charged.filter((each) => each === 'handling' || each === 'large')).toEqual([code]);
  });

  test('a large parcel is billed for at least 90 pounds', () => {
    expect(told('2026-02-02', 10, inches(97, 5, 5))).toEqual(['freight 10000', 'fuel 5920', 'large 22000', '= 37920']);
  });

  test('fuel follows the week, and the peak its season', () => {
    expect(told('2026-10-05', 1, inches(5, 5, 5))).toEqual(['freight 1100', 'fuel 212', 'peak 40', '= 1352']);
    expect(told('2027-01-18', 1, inches(5, 5, 5))).toEqual(['freight 1100', 'fuel 212', '= 1312']);
  });
});
