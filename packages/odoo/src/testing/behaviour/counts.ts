import { expect, test } from 'vitest';
import { floorOf } from './floor.ts';
import type { Workbench } from './workbench.ts';

export function countsBehave(bench: () => Workbench): void {
  test('a count makes the books right; the same count again writes nothing', async () => {
    const { operations, product, node } = bench();
    const lamp = await product({ units: { QME: 5 } });
    const count = { product: lamp.id, location: node('QME').lot_stock_id, units: 3 };
    await expect(operations.counts.apply([count])).resolves.toMatchObject([{ before: 5, units: 3 }]);
    await expect(operations.counts.apply([count])).resolves.toMatchObject([{ before: 3, units: 3 }]);
    await expect(floorOf(bench()).stock(lamp.id, count.location)).resolves.toEqual({ units: 3, reserved: 0 });
  });

  test('several places are counted at once, also where nothing was and where nothing is left', async () => {
    const { operations, product, node } = bench();
    const floor = floorOf(bench());
    const lamp = await product({ units: { QME: 5 } });
    const [east, west] = [node('QME').lot_stock_id, node('QMW').lot_stock_id];
    await operations.counts.apply([
      { product: lamp.id, location: east, units: 0 },
      { product: lamp.id, location: west, units: 7 },
    ]);
    await expect(floor.stock(lamp.id, east)).resolves.toMatchObject({ units: 0 });
    await expect(floor.stock(lamp.id, west)).resolves.toMatchObject({ units: 7 });
  });

  test('a count below what deliveries hold takes their goods back', async () => {
    const { operations, product, node } = bench();
    const floor = floorOf(bench());
    const lamp = await product({ units: { QME: 5 } });
    const delivery = await floor.delivery([{ product: lamp.id, units: 5 }]);
    const [counted] = await operations.counts.apply([{ product: lamp.id, location: node('QME').lot_stock_id, units: 2 }]);
    expect(counted).toMatchObject({ reserved: 2 });
    await expect(operations.deliveries.read(delivery.id)).resolves.toMatchObject({ moves: [{ demand: 5, units: 2 }] });
  });

  test('a product with lots is not counted without one', async () => {
    const { operations, node } = bench();
    const floor = floorOf(bench());
    const milk = await floor.tracked('lot', [2]);
    const location = node('QME').lot_stock_id;
    await expect(operations.counts.apply([{ product: milk.id, location, units: 5 }])).rejects.toMatchObject({ code: 'refused' });
    const lot = milk.lots[0]?.id ?? 0;
    await expect(operations.counts.apply([{ product: milk.id, location, units: 5, lot }])).resolves.toMatchObject([{ before: 2 }]);
    await expect(floor.stock(milk.id, location, lot)).resolves.toEqual({ units: 5, reserved: 0 });
  });

  test('until 18 Odoo itself asks a person about such a count, from 19 on it books units without a lot', async () => {
    const { client, product, node, version } = bench();
    const { id } = await product({ tracking: 'lot' });
    const location = node('QME').lot_stock_id;
    const values = { product_id: id, location_id: location, inventory_quantity: 5 };
    const quants = await client.create('stock.quant', [values], { inventory_mode: true });
    const answer = await client.act('stock.quant', 'action_apply_inventory', quants);
    const { units } = await floorOf(bench()).stock(id, location);
    const asked = { answer: { res_model: 'stock.track.confirmation' }, units: 0 };
    expect({ answer, units }).toMatchObject(version < 19 ? asked : { units: 5 });
  });

  test('the adjustments of counts are told with what was missing, found or right; goods that were moved or scrapped are none', async () => {
    const { operations, product, node, erp } = bench();
    const lamp = await product({ units: { QME: 5 } });
    const location = node('QME').lot_stock_id;
    const since = new Date(Date.parse(bench().session.clock.now()) - 3_600_000).toISOString();
    const ours = async () => {
      const all = (await erp.history?.adjustments({ nodes: ['QME', 'QMW'], since })) ?? [];
      return all.flatMap(({ sku, node: at, units }) => (sku === lamp.sku ? [[at, units]] : []));
    };
    await operations.counts.apply([{ product: lamp.id, location, units: 3 }]);
    await operations.counts.apply([{ product: lamp.id, location, units: 4 }]);
    await operations.scrap.scrap({ key: bench().unique('scrap'), product: lamp.id, location, units: 1 });

    // The first five came onto the shelf by a count.
    await expect(ours()).resolves.toEqual([
      ['QME', 5],
      ['QME', -2],
      ['QME', 1],
    ]);
  });

  test('a count that confirms the books is told with 0 units', async () => {
    const { client, product, node, erp } = bench();
    const lamp = await product({ units: { QMW: 2 } });
    const values = { product_id: lamp.id, location_id: node('QMW').lot_stock_id, inventory_quantity: 2 };
    const quants = await client.create('stock.quant', [values], { inventory_mode: true });
    await client.act('stock.quant', 'action_apply_inventory', quants);
    const since = new Date(Date.parse(bench().session.clock.now()) - 3_600_000).toISOString();
    const told = (await erp.history?.adjustments({ nodes: ['QMW'], since })) ?? [];
    expect(told.flatMap(({ sku, units }) => (sku === lamp.sku ? [units] : []))).toEqual([2, 0]);
  });
}
