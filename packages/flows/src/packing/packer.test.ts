import { destinationOf } from '@quartermaster/domain';
import { productSidesSchema, serviceOf } from '@quartermaster/parcels';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { flowSettingsSchema, type FlowSettings } from '../settings.ts';
import { product, settings as plainSettings } from '../testing/givens.ts';
import { boxesSchema } from './box-settings.ts';
import { createPacker, mostUnitsPlaced, type ToPack } from './packer.ts';

const small = { name: 'S', inner: [200, 150, 100], outer: [210, 160, 110], tareGrams: 90, maxGrams: 5_000 };
const large = { name: 'L', inner: [400, 300, 300], outer: [410, 310, 310], tareGrams: 400, maxGrams: 9_000 };

describe('a shipment whose units all have sides', () => {
  test('goes into the box that the carrier and the box make cheapest, with its sides, its weight and the empty box', () => {
    const packed = packer().pack(shipment({ MUG: 2 }));

    expect(packed).toEqual({
      kind: 'packed',
      parcels: [
        {
          number: 1,
          grams: 890,
          millimetres: [210, 160, 110],
          items: [{ lineId: 'MUG', sku: 'MUG', units: 2 }],
          packaging: { box: 'S', tareGrams: 90 },
        },
      ],
      packing: { by: 'boxes', as: expect.stringMatching(/^[\w-]{16}$/) },
    });
  });

  test('is divided where no box holds everything, and every unit is in one parcel', () => {
    const packed = packer().pack(shipment({ LAMP: 9, MUG: 3 }));

    const parcels = packed.kind === 'packed' ? packed.parcels : [];
    expect(parcels.length).toBeGreaterThan(1);
    expect(parcels.flatMap(({ items }) => items).reduce((sum, { units }) => sum + units, 0)).toBe(12);
  });

  test('goes by the prices that the carrier quoted, by billable weight, where it was asked', () => {
    const dear = {
      grams: 3_000,
      askedAt: '2026-11-23T09:00:00.000Z',
      expiresAt: null,
      rates: [{ service: 'std', minor: 900, transitDays: null }],
    };
    const one = packer();
    for (const quotes of [[], [dear]]) one.pack(shipment({ MUG: 1 }, { quotes }));

    expect([...one.packings.values()].map(({ cartons }) => cartons[0]?.price.minor)).toEqual([425, 900]);
  });

  test('keeps dangerous goods of different classes apart, and what ships alone alone', () => {
    const given = withBoxes({ MUG: { hazard: '3' }, LAMP: { hazard: '8' }, BOWL: { alone: true } });

    const packed = packer(given).pack(shipment({ MUG: 1, LAMP: 1, BOWL: 1 }));

    expect(packed.kind === 'packed' && packed.parcels.map(({ items }) => items.map(({ sku }) => sku))).toHaveLength(3);
  });

  test('leaves in its own packaging where it may, as a parcel without a box', () => {
    const packed = packer(withBoxes({ MUG: { ownPackaging: true } })).pack(shipment({ MUG: 1 }));

    expect(packed).toMatchObject({ parcels: [{ grams: 400, millimetres: [120, 90, 90], packaging: { box: null, tareGrams: 0 } }] });
  });
});

describe('packed by weight, and the reason told,', () => {
  test.each([
    ['of which nobody knows a side', shipment({ MUG: 1, SOFA: 1 }), 'nobody knows the sides of SOFA'],
    ['for which the node has no box', shipment({ MUG: 1 }, {}, 'HAM'), 'HAM has no boxes'],
    ['of very many units', shipment({ MUG: mostUnitsPlaced + 1 }), '121 units are more than are placed one by one (120)'],
    ['of which a unit goes into no box', shipment({ LADDER: 1 }), 'LADDER: no box is large enough'],
  ])('is a shipment %s', (_, given, why) => {
    const only = withBoxes({ LADDER: { millimetres: [1_800, 400, 90] } }, [{ ...small, nodes: ['BER'] }]);

    const packed = packer(only).pack(given);

    expect(packed).toMatchObject({ packing: { by: 'weight', why }, parcels: [{ millimetres: null }] });
  });

  test('is what comes after so many units of different contents; what was packed before is packed as it was', () => {
    const one = createPacker({ settings: withBoxes(), product, taken: new Map(), mostUnits: 5 });

    const ways = [{ MUG: 3 }, { MUG: 2 }, { MUG: 1 }, { MUG: 3 }].map((units) => one.pack(shipment(units)));

    expect(ways.map((each) => each.kind === 'packed' && each.packing?.by)).toEqual(['boxes', 'boxes', 'weight', 'boxes']);
  });

  test('nothing is told where the business has no boxes', () => {
    expect(packer(plainSettings()).pack(shipment({ MUG: 1 }))).toEqual({
      kind: 'packed',
      parcels: [{ number: 1, grams: 400, millimetres: null, items: [{ lineId: 'MUG', sku: 'MUG', units: 1 }] }],
    });
  });
});

test('equal contents are packed once, whatever their lines are called and in which order they stand', () => {
  const one = packer();
  const first = shipment({ MUG: 2, LAMP: 1 });
  const other = { ...first, lines: first.lines.toReversed().map((line) => ({ ...line, lineId: `other-${line.sku}` })) };

  const packed = [first, other].map((each) => one.pack(each));

  expect(one.packings.size).toBe(1);
  expect(packed[1]).toMatchObject({ parcels: [{ items: [{ lineId: 'other-LAMP' }, { lineId: 'other-MUG' }] }] });
});

test('a box that a node has few of goes to the earlier shipments, those that are there already included', () => {
  const scarce = withBoxes({}, [{ ...small, stock: { BER: 2 } }, large]);
  const one = createPacker({ settings: scarce, product, taken: new Map([['BER', new Map([['S', 1]])]]) });

  const boxes = [1, 2].map(() => one.pack(shipment({ MUG: 1 }))).map((each) => each.kind === 'packed' && each.parcels[0]?.packaging?.box);

  expect(boxes).toEqual(['S', 'L']);
});

test('the same shipments in the same order give the same parcels', () => {
  const wanted = fc.array(fc.record({ MUG: fc.integer({ min: 1, max: 6 }), LAMP: fc.integer({ min: 1, max: 4 }) }), {
    minLength: 1,
    maxLength: 5,
  });
  fc.assert(
    fc.property(wanted, (orders) => {
      const run = () => {
        const one = packer();
        return orders.map((units) => one.pack(shipment(units)));
      };
      expect(run()).toEqual(run());
    }),
    { numRuns: 20 },
  );
});

function packer(given: FlowSettings = withBoxes()) {
  return createPacker({ settings: given, product, taken: new Map() });
}

function withBoxes(sides: Readonly<Record<string, object>> = {}, boxes: readonly object[] = [small, large]): FlowSettings {
  const known = { MUG: { millimetres: [120, 90, 90] }, LAMP: { millimetres: [280, 200, 180] }, BOWL: { millimetres: [150, 150, 80] } };
  const all = { ...known, ...Object.fromEntries(Object.entries(sides).map(([sku, given]) => [sku, { ...named(known, sku), ...given }])) };
  const productSides = Object.fromEntries(Object.entries(all).map(([sku, given]) => [sku, productSidesSchema.parse(given)]));
  return flowSettingsSchema.parse({ ...plainSettings(), boxes: boxesSchema.parse(boxes), productSides });
}

function named(known: Readonly<Record<string, object>>, sku: string): object {
  return known[sku] ?? {};
}

function shipment(
  units: Readonly<Record<string, number>>,
  way: Partial<NonNullable<ToPack['way']>> = {},
  node = 'BER',
): ToPack & { way: NonNullable<ToPack['way']> } {
  const { nodes, carriers, currency } = plainSettings();
  const [carrier] = carriers;
  const [from] = nodes;
  const service = carrier === undefined ? undefined : serviceOf(carrier.tariff, 'std');
  if (carrier === undefined || service === undefined || from === undefined) throw new Error('the settings have no carrier');
  return {
    node,
    lines: Object.entries(units).map(([sku, count]) => ({ lineId: sku, sku, units: count })),
    parcelLimitGrams: 100_000,
    way: {
      carrier,
      service,
      from: destinationOf(from.address),
      to: { country: 'DE', region: null, postalArea: '101' },
      date: '2026-11-23',
      quotes: [],
      currency,
      ...way,
    },
  };
}
