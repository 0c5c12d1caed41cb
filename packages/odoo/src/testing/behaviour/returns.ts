import { expect, test } from 'vitest';
import { firstMove, floorOf } from './floor.ts';
import type { Workbench } from './workbench.ts';

export function returnsBehave(bench: () => Workbench): void {
  async function shipped(units: number) {
    const { operations, product } = bench();
    const lamp = await product({ units: { QME: units } });
    const delivery = await floorOf(bench()).delivery([{ product: lamp.id, units }]);
    await operations.deliveries.ship([{ delivery: delivery.id }]);
    return { product: lamp.id, delivery: delivery.id, move: firstMove(delivery).id, order: delivery.order };
  }

  test('goods come back to a place for inspection, once, and lower what the customer has', async () => {
    const { operations, unique, node } = bench();
    const floor = floorOf(bench());
    const sent = await shipped(3);
    const inspection = await floor.place();
    const request = { key: unique('return'), delivery: sent.delivery, lines: [{ move: sent.move, units: 2 }], to: inspection };
    const made = await operations.returns.create(request);
    expect(made).toMatchObject({ kind: 'incoming', state: 'assigned', order: sent.order, to: inspection, moves: [{ demand: 2 }] });
    await expect(operations.returns.create(request)).resolves.toEqual(made);
    for (const _again of [1, 2]) await expect(operations.returns.receive({ transfer: made.id })).resolves.toMatchObject({ kind: 'done' });
    await expect(operations.returns.create(request)).resolves.toMatchObject({ id: made.id, state: 'done' });
    await expect(floor.stock(sent.product, inspection)).resolves.toEqual({ units: 2, reserved: 0 });
    await expect(floor.stock(sent.product, node('QME').lot_stock_id)).resolves.toMatchObject({ units: 0 });
    await expect(floor.delivered(sent.order)).resolves.toBe(1);
  });

  test('nothing comes back of a delivery that has not left', async () => {
    const { operations, product, unique } = bench();
    const lamp = await product({ units: { QME: 1 } });
    const delivery = await floorOf(bench()).delivery([{ product: lamp.id, units: 1 }]);
    const request = { key: unique('return'), delivery: delivery.id, lines: [{ move: firstMove(delivery).id, units: 1 }] };
    await expect(operations.returns.create(request)).rejects.toMatchObject({ code: 'refused' });
  });

  test('no more comes back than went, whatever is on its way already', async () => {
    const { operations, unique } = bench();
    const sent = await shipped(2);
    const back = (units: number) => ({ key: unique('return'), delivery: sent.delivery, lines: [{ move: sent.move, units }] });
    await operations.returns.create(back(1));
    await expect(operations.returns.create(back(2))).rejects.toMatchObject({ code: 'refused' });
    await expect(operations.returns.create(back(1))).resolves.toMatchObject({ state: 'assigned' });
  });

  test('without a place the goods go where the operation type says', async () => {
    const { operations, unique, node } = bench();
    const sent = await shipped(1);
    const made = await operations.returns.create({
      key: unique('return'),
      delivery: sent.delivery,
      lines: [{ move: sent.move, units: 1 }],
    });
    expect(made).toMatchObject({ to: node('QME').lot_stock_id });
  });

  test('the lot that went is the lot that comes back', async () => {
    const { operations, unique } = bench();
    const floor = floorOf(bench());
    const milk = await floor.tracked('lot', [2, 2]);
    const delivery = await floor.delivery([{ product: milk.id, units: 1 }]);
    await operations.deliveries.ship([{ delivery: delivery.id }]);
    const lot = milk.lots[0]?.id;
    const made = await operations.returns.create({
      key: unique('return'),
      delivery: delivery.id,
      lines: [{ move: firstMove(delivery).id, units: 1 }],
    });
    expect(made).toMatchObject({ moves: [{ lines: [{ lot, units: 1 }] }] });
    await expect(operations.returns.receive({ transfer: made.id })).resolves.toMatchObject({ kind: 'done' });
  });

  test('after inspection goods go to the shelf, to scrap, or stay, each decision once', async () => {
    const { operations, unique, node } = bench();
    const floor = floorOf(bench());
    const sent = await shipped(3);
    const inspection = await floor.place();
    const made = await operations.returns.create({
      key: unique('return'),
      delivery: sent.delivery,
      lines: [{ move: sent.move, units: 3 }],
      to: inspection,
    });
    await operations.returns.receive({ transfer: made.id });
    const about = { transfer: made.id, move: firstMove(made).id, units: 1 };
    const shelf = { ...about, key: unique('verdict'), verdict: { kind: 'stock', location: node('QME').lot_stock_id } } as const;
    const scrap = { ...about, key: unique('verdict'), verdict: { kind: 'scrap' } } as const;
    for (const _again of [1, 2]) {
      await operations.returns.dispose(shelf);
      await operations.returns.dispose(scrap);
      await operations.returns.dispose({ ...about, key: unique('verdict'), verdict: { kind: 'keep' } });
    }
    await expect(floor.stock(sent.product, inspection)).resolves.toEqual({ units: 1, reserved: 0 });
    await expect(floor.stock(sent.product, node('QME').lot_stock_id)).resolves.toEqual({ units: 1, reserved: 0 });
  });

  test('part of a return is received and the rest is still awaited', async () => {
    const { operations, unique } = bench();
    const sent = await shipped(2);
    const made = await operations.returns.create({
      key: unique('return'),
      delivery: sent.delivery,
      lines: [{ move: sent.move, units: 2 }],
    });
    const { backorders } = await operations.returns.receive({ transfer: made.id, units: [{ move: firstMove(made).id, units: 1 }] });
    await expect(operations.deliveries.read(backorders[0] ?? 0)).resolves.toMatchObject({ state: 'assigned', moves: [{ demand: 1 }] });
  });
}
