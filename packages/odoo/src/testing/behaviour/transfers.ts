import { expect, test } from 'vitest';
import { floorOf } from './floor.ts';
import type { Workbench } from './workbench.ts';

export function transfersBehave(bench: () => Workbench): void {
  test('goods go on hold, cannot be sold from there, and come back; each way once', async () => {
    const { operations, product, unique, node } = bench();
    const floor = floorOf(bench());
    const lamp = await product({ units: { QME: 5 } });
    const shelf = node('QME').lot_stock_id;
    const hold = await floor.place();
    const away = { key: unique('hold'), from: shelf, to: hold, lines: [{ product: lamp.id, units: 2 }], reason: 'Quality hold' };
    await expect(operations.transfers.move(away)).resolves.toMatchObject({ kind: 'done', already: false, transfer: { kind: 'internal' } });
    await expect(operations.transfers.move(away)).resolves.toMatchObject({ kind: 'done', already: true });
    await expect(floor.stock(lamp.id, shelf)).resolves.toEqual({ units: 3, reserved: 0 });
    await expect(floor.delivery([{ product: lamp.id, units: 5 }])).resolves.toMatchObject({ moves: [{ units: 3 }] });
    const back = { key: unique('release'), from: hold, to: shelf, lines: [{ product: lamp.id, units: 2 }] };
    await expect(operations.transfers.move(back)).resolves.toMatchObject({ kind: 'done' });
    await expect(floor.stock(lamp.id, hold)).resolves.toMatchObject({ units: 0 });
  });

  test('a transfer between warehouses is planned, holds its goods, and is carried out in parts', async () => {
    const { operations, product, unique, node } = bench();
    const floor = floorOf(bench());
    const lamp = await product({ units: { QME: 5 } });
    const [east, west] = [node('QME').lot_stock_id, node('QMW').lot_stock_id];
    const plan = { key: unique('transfer'), from: east, to: west, lines: [{ product: lamp.id, units: 4 }] };
    const planned = await operations.transfers.plan(plan);
    expect(planned).toMatchObject({ state: 'assigned', moves: [{ units: 4 }] });
    await expect(operations.transfers.plan(plan)).resolves.toEqual(planned);
    await expect(floor.stock(lamp.id, east)).resolves.toEqual({ units: 5, reserved: 4 });
    const move = planned.moves[0]?.id ?? 0;
    const { backorders } = await operations.transfers.finish({ transfer: planned.id, units: [{ move, units: 1 }] });
    expect(backorders).toHaveLength(1);
    await operations.transfers.finish({ transfer: backorders[0] ?? 0 });
    await expect(floor.stock(lamp.id, west)).resolves.toEqual({ units: 4, reserved: 0 });
    await expect(floor.stock(lamp.id, east)).resolves.toEqual({ units: 1, reserved: 0 });
  });

  test('what is not there is not moved, and nothing of it is', async () => {
    const { operations, product, unique, node } = bench();
    const floor = floorOf(bench());
    const lamp = await product({ units: { QME: 1 } });
    const request = {
      key: unique('hold'),
      from: node('QME').lot_stock_id,
      to: await floor.place(),
      lines: [{ product: lamp.id, units: 2 }],
    };
    const result = await operations.transfers.move(request);
    expect(result).toMatchObject({ kind: 'refused', transfer: { state: 'assigned' } });
    for (const _again of [1, 2]) await expect(operations.transfers.cancel(result.transfer.id)).resolves.toMatchObject({ state: 'cancel' });
    await expect(floor.stock(lamp.id, node('QME').lot_stock_id)).resolves.toEqual({ units: 1, reserved: 0 });
  });

  test('a lot is moved by name, not the one that Odoo would take', async () => {
    const { operations, unique, node } = bench();
    const floor = floorOf(bench());
    const milk = await floor.tracked('lot', [2, 2]);
    const lot = milk.lots[1]?.id ?? 0;
    const hold = await floor.place();
    const lines = [{ product: milk.id, units: 1, lots: [{ lot, units: 1 }] }];
    await expect(
      operations.transfers.move({ key: unique('hold'), from: node('QME').lot_stock_id, to: hold, lines }),
    ).resolves.toMatchObject({ kind: 'done' });
    await expect(floor.stock(milk.id, hold, lot)).resolves.toEqual({ units: 1, reserved: 0 });
  });

  test('a delivery is no transfer, and a place of customers is none of ours', async () => {
    const { odoo, operations, product, unique, node } = bench();
    const floor = floorOf(bench());
    const lamp = await product({ units: { QME: 1 } });
    const delivery = await floor.delivery([{ product: lamp.id, units: 1 }]);
    await expect(operations.transfers.finish({ transfer: delivery.id })).rejects.toMatchObject({ code: 'refused' });
    const [customers] = await odoo.searchRead('stock.location', [['usage', '=', 'customer']], [], { limit: 1 });
    const request = {
      key: unique('away'),
      from: node('QME').lot_stock_id,
      to: customers?.id ?? 0,
      lines: [{ product: lamp.id, units: 1 }],
    };
    await expect(operations.transfers.plan(request)).rejects.toMatchObject({ code: 'refused' });
  });
}
