import { beforeAll, expect, test } from 'vitest';
import { firstMove, floorOf } from './floor.ts';
import type { Workbench } from './workbench.ts';

/** Delivery in two steps: goods are picked to the exit, then shipped. */
export function twoStepsBehave(bench: () => Workbench): void {
  let warehouse = { id: 0, stock: 0, output: 0 };

  beforeAll(async () => {
    const { odoo, run } = bench();
    const code = `T${run.slice(-4)}`.toUpperCase();
    const [id = 0] = await odoo.create('stock.warehouse', [{ name: `Two steps ${run}`, code, delivery_steps: 'pick_ship' }]);
    const [made] = await odoo.read('stock.warehouse', [id], ['lot_stock_id', 'wh_output_stock_loc_id', 'out_type_id', 'pick_type_id']);
    await odoo.write('stock.picking.type', [made?.out_type_id ?? 0, made?.pick_type_id ?? 0], { auto_batch: false });
    warehouse = { id, stock: made?.lot_stock_id ?? 0, output: made?.wh_output_stock_loc_id ?? 0 };
  }, 60_000);

  async function stocked(units: number): Promise<number> {
    const { operations, product } = bench();
    const { id } = await product();
    await operations.counts.apply([{ product: id, location: warehouse.stock, units }]);
    return id;
  }

  test('goods are picked, lie at the exit, and are shipped with their tracking', async () => {
    const { operations } = bench();
    const floor = floorOf(bench());
    const lamp = await stocked(3);
    const pick = await floor.delivery([{ product: lamp, units: 3 }], { warehouse: warehouse.id });
    expect(pick).toMatchObject({ kind: 'internal', state: 'assigned', moves: [{ units: 3 }] });
    const picked = await operations.deliveries.pick({ pick: pick.id });
    expect(picked).toMatchObject({
      pick: { state: 'done' },
      deliveries: [{ kind: 'outgoing', state: 'assigned', order: pick.order, moves: [{ units: 3 }] }],
    });
    await expect(floor.delivered(pick.order)).resolves.toBe(0);
    await expect(floor.stock(lamp, warehouse.output)).resolves.toEqual({ units: 3, reserved: 3 });
    const out = picked.deliveries[0]?.id ?? 0;
    await expect(operations.deliveries.ship([{ delivery: out, tracking: ['1Z'] }])).resolves.toMatchObject([
      { kind: 'done', transfer: { tracking: '1Z' } },
    ]);
    await expect(floor.delivered(pick.order)).resolves.toBe(3);
  });

  test('the order is on its way, but not delivered, when its goods lie at the exit', async () => {
    const { operations, odoo } = bench();
    const pick = await floorOf(bench()).delivery([{ product: await stocked(1), units: 1 }], { warehouse: warehouse.id });
    await operations.deliveries.pick({ pick: pick.id });
    await expect(odoo.read('sale.order', [pick.order ?? 0], ['delivery_status'])).resolves.toMatchObject([{ delivery_status: 'started' }]);
  });

  test('a pick is not shipped, a delivery is not picked, and a pick that is done is found done', async () => {
    const { operations } = bench();
    const pick = await floorOf(bench()).delivery([{ product: await stocked(1), units: 1 }], { warehouse: warehouse.id });
    await expect(operations.deliveries.ship([{ delivery: pick.id }])).resolves.toMatchObject([
      { kind: 'refused', transfer: { state: 'assigned' } },
    ]);
    const { deliveries } = await operations.deliveries.pick({ pick: pick.id });
    await expect(operations.deliveries.pick({ pick: deliveries[0]?.id ?? 0 })).rejects.toMatchObject({ code: 'refused' });
    const again = await operations.deliveries.pick({ pick: pick.id });
    expect(again.deliveries).toEqual(deliveries);
  });

  test('until 17 the delivery waits from the start and says what to pick; from 18 on it is not there before', async () => {
    const { operations, version } = bench();
    const pick = await floorOf(bench()).delivery([{ product: await stocked(1), units: 1 }], { warehouse: warehouse.id });
    const { deliveries } = await operations.deliveries.ofOrder(pick.order ?? 0);
    const shipped = await operations.deliveries.ship(deliveries.map((delivery) => ({ delivery: delivery.id })));
    const waiting = { kind: 'refused', reason: `its goods are not picked yet: pick ${pick.name} first`, transfer: { state: 'waiting' } };
    expect(shipped).toMatchObject(version === 17 ? [waiting] : []);
  });

  test('what was picked can be shipped while the rest is still on the shelf', async () => {
    const { operations } = bench();
    const floor = floorOf(bench());
    const lamp = await stocked(3);
    const pick = await floor.delivery([{ product: lamp, units: 3 }], { warehouse: warehouse.id });
    const first = await operations.deliveries.pick({ pick: pick.id, units: [{ move: firstMove(pick).id, units: 2 }] });
    expect(first.backorders).toHaveLength(1);
    const shipped = await operations.deliveries.ship([{ delivery: first.deliveries[0]?.id ?? 0 }]);
    expect(shipped).toMatchObject([{ kind: 'done', transfer: { moves: [{ units: 2 }] } }]);
    const second = await operations.deliveries.pick({ pick: first.backorders[0] ?? 0 });
    const open = second.deliveries.filter((delivery) => delivery.state !== 'done');
    expect(open).toMatchObject([{ state: 'assigned', moves: [{ units: 1 }] }]);
    await operations.deliveries.ship([{ delivery: open[0]?.id ?? 0 }]);
    await expect(floor.delivered(pick.order)).resolves.toBe(3);
  });

  test('the lots that were picked are those that are shipped', async () => {
    const { operations, product } = bench();
    const floor = floorOf(bench());
    const { id: milk } = await product({ tracking: 'lot' });
    const lots = [];
    for (const name of ['A', 'B']) {
      const lot = await operations.lots.ensure({ product: milk, name });
      await operations.counts.apply([{ product: milk, location: warehouse.stock, lot, units: 5 }]);
      lots.push(lot);
    }
    const [, second = 0] = lots;
    const pick = await floor.delivery([{ product: milk, units: 2 }], { warehouse: warehouse.id });
    await operations.lots.choose({ transfer: pick.id, move: firstMove(pick).id, lots: [{ lot: second, units: 2 }] });
    const { deliveries } = await operations.deliveries.pick({ pick: pick.id });
    const [out] = deliveries;
    expect(out).toMatchObject({ state: 'assigned', moves: [{ lines: [{ lot: second, units: 2 }] }] });
    await expect(operations.deliveries.ship([{ delivery: out?.id ?? 0 }])).resolves.toMatchObject([{ kind: 'done' }]);
  });
}
