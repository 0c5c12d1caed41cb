import { expect, test } from 'vitest';
import { firstMove, floorOf } from './floor.ts';
import type { Workbench } from './workbench.ts';

export function lotsBehave(bench: () => Workbench): void {
  test('a lot is made once and found by its name', async () => {
    const { operations, product } = bench();
    const { id } = await product({ tracking: 'lot' });
    const first = await operations.lots.ensure({ product: id, name: 'L-1' });
    await expect(operations.lots.ensure({ product: id, name: 'L-1' })).resolves.toBe(first);
    await expect(operations.lots.ensure({ product: id, name: 'L-2' })).resolves.not.toBe(first);
  });

  test('an order is set aside over the lots that are there, the oldest first, and ships them', async () => {
    const { operations, node } = bench();
    const floor = floorOf(bench());
    const milk = await floor.tracked('lot', [4, 6]);
    const [old, young] = milk.lots;
    const delivery = await floor.delivery([{ product: milk.id, units: 5 }]);
    expect(firstMove(delivery).lines.map((line) => [line.lot, line.units])).toEqual([
      [old?.id, 4],
      [young?.id, 1],
    ]);
    await expect(operations.deliveries.ship([{ delivery: delivery.id }])).resolves.toMatchObject([{ kind: 'done' }]);
    await expect(floor.stock(milk.id, node('QME').lot_stock_id, young?.id)).resolves.toEqual({ units: 5, reserved: 0 });
  });

  test('another lot is chosen; what the first held is free again, and a repeat changes nothing', async () => {
    const { operations, node } = bench();
    const floor = floorOf(bench());
    const milk = await floor.tracked('lot', [4, 6]);
    const [old, young] = milk.lots;
    const delivery = await floor.delivery([{ product: milk.id, units: 3 }]);
    const choice = { transfer: delivery.id, move: firstMove(delivery).id, lots: [{ lot: young?.id ?? 0, units: 3 }] };
    for (const _again of [1, 2])
      await expect(operations.lots.choose(choice)).resolves.toMatchObject({
        kind: 'chosen',
        transfer: { state: 'assigned', moves: [{ units: 3, lines: [{ lot: young?.id, units: 3 }] }] },
      });
    await expect(floor.stock(milk.id, node('QME').lot_stock_id, old?.id)).resolves.toEqual({ units: 4, reserved: 0 });
    await expect(floor.stock(milk.id, node('QME').lot_stock_id, young?.id)).resolves.toEqual({ units: 6, reserved: 3 });
  });

  test('a lot that is not there is short, and the choice of before stays', async () => {
    const { operations } = bench();
    const floor = floorOf(bench());
    const milk = await floor.tracked('lot', [4, 0]);
    const [old, empty] = milk.lots;
    const delivery = await floor.delivery([{ product: milk.id, units: 2 }]);
    const choice = { transfer: delivery.id, move: firstMove(delivery).id, lots: [{ lot: empty?.id ?? 0, units: 2 }] };
    await expect(operations.lots.choose(choice)).resolves.toEqual({ kind: 'short', lot: empty?.id, wanted: 2, free: 0 });
    await expect(operations.deliveries.read(delivery.id)).resolves.toMatchObject({ moves: [{ lines: [{ lot: old?.id }] }] });
  });

  test('a lot that another delivery holds is short', async () => {
    const { operations } = bench();
    const floor = floorOf(bench());
    const milk = await floor.tracked('lot', [2, 2]);
    await floor.delivery([{ product: milk.id, units: 2 }]);
    const delivery = await floor.delivery([{ product: milk.id, units: 2 }]);
    const lot = milk.lots[0]?.id ?? 0;
    await expect(
      operations.lots.choose({ transfer: delivery.id, move: firstMove(delivery).id, lots: [{ lot, units: 1 }] }),
    ).resolves.toMatchObject({ kind: 'short', free: 0 });
  });

  test('a lot of another product is refused', async () => {
    const { operations } = bench();
    const floor = floorOf(bench());
    const milk = await floor.tracked('lot', [2]);
    const wine = await floor.tracked('lot', [2]);
    const delivery = await floor.delivery([{ product: milk.id, units: 2 }]);
    const lot = wine.lots[0]?.id ?? 0;
    await expect(
      operations.lots.choose({ transfer: delivery.id, move: firstMove(delivery).id, lots: [{ lot, units: 2 }] }),
    ).rejects.toMatchObject({ code: 'refused' });
  });

  test('serial numbers are one line each, chosen one by one and shipped', async () => {
    const { operations, node } = bench();
    const floor = floorOf(bench());
    const phone = await floor.tracked('serial', [1, 1, 1]);
    const [first, second, third] = phone.lots.map((lot) => lot.id);
    const delivery = await floor.delivery([{ product: phone.id, units: 2 }]);
    expect(firstMove(delivery).lines.map((line) => [line.lot, line.units])).toEqual([
      [first, 1],
      [second, 1],
    ]);
    const one = (lot: number | undefined) => ({ lot: lot ?? 0, units: 1 });
    const choose = { transfer: delivery.id, move: firstMove(delivery).id };
    await expect(operations.lots.choose({ ...choose, lots: [one(third), one(third)] })).rejects.toMatchObject({ code: 'invalid-request' });
    await expect(operations.lots.choose({ ...choose, lots: [{ lot: third ?? 0, units: 2 }] })).rejects.toMatchObject({
      code: 'invalid-request',
    });
    await expect(operations.lots.choose({ ...choose, lots: [one(third), one(first)] })).resolves.toMatchObject({ kind: 'chosen' });
    await expect(operations.deliveries.ship([{ delivery: delivery.id }])).resolves.toMatchObject([{ kind: 'done' }]);
    await expect(floor.stock(phone.id, node('QME').lot_stock_id, second)).resolves.toEqual({ units: 1, reserved: 0 });
    await expect(floor.stock(phone.id, node('QME').lot_stock_id, third)).resolves.toMatchObject({ reserved: 0 });
  });

  test('forced units of a product with lots are refused in words, because they have no lot', async () => {
    const { operations } = bench();
    const floor = floorOf(bench());
    const milk = await floor.tracked('lot', [1]);
    const delivery = await floor.delivery([{ product: milk.id, units: 2 }]);
    const units = [{ move: firstMove(delivery).id, units: 2 }];
    await expect(operations.deliveries.ship([{ delivery: delivery.id, units, force: true }])).resolves.toMatchObject([
      { kind: 'refused', reason: expect.stringMatching(/supply a Lot\/Serial number/i) },
    ]);
  });

  test('a receipt makes the lots that it names; without names it is refused', async () => {
    const { odoo, client, operations, node, product, session } = bench();
    const floor = floorOf(bench());
    const { id: milk } = await product({ tracking: 'lot' });
    const [warehouse] = await odoo.read('stock.warehouse', [node('QME').id], ['in_type_id']);
    const [supplier] = await odoo.searchRead('stock.location', [['usage', '=', 'supplier']], [], { limit: 1 });
    const place = { location_id: supplier?.id ?? 0, location_dest_id: node('QME').lot_stock_id };
    const line = { ...place, product_id: milk, product_uom_qty: 5, ...(session.vocabulary.moveHasName ? { name: 'Milk' } : {}) };
    const values = { ...place, picking_type_id: warehouse?.in_type_id ?? 0, move_ids: [[0, 0, line]] };
    const [receipt = 0] = await client.create('stock.picking', [values]);
    await client.act('stock.picking', 'action_confirm', [receipt]);
    await expect(operations.transfers.finish({ transfer: receipt })).rejects.toMatchObject({ code: 'refused' });
    const transfer = await operations.deliveries.read(receipt);
    const lots = [
      { name: 'M-1', units: 2 },
      { name: 'M-2', units: 3 },
    ];
    for (const _again of [1, 2]) await operations.lots.nameReceived({ transfer: receipt, move: firstMove(transfer).id, lots });
    await expect(operations.transfers.finish({ transfer: receipt })).resolves.toMatchObject({ kind: 'done', backorders: [] });
    const second = await operations.lots.ensure({ product: milk, name: 'M-2' });
    await expect(floor.stock(milk, node('QME').lot_stock_id, second)).resolves.toEqual({ units: 3, reserved: 0 });
  });
}
