import { expect, test } from 'vitest';
import { firstMove, floorOf } from './floor.ts';
import type { Workbench } from './workbench.ts';

export function packingBehaves(bench: () => Workbench): void {
  test('a line is split over two parcels that are weighed; a repeat packs nothing twice', async () => {
    const { operations, product, unique } = bench();
    const floor = floorOf(bench());
    const lamp = await product({ units: { QME: 5 } });
    const delivery = await floor.delivery([{ product: lamp.id, units: 5 }]);
    const move = firstMove(delivery).id;
    const parcels = [
      { key: unique('parcel'), grams: 1_250, contents: [{ move, units: 3 }] },
      { key: unique('parcel'), grams: 800, contents: [{ move, units: 2 }] },
    ];
    const packed = {
      parcels: [
        { grams: 1_250, contents: [{ move, product: lamp.id, units: 3 }] },
        { grams: 800, contents: [{ move, product: lamp.id, units: 2 }] },
      ],
      loose: [],
    };
    const first = await operations.packing.pack({ delivery: delivery.id, parcels });
    expect(first).toMatchObject(packed);
    await expect(operations.packing.pack({ delivery: delivery.id, parcels })).resolves.toEqual(first);
    await expect(operations.deliveries.ship([{ delivery: delivery.id }])).resolves.toMatchObject([{ kind: 'done' }]);
    await expect(operations.packing.contents(delivery.id)).resolves.toMatchObject(packed);
    await expect(operations.packing.pack({ delivery: delivery.id, parcels })).resolves.toEqual(first);
  });

  test('parcels are packed where a carrier is set, of a type and with a name of their own', async () => {
    const { odoo, operations, product, unique } = bench();
    const floor = floorOf(bench());
    const [type = 0] = await odoo.create('stock.package.type', [{ name: unique('Box') }]);
    const lamp = await product({ units: { QME: 2 } });
    const delivery = await floor.delivery([{ product: lamp.id, units: 2 }]);
    await operations.deliveries.track({ delivery: delivery.id, carrier: await floor.carrier() });
    const parcel = { key: unique('parcel'), name: unique('SSCC'), type, contents: [{ move: firstMove(delivery).id, units: 1 }] };
    await expect(operations.packing.pack({ delivery: delivery.id, parcels: [parcel] })).resolves.toMatchObject({
      parcels: [{ name: parcel.name, type, contents: [{ units: 1 }] }],
      loose: [{ units: 1 }],
    });
  });

  test('lots keep to the parcel that they are packed in', async () => {
    const { operations, unique } = bench();
    const floor = floorOf(bench());
    const milk = await floor.tracked('lot', [2, 2]);
    const delivery = await floor.delivery([{ product: milk.id, units: 4 }]);
    const move = firstMove(delivery).id;
    const [first = 0, second = 0] = milk.lots.map((lot) => lot.id);
    const parcels = [
      { key: unique('parcel'), contents: [{ move, units: 2, lot: second }] },
      { key: unique('parcel'), contents: [{ move, units: 2, lot: first }] },
    ];
    await expect(operations.packing.pack({ delivery: delivery.id, parcels })).resolves.toMatchObject({
      parcels: [{ contents: [{ lot: second, units: 2 }] }, { contents: [{ lot: first, units: 2 }] }],
    });
  });

  test('more than is set aside is not packed, and nothing of it is', async () => {
    const { operations, product, unique } = bench();
    const lamp = await product({ units: { QME: 2 } });
    const delivery = await floorOf(bench()).delivery([{ product: lamp.id, units: 3 }]);
    const parcels = [{ key: unique('parcel'), contents: [{ move: firstMove(delivery).id, units: 3 }] }];
    await expect(operations.packing.pack({ delivery: delivery.id, parcels })).rejects.toMatchObject({ code: 'refused' });
    await expect(operations.packing.contents(delivery.id)).resolves.toMatchObject({ parcels: [], loose: [{ units: 2 }] });
  });

  test('a parcel is unpacked before it leaves, and what has left stays packed', async () => {
    const { operations, product, unique } = bench();
    const lamp = await product({ units: { QME: 1 } });
    const delivery = await floorOf(bench()).delivery([{ product: lamp.id, units: 1 }]);
    const parcels = [{ key: unique('parcel'), contents: [{ move: firstMove(delivery).id, units: 1 }] }];
    const packed = await operations.packing.pack({ delivery: delivery.id, parcels });
    const request = { delivery: delivery.id, packages: packed.parcels.map((parcel) => parcel.package) };
    await expect(operations.packing.unpack(request)).resolves.toMatchObject({ parcels: [], loose: [{ units: 1 }] });
    await operations.packing.pack({ delivery: delivery.id, parcels });
    await operations.deliveries.ship([{ delivery: delivery.id }]);
    await expect(operations.packing.unpack(request)).rejects.toMatchObject({ code: 'refused' });
  });

  test('the weight of the delivery is that of its parcels', async () => {
    const { odoo, operations, product, unique } = bench();
    const lamp = await product({ units: { QME: 1 } });
    const delivery = await floorOf(bench()).delivery([{ product: lamp.id, units: 1 }]);
    await operations.packing.pack({
      delivery: delivery.id,
      parcels: [{ key: unique('parcel'), grams: 1_250, contents: [{ move: firstMove(delivery).id, units: 1 }] }],
    });
    await expect(odoo.read('stock.picking', [delivery.id], ['shipping_weight'])).resolves.toMatchObject([{ shipping_weight: 1.25 }]);
  });
}
