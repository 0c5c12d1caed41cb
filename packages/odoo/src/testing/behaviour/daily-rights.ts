import { expect, test } from 'vitest';
import { systemClock } from '@quartermaster/connector-kit';
import { isFault } from '@quartermaster/domain';
import { operationsOn } from '../../operations/odoo-operations.ts';
import { sessions } from '../../session/session.ts';
import { firstMove, floorOf } from './floor.ts';
import type { Workbench } from './workbench.ts';

/** What somebody may do who has Sales and Inventory, and no more. */
export function dailyRightsSuffice(bench: () => Workbench): void {
  test('somebody with the rights of daily work packs, ships, takes back, moves and throws away; to count takes more until 17', async () => {
    const { salesperson, unique, node, version } = bench();
    const floor = floorOf(bench());
    const { deliveries, packing, lots, waves, returns, transfers, counts, scrap } = operationsOn(
      sessions(salesperson, salesperson.clock ?? systemClock).open,
    );
    const shelf = node('QME').lot_stock_id;
    const { id: product, lots: there } = await floor.tracked('lot', [9]);
    // The 18 that was tested lets only administrators make lots.
    const lot = await bench().operations.lots.ensure({ product, name: unique('LOT') });
    const count = { product, location: shelf, lot, units: 5 };
    const counting = counts.apply([count]).then(
      () => 'applied',
      (fault: unknown) => (isFault(fault) ? fault.code : fault),
    );
    await expect(counting).resolves.toBe(version === 17 ? 'forbidden' : 'applied');
    await bench().operations.counts.apply([count]);
    const delivery = await floor.delivery([{ product, units: 3 }]);
    const move = firstMove(delivery).id;
    await lots.choose({ transfer: delivery.id, move, lots: [{ lot, units: 3 }] });
    await packing.pack({ delivery: delivery.id, parcels: [{ key: unique('parcel'), contents: [{ move, units: 3 }] }] });
    const { id: batch } = await waves.batch({ key: unique('batch'), transfers: [delivery.id] });
    await deliveries.track({ delivery: delivery.id, tracking: ['1Z'] });
    await deliveries.attach({ delivery: delivery.id, name: 'label.pdf', content: new TextEncoder().encode('%PDF') });
    await waves.finish(batch);
    const hold = await floor.place();
    const back = await returns.create({ key: unique('return'), delivery: delivery.id, lines: [{ move, units: 2 }], to: hold });
    await returns.receive({ transfer: back.id });
    await transfers.move({ key: unique('move'), from: hold, to: shelf, lines: [{ product, units: 1, lots: [{ lot, units: 1 }] }] });
    await scrap.scrap({ key: unique('scrap'), product, units: 1, location: hold, lot });
    await expect(floor.stock(product, shelf, lot)).resolves.toEqual({ units: 3, reserved: 0 });
    await expect(floor.stock(product, hold)).resolves.toMatchObject({ units: 0 });
    await expect(floor.stock(product, shelf, there[0]?.id)).resolves.toEqual({ units: 9, reserved: 0 });
  });
}
