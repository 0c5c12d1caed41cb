import { expect, test } from 'vitest';
import { packPolicySchema } from './pack-check.ts';
import { comparePacked, type PackedParcel } from './pack-comparison.ts';
import { lamp, mugs, parcel } from './testing/samples.ts';

const planned = { ...parcel(1, [mugs, lamp]), packaging: { box: 'M', tareGrams: 50 } };
const packed: PackedParcel = {
  number: 1,
  items: [
    { sku: 'MUG', units: 2 },
    { sku: 'LAMP', units: 1 },
  ],
  box: 'M',
  grams: 910,
};

test('a parcel with its items, in its box, of its weight and with the label of its service is right', () => {
  expect(check([packed])).toEqual([]);
});

test.each<[string, Partial<PackedParcel>, string[]]>([
  [
    'a unit too few and a wrong article',
    {
      items: [
        { sku: 'MUG', units: 1 },
        { sku: 'LAMP', units: 1 },
        { sku: 'CUP', units: 1 },
      ],
    },
    ['parcel 1 has 1 CUP, and 0 belong into it', 'parcel 1 has 1 MUG, and 2 belong into it'],
  ],
  ['another box', { box: 'L' }, ['parcel 1 is in box L, and box M was planned']],
  ['a weight beyond the tolerance', { grams: 951 }, ['parcel 1 weighs 951 g, and should weigh 900 g, give or take 50 g']],
  ['a parcel that is not of the shipment', { number: 2 }, ['parcel 1 is missing', 'parcel 2 is not of this shipment']],
])('pack check: %s is told', (_, more, problems) => {
  expect(check([{ ...packed, ...more }])).toEqual(problems);
});

test('pack check: the label of another service is told', () => {
  expect(check([packed], { service: 'express' })).toEqual(['the label is for express, and it goes by standard']);
});

test('units of one article may be scanned one by one', () => {
  const one = { sku: 'MUG', units: 1 };
  expect(check([{ ...packed, items: [one, { sku: 'LAMP', units: 1 }, one] }])).toEqual([]);
});

test('what nobody has looked at is not judged, and a weight that nobody can know is judged as the policy says', () => {
  const unlooked = [{ ...packed, box: null, grams: null }];
  expect(check(unlooked, { service: null })).toEqual([]);
  expect(check([{ ...packed, grams: 5_000 }], { gramsOf: () => 0 })).toEqual([]);
  expect(check([packed], { gramsOf: () => 0, policy: packPolicySchema.parse({ unknownWeight: 'block' }) })).toEqual([
    'parcel 1 cannot be weighed: nobody knows the weight of MUG, LAMP',
  ]);
});

function check(parcels: readonly PackedParcel[], more: Partial<Parameters<typeof comparePacked>[0]> = {}): string[] {
  return comparePacked({
    shipment: { parcels: [planned], service: 'standard' },
    packed: parcels,
    service: 'standard',
    gramsOf: () => 300,
    policy: packPolicySchema.parse({}),
    ...more,
  });
}
