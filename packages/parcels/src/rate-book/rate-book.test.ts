import { describe, expect, test } from 'vitest';
import { importRateBook, priceParcel, rateBookHeadSchema, type RateBookFiles } from '../index.ts';

const head = rateBookHeadSchema.parse({ id: 'post-2026', carrier: 'Post', currency: 'EUR', effectiveFrom: '2026-01-01' });

const sheets = {
  services: 'service,name,carrier_service,max_weight,parcel_max_weight\nparcel,Parcel,10,31.5,\nexpress,Express,20,30,20\n',
  zones: [
    'service,origin_country,country,region,postal_prefix,postal_from,postal_to,zone',
    ',AT,AT,,,,,1',
    ',AT,DE,,,,,2',
    'parcel,AT,DE,,25,,,island',
    'parcel,AT,DE,,,010,019,1',
    'express,AT,DE,BY,,,,1',
    '',
  ].join('\n'),
  rates: [
    'service,zone,max_weight,price,per_kg,transit_days',
    'parcel,1,2,4.10,,1',
    'parcel,1,31.5,7.90,,',
    'parcel,2,,6.00,0.45,2',
    'parcel,island,31.5,14.00,,4',
    'express,1,30,12.00,,1',
    'express,2,30,19.00,,1',
    '',
  ].join('\n'),
  surcharges: [
    'code,service,country,postal_prefix,over_weight,over_longest,amount,percent,effective_from,effective_to',
    'bulky,,,,,120,23.00,,,',
    'peak,parcel,,,,,0.19,,2026-11-01,2027-01-10',
    'heavy,,,,25,,,10,,',
    '',
  ].join('\n'),
  fuel: 'service,effective_from,percent\n,2026-01-01,10\n,2026-11-16,12.5\nexpress,2025-12-01,20\n',
  weights: 'effective_from,divisor,whole_sides,weight_step\n2026-01-01,6000,no,0.5\n2026-07-01,5000,yes,1\n',
};
type Sheets = Partial<Record<keyof RateBookFiles, string>>;

function read(changed: Sheets = {}) {
  const text = { ...sheets, ...changed };
  const file = (name: keyof typeof sheets) => ({ file: `${name}.csv`, text: text[name] });
  return importRateBook(head, {
    services: file('services'),
    zones: file('zones'),
    rates: file('rates'),
    surcharges: file('surcharges'),
    fuel: file('fuel'),
    weights: file('weights'),
  });
}

function tariff(changed: Sheets = {}) {
  const book = read(changed);
  if (book.kind === 'refused') throw new Error(JSON.stringify(book.problems));
  return book.tariff;
}

function problems(changed: Sheets): string[] {
  const book = read(changed);
  return book.kind === 'read' ? [] : book.problems.map(({ file, row, field, reason }) => `${file}:${row} ${field}: ${reason}`);
}

const vienna = { country: 'AT', region: null, postalArea: '101' };
const dresden = { country: 'DE', region: 'SN', postalArea: '010' };
const munich = { country: 'DE', region: 'BY', postalArea: '803' };

function charges(service: string, date: string, grams: number, to = munich, millimetres: [number, number, number] | null = null) {
  const price = priceParcel(tariff(), service, { from: vienna, to, parcel: { grams, millimetres }, date });
  return price.kind === 'priced' ? price.charges.map(({ code, amount }) => [code, amount.minor]) : price.reason;
}

describe('a rate book', () => {
  test('becomes a tariff: services, zones, rates, and what holds from a day on', () => {
    expect(tariff().services[0]).toEqual({
      id: 'parcel',
      name: 'Parcel',
      carrierService: '10',
      maxGrams: 31_500,
      roundingGrams: 1,
      zones: [
        { id: '1', from: { country: 'AT' }, to: { country: 'AT' } },
        { id: '2', from: { country: 'AT' }, to: { country: 'DE' } },
        { id: 'island', from: { country: 'AT' }, to: { country: 'DE', postalPrefix: '25' } },
        { id: '1', from: { country: 'AT' }, to: { country: 'DE', postalFrom: '010', postalTo: '019' } },
      ],
      prices: [
        {
          zone: '1',
          transitDays: 1,
          bands: [
            { upToGrams: 2_000, minor: 410 },
            { upToGrams: 31_500, minor: 790 },
          ],
        },
        { zone: '2', transitDays: 2, baseMinor: 600, perKgMinor: 45 },
        { zone: 'island', transitDays: 4, bands: [{ upToGrams: 31_500, minor: 1_400 }] },
      ],
      surcharges: [
        { code: 'bulky', when: { minLongestMillimetres: 1_201 }, minor: 2_300 },
        { code: 'peak', when: {}, effectiveFrom: '2026-11-01', effectiveTo: '2027-01-10', minor: 19 },
        { code: 'heavy', when: { minGrams: 25_001 }, percent: '10' },
      ],
      fuel: [
        { effectiveFrom: '2026-01-01', percent: '10' },
        { effectiveFrom: '2026-11-16', percent: '12.5' },
      ],
      weightRules: [
        { effectiveFrom: '2026-01-01', divisorCm3PerKg: 6_000, sides: 'as-measured', roundingGrams: 500 },
        { effectiveFrom: '2026-07-01', divisorCm3PerKg: 5_000, sides: 'whole-centimetres', roundingGrams: 1_000 },
      ],
    });
  });

  test('prices a parcel by what holds on its day', () => {
    expect(charges('parcel', '2026-10-31', 1_000, dresden)).toEqual([
      ['freight', 410],
      ['fuel', 41],
    ]);
    expect(charges('parcel', '2026-11-16', 1_000, dresden)).toEqual([
      ['freight', 410],
      ['fuel', 51],
      ['peak', 19],
    ]);
  });

  test('weighs it as on its day: half a kilogram up in June, whole centimetres and a whole kilogram up in July', () => {
    const sides: [number, number, number] = [301, 200, 150];
    expect(charges('parcel', '2026-06-30', 100, munich, sides)).toEqual([
      ['freight', 600 + 90],
      ['fuel', 69],
    ]);
    expect(charges('parcel', '2026-07-01', 100, munich, sides)).toEqual([
      ['freight', 600 + 90],
      ['fuel', 69],
    ]);
    expect(charges('parcel', '2026-07-01', 100, munich, [301, 200, 165])).toEqual([
      ['freight', 600 + 3 * 45],
      ['fuel', 74],
    ]);
  });

  test('has rows of one service before those for all', () => {
    expect(charges('express', '2026-11-21', 1_000)).toEqual([
      ['freight', 1_200],
      ['fuel', 240],
    ]);
  });

  test('may have semicolons, and then decimal commas, and columns in any order', () => {
    const services = '\uFEFFmax_weight;service;note\r\n31,5;parcel;"as ever; see p. 3"\r\n30;express;\r\n';
    expect(tariff({ services }).services.map(({ id, maxGrams, name }) => [id, maxGrams, name])).toEqual([
      ['parcel', 31_500, 'parcel'],
      ['express', 30_000, 'express'],
    ]);
  });
});

describe('a rate book with bad rows is refused, and every one is told', () => {
  test('with file, row, field and what is wrong, several of one row too', () => {
    expect(
      problems({
        services: 'service,max_weight\nparcel,31.5\nexpress,heavy\nexpress,3\n',
        rates: `${sheets.rates}parcel,1,2.0,9\nparcel,1,2.0005,9.999,,\ncourier,1,1,1,,\nparcel,1,,1,,2\n`,
        fuel: 'effective_from,percent\n2026-02-30,-3\n2026-02-01,4\n',
      }),
    ).toEqual([
      'services.csv:3 max_weight: not a number: "heavy"',
      'services.csv:4 service: service express is there already',
      'rates.csv:8 file: 4 cells under 6 columns',
      'rates.csv:9 price: finer than the smallest unit of EUR, or too much: 9.999',
      'rates.csv:9 max_weight: no whole number of grams: 2.0005',
      'rates.csv:10 service: is in no row of the services',
      'rates.csv:11 max_weight: is empty, and there is no per_kg',
      'rates.csv:11 transit_days: this zone takes 1 days already',
      'fuel.csv:2 effective_from: not a day such as 2026-11-21: "2026-02-30"',
      'fuel.csv:2 percent: not a number: "-3"',
      'fuel.csv:3 effective_from: nothing is said of the days from 2026-01-01, the first day of the tariff, until then',
    ]);
  });

  const heading = 'service,origin_country,country,region,postal_prefix,postal_from,postal_to,zone';
  test.each([
    ['a country that is none', ',AT,Austria,,,,,2', 'country: not an ISO 3166 code of two letters: "AUSTRIA"'],
    ['a region without its country', ',,*,BY,,,,2', 'region: needs its country'],
    ['a prefix longer than what is kept', ',AT,DE,,2599,,,2', 'postal_prefix: not one to three letters or digits'],
    ['a range whose zeros a program dropped', ',AT,DE,,,5,089,2', 'postal_to: both ends of a range are equally long'],
    ['a range that ends before it begins', ',AT,DE,,,200,100,2', 'postal_to: a range does not end before it begins'],
    ['a range that cuts an area in two', ',AT,DE,,,80000,80149,2', 'postal_to: not whole areas of three characters'],
    ['half a range', ',AT,DE,,,200,,2', 'postal_to: is empty, and the range has a beginning'],
    ['a way that is there already', ',AT,DE,,,,,1', 'zone: this way stands in row 3 already'],
    ['a range over another one', 'parcel,AT,DE,,,019,030,2', 'postal_from: 019 to 030 overlaps row 5: 010 to 019'],
    ['a zone without rates', ',AT,IT,,,,,moon', 'zone: no service has rates of zone moon'],
    ['a zone without rates of its service', 'express,AT,DE,,25,,,island', 'zone: service express has no rates of zone island'],
  ])('such as %s', (_, row, problem) => {
    expect(sheets.zones.startsWith(heading)).toBe(true);
    expect(problems({ zones: `${sheets.zones}${row}\n` })).toEqual([expect.stringContaining(`zones.csv:7 ${problem}`)]);
  });

  test('a range of whole areas in full postal codes is one', () => {
    const { services } = tariff({ zones: `${sheets.zones}parcel,AT,DE,,,80000,81999,1\n` });
    expect(services[0]?.zones.at(-1)?.to).toEqual({ country: 'DE', postalFrom: '800', postalTo: '819' });
  });

  test.each<[string, Sheets, string]>([
    ['a misspelt column', { fuel: 'service,effectiv_from,percent\n,2026-01-01,1\n' }, 'fuel.csv:1 effective_from: the column is missing'],
    ['a column of no meaning', { fuel: 'effective_from,percent,fule\n2026-01-01,1,1\n' }, 'fuel.csv:1 fule: no such column'],
    ['an empty file', { surcharges: 'code,amount\n' }, 'surcharges.csv:1 file: there is no row below the heading'],
    ['a quote that is never closed', { fuel: 'effective_from,percent\n"2026-01-01,1\n' }, 'fuel.csv:2 file: a quote that is never closed'],
    ['rates that no zone leads to', { rates: `${sheets.rates}parcel,9,1,1,,\n` }, 'rates.csv:8 zone: no row of the zones leads to zone 9'],
    ['an amount and a percentage', { surcharges: 'code,amount,percent\nx,1,1\n' }, 'surcharges.csv:2 amount: either amount or percent'],
    [
      'a surcharge that ends before it begins',
      { surcharges: 'code,amount,effective_from,effective_to\nx,1,2026-02-02,2026-02-01\n' },
      'surcharges.csv:2 effective_to',
    ],
  ])('%s', (_, changed, problem) => {
    expect(problems(changed)).toContainEqual(expect.stringContaining(problem));
  });
});
