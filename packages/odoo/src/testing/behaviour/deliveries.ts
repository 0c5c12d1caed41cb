import { expect, test } from 'vitest';
import { firstMove, floorOf } from './floor.ts';
import type { Workbench } from './workbench.ts';

export function deliveriesBehave(bench: () => Workbench): void {
  test('a delivery is reserved as far as goods are there, given back, and reserved again', async () => {
    const { operations, product } = bench();
    const lamp = await product({ units: { QME: 3 } });
    const { id } = await floorOf(bench()).delivery([{ product: lamp.id, units: 5 }]);
    const reserved = (units: number) => ({ moves: [{ product: lamp.id, demand: 5, reserved: units }] });
    await expect(operations.deliveries.unreserve(id)).resolves.toMatchObject({ state: 'confirmed', ...reserved(0) });
    for (const _again of [1, 2])
      await expect(operations.deliveries.reserve(id)).resolves.toMatchObject({ state: 'assigned', ...reserved(3) });
  });

  test('what is set aside is shipped with carrier, price and tracking; a repeat finds it done', async () => {
    const { operations, product, node } = bench();
    const floor = floorOf(bench());
    const lamp = await product({ units: { QME: 3 } });
    const { id, order } = await floor.delivery([{ product: lamp.id, units: 2 }]);
    const carrier = await floor.carrier();
    const shipping = { delivery: id, tracking: ['1Z1', '1Z2'], carrier, price: '7.90' };
    const shipped = { tracking: '1Z1,1Z2', carrier, carrierPrice: 7.9, state: 'done', moves: [{ units: 2, state: 'done' }] };
    await expect(operations.deliveries.ship([shipping])).resolves.toMatchObject([
      { kind: 'done', already: false, backorders: [], transfer: shipped },
    ]);
    await expect(operations.deliveries.ship([shipping])).resolves.toMatchObject([{ kind: 'done', already: true, transfer: shipped }]);
    await expect(floor.stock(lamp.id, node('QME').lot_stock_id)).resolves.toEqual({ units: 1, reserved: 0 });
    await expect(floor.delivered(order)).resolves.toBe(2);
  });

  test('our price stays although Odoo asks the carrier for one when there is no tracking number', async () => {
    const { operations, product } = bench();
    const floor = floorOf(bench());
    const lamp = await product({ units: { QME: 1 } });
    const { id } = await floor.delivery([{ product: lamp.id, units: 1 }]);
    const shipping = { delivery: id, carrier: await floor.carrier(), price: '7.90' };
    await expect(operations.deliveries.ship([shipping])).resolves.toMatchObject([{ kind: 'done', transfer: { carrierPrice: 7.9 } }]);
  });

  test('part of a delivery goes and the rest waits as a delivery of its own', async () => {
    const { operations, product } = bench();
    const floor = floorOf(bench());
    const lamp = await product({ units: { QME: 5 } });
    const bulb = await product({ units: { QME: 5 } });
    const { id, moves, order } = await floor.delivery([
      { product: lamp.id, units: 5 },
      { product: bulb.id, units: 1 },
    ]);
    const lamps = moves.find((move) => move.product === lamp.id)?.id ?? 0;
    const [result] = await operations.deliveries.ship([{ delivery: id, units: [{ move: lamps, units: 2 }] }]);
    expect(result).toMatchObject({ kind: 'done', backorders: [expect.any(Number)], transfer: { moves: [{ units: 2 }] } });
    const rest = result?.kind === 'done' ? await operations.deliveries.read(result.backorders[0] ?? 0) : null;
    expect(rest).toMatchObject({ state: 'assigned', order, backorderOf: id, tracking: null });
    const units = new Map(rest?.moves.map((move) => [move.product, move.units]));
    expect(units).toEqual(
      new Map([
        [lamp.id, 3],
        [bulb.id, 1],
      ]),
    );
  });

  test('the rest is dropped when it shall not follow', async () => {
    const { operations, product, node } = bench();
    const floor = floorOf(bench());
    const lamp = await product({ units: { QME: 5 } });
    const delivery = await floor.delivery([{ product: lamp.id, units: 5 }]);
    const units = [{ move: firstMove(delivery).id, units: 2 }];
    await expect(operations.deliveries.ship([{ delivery: delivery.id, units, rest: 'drop' }])).resolves.toMatchObject([
      { kind: 'done', backorders: [] },
    ]);
    await expect(floor.stock(lamp.id, node('QME').lot_stock_id)).resolves.toEqual({ units: 3, reserved: 0 });
  });

  test('of several deliveries each says what became of it, and those without goods do not hold up the others', async () => {
    const { operations, product } = bench();
    const floor = floorOf(bench());
    const lamp = await product({ units: { QME: 1 } });
    const none = await product();
    const ready = await floor.delivery([{ product: lamp.id, units: 1 }]);
    const empty = await floor.delivery([{ product: none.id, units: 1 }]);
    const cancelled = await floor.delivery([{ product: none.id, units: 1 }]);
    await operations.deliveries.cancel(cancelled.id);
    const asked = [empty, ready, cancelled].map(({ id }) => ({ delivery: id }));
    await expect(operations.deliveries.ship(asked)).resolves.toMatchObject([
      { kind: 'refused', reason: 'nothing is set aside for it', transfer: { state: 'confirmed' } },
      { kind: 'done' },
      { kind: 'refused', reason: 'it is cancelled' },
    ]);
  });

  test('Odoo itself says yes to several deliveries although one was left as it was', async () => {
    const { client, operations, product } = bench();
    const floor = floorOf(bench());
    const lamp = await product({ units: { QME: 1 } });
    const ready = await floor.delivery([{ product: lamp.id, units: 1 }]);
    const empty = await floor.delivery([{ product: (await product()).id, units: 1 }]);
    const context = { skip_backorder: true, skip_sms: true };
    await expect(client.act('stock.picking', 'button_validate', [ready.id, empty.id], { context })).resolves.toBe(true);
    await expect(operations.deliveries.read(ready.id)).resolves.toMatchObject({ state: 'done' });
    await expect(operations.deliveries.read(empty.id)).resolves.toMatchObject({ state: 'confirmed' });
  });

  test('more than is set aside goes only when somebody insists, and makes the stock negative', async () => {
    const { operations, product, node } = bench();
    const floor = floorOf(bench());
    const lamp = await product({ units: { QME: 1 } });
    const delivery = await floor.delivery([{ product: lamp.id, units: 3 }]);
    const shipping = { delivery: delivery.id, units: [{ move: firstMove(delivery).id, units: 3 }] };
    await expect(operations.deliveries.ship([shipping])).resolves.toMatchObject([{ kind: 'refused', transfer: { state: 'assigned' } }]);
    await expect(operations.deliveries.ship([{ ...shipping, force: true }])).resolves.toMatchObject([{ kind: 'done' }]);
    await expect(floor.stock(lamp.id, node('QME').lot_stock_id)).resolves.toEqual({ units: -2, reserved: 0 });
  });

  test('a label is put to a delivery once, also when it has left', async () => {
    const { operations, product } = bench();
    const lamp = await product({ units: { QME: 1 } });
    const { id } = await floorOf(bench()).delivery([{ product: lamp.id, units: 1 }]);
    await operations.deliveries.ship([{ delivery: id }]);
    const label = { delivery: id, name: 'label.pdf', content: new TextEncoder().encode(`%PDF ${id}`) };
    const first = await operations.deliveries.attach(label);
    await expect(operations.deliveries.attach(label)).resolves.toEqual(first);
    const other = await operations.deliveries.attach({ ...label, content: new TextEncoder().encode('%PDF another') });
    expect(other.id).not.toBe(first.id);
  });

  test('a tracking number comes after the goods have left', async () => {
    const { operations, product } = bench();
    const lamp = await product({ units: { QME: 1 } });
    const { id } = await floorOf(bench()).delivery([{ product: lamp.id, units: 1 }]);
    await operations.deliveries.ship([{ delivery: id }]);
    await expect(operations.deliveries.track({ delivery: id, tracking: ['LATE'], price: '3.50' })).resolves.toMatchObject({
      tracking: 'LATE',
      carrierPrice: 3.5,
      state: 'done',
    });
  });

  test('a delivery that has left is not cancelled; one that has not gives its goods back, twice if asked', async () => {
    const { operations, product, node } = bench();
    const floor = floorOf(bench());
    const lamp = await product({ units: { QME: 2 } });
    const left = await floor.delivery([{ product: lamp.id, units: 1 }]);
    const stays = await floor.delivery([{ product: lamp.id, units: 1 }]);
    await operations.deliveries.ship([{ delivery: left.id }]);
    await expect(operations.deliveries.cancel(left.id)).rejects.toMatchObject({ code: 'refused' });
    for (const _again of [1, 2]) await expect(operations.deliveries.cancel(stays.id)).resolves.toMatchObject({ state: 'cancel' });
    await expect(floor.stock(lamp.id, node('QME').lot_stock_id)).resolves.toEqual({ units: 1, reserved: 0 });
  });

  test('an urgent delivery has the star and its date, and once it is gone neither is written any more', async () => {
    const { operations, product, odoo } = bench();
    const lamp = await product({ units: { QME: 1 } });
    const { id } = await floorOf(bench()).delivery([{ product: lamp.id, units: 1 }]);
    const plan = { delivery: id, urgent: true, scheduledAt: '2026-11-25T09:30:00.000Z' };
    for (const _again of [1, 2]) await expect(operations.deliveries.plan(plan)).resolves.toMatchObject(plan);
    await expect(operations.deliveries.plan({ delivery: id, urgent: false })).resolves.toMatchObject({ ...plan, urgent: false });
    const [row] = await odoo.read('stock.picking', [id], ['priority', 'scheduled_date', 'state']);
    expect(row).toMatchObject({ priority: '0', scheduled_date: plan.scheduledAt, state: 'assigned' });
    await operations.deliveries.ship([{ delivery: id }]);
    await expect(operations.deliveries.plan(plan)).rejects.toMatchObject({ code: 'refused' });
  });

  test('what a customer was promised is the deadline of what is still open', async () => {
    const { operations, product } = bench();
    const lamp = await product({ units: { QME: 1 } });
    const { id, order } = await floorOf(bench()).delivery([{ product: lamp.id, units: 1 }]);
    const promise = { order: order ?? 0, deliverBy: '2026-11-27T17:00:00.000Z' };
    for (const _again of [1, 2]) await expect(operations.orders.promise(promise)).resolves.toEqual(promise);
    await expect(operations.deliveries.plan({ delivery: id })).resolves.toMatchObject({ urgent: false, deadline: promise.deliverBy });
    await operations.orders.cancel([promise.order]);
    await expect(operations.orders.promise({ ...promise, deliverBy: '2026-11-28T17:00:00.000Z' })).rejects.toMatchObject({
      code: 'refused',
    });
  });
}
