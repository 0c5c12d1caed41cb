import { expect, test } from 'vitest';
import { checkPacking, packPolicySchema, type PackedShipment } from './pack-check.ts';
import { lamp, mugs, parcel } from './testing/samples.ts';

const grams = new Map([
  ['MUG', 300],
  ['LAMP', 250],
]);

test('a parcel with exactly the lines and their weight passes', () => {
  expect(check({ parcels: [parcel(1, [mugs, lamp])] })).toEqual([]);
});

test('units that are missing or too many are told by line', () => {
  const parcels = [
    {
      ...parcel(1, [
        { ...mugs, units: 1 },
        { ...lamp, units: 2 },
      ]),
      grams: 850,
    },
  ];
  expect(check({ parcels })).toEqual(['line l1 (MUG): 1 units packed, 2 to ship', 'line l2 (LAMP): 2 units packed, 1 to ship']);
});

test('what belongs to no line of the shipment is told', () => {
  const parcels = [{ ...parcel(1, [mugs, lamp, { lineId: 'l9', sku: 'MUG', units: 1 }]), grams: 1200 }];
  expect(check({ parcels })).toEqual(['parcel 1 has 1 MUG of line l9, which is not of this shipment']);
});

test('the wrong article under a line is told from both sides', () => {
  const parcels = [{ ...parcel(1, [mugs, { ...lamp, sku: 'MUG' }]), grams: 950 }];
  expect(check({ parcels })).toEqual([
    'line l2 (LAMP): 0 units packed, 1 to ship',
    'parcel 1 has 1 MUG of line l2, which is not of this shipment',
  ]);
});

test('a line may be spread over parcels', () => {
  const one = { ...mugs, units: 1 };
  expect(
    check({
      parcels: [
        { ...parcel(1, [one]), grams: 350 },
        { ...parcel(2, [one, lamp]), grams: 600 },
      ],
    }),
  ).toEqual([]);
});

test('a weight beyond the tolerance is told', () => {
  expect(check({ parcels: [{ ...parcel(1, [mugs, lamp]), grams: 951 }] })).toEqual([
    'parcel 1 weighs 951 g, and its content and box should weigh 900 g',
  ]);
});

test('a parcel of unknown weight passes unless the policy blocks it', () => {
  const parcels = [{ ...parcel(1, [mugs, lamp]), grams: 5000 }];
  expect(check({ parcels, gramsOf: () => 0 })).toEqual([]);
  expect(check({ parcels, gramsOf: () => 0, policy: packPolicySchema.parse({ unknownWeight: 'block' }) })).toEqual([
    'parcel 1 cannot be weighed: nobody knows the weight of MUG, LAMP',
  ]);
});

test('two parcels of one number and a service that may not be bought are told', () => {
  const one = { ...mugs, units: 1 };
  const parcels = [
    { ...parcel(1, [one]), grams: 350 },
    { ...parcel(1, [one, lamp]), grams: 600 },
  ];
  expect(check({ parcels, services: new Set(['express']) })).toEqual(['there are two parcels 1', 'service standard may not be bought']);
});

function check(given: Partial<PackedShipment> & Pick<PackedShipment['shipment'], 'parcels'>): string[] {
  const { parcels, ...more } = given;
  return checkPacking({
    shipment: { lines: [mugs, lamp], parcels, service: 'standard' },
    gramsOf: (sku) => grams.get(sku) ?? 0,
    tareGramsOf: () => 50,
    services: new Set(['standard']),
    policy: packPolicySchema.parse({}),
    ...more,
  });
}
