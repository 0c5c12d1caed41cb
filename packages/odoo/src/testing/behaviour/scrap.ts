import { expect, test } from 'vitest';
import { floorOf } from './floor.ts';
import type { Workbench } from './workbench.ts';

export function scrapBehaves(bench: () => Workbench): void {
  test('goods are thrown away once', async () => {
    const { operations, product, unique, node } = bench();
    const lamp = await product({ units: { QME: 5 } });
    const location = node('QME').lot_stock_id;
    const goods = { key: unique('scrap'), product: lamp.id, units: 2, location, reason: 'Broken' };
    const first = await operations.scrap.scrap(goods);
    await expect(operations.scrap.scrap(goods)).resolves.toEqual(first);
    await expect(floorOf(bench()).stock(lamp.id, location)).resolves.toEqual({ units: 3, reserved: 0 });
  });

  test('what is not there is not thrown away; once it is there the same request goes through', async () => {
    const { operations, product, unique, node } = bench();
    const lamp = await product({ units: { QME: 1 } });
    const location = node('QME').lot_stock_id;
    const goods = { key: unique('scrap'), product: lamp.id, units: 2, location };
    await expect(operations.scrap.scrap(goods)).rejects.toMatchObject({ code: 'refused' });
    await operations.counts.apply([{ product: lamp.id, location, units: 3 }]);
    await operations.scrap.scrap(goods);
    await expect(floorOf(bench()).stock(lamp.id, location)).resolves.toEqual({ units: 1, reserved: 0 });
  });

  test('of a product with lots the lot is named', async () => {
    const { operations, unique, node } = bench();
    const floor = floorOf(bench());
    const milk = await floor.tracked('lot', [2, 2]);
    const location = node('QME').lot_stock_id;
    const lot = milk.lots[1]?.id ?? 0;
    await expect(operations.scrap.scrap({ key: unique('scrap'), product: milk.id, units: 1, location })).rejects.toMatchObject({
      code: 'refused',
    });
    await operations.scrap.scrap({ key: unique('scrap'), product: milk.id, units: 1, location, lot });
    await expect(floor.stock(milk.id, location, lot)).resolves.toEqual({ units: 1, reserved: 0 });
  });
}
