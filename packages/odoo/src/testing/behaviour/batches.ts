import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { ConnectorFault, type ErpBatchDraft, type ErpBatches, type ErpBatchMember, type ErpOrder } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { odooErp } from '../../erp/erp.ts';
import { draftOrder } from './drafts.ts';
import type { Workbench } from './workbench.ts';

type Written = {
  readonly member: ErpBatchMember;
  readonly order: ErpOrder;
  readonly delivery: { readonly ref: string; readonly name: string };
};

/** Waves that are shown to the people of the warehouse as batches. */
export function batchesBehave(bench: () => Workbench): void {
  const batches = (): ErpBatches => {
    const port = bench().erp.batches;
    if (port === null) throw new Error('the port has no batches');
    return port;
  };
  const write = (draft: ErpBatchDraft) => batches().write(draft, intentMemo('b'));

  /** An order of one lamp at a warehouse, with its delivery. */
  async function written(node: 'QME' | 'QMW' = 'QME', units = 5): Promise<Written> {
    const { sku } = await bench().product({ units: { [node]: units } });
    const draft = draftOrder(bench(), [{ sku, units: 1, node }]);
    const order = await bench().erp.writeOrder(draft, intentMemo('w'));
    const [delivery] = order.deliveries;
    if (delivery === undefined) throw new Error('the order has no delivery');
    return { member: { key: draft.key, node }, order, delivery: { ref: delivery.ref, name: delivery.name } };
  }

  function waveOf(...members: readonly ErpBatchMember[]): ErpBatchDraft {
    const id = bench().unique('wave');
    return { key: { id }, node: 'QME', name: `Wave ${id}`, scheduledAt: '2026-11-24T13:30:00.000Z', deliveries: members };
  }

  const shipped = async ({ member }: Written) => {
    const shipment = { ...member, lines: [{ lineId: '1', units: 1 }], carrier: 'UPS', trackingNumbers: [] };
    await bench().erp.ship(shipment, intentMemo('s'));
  };

  test('a wave appears as a batch of exactly its deliveries', async () => {
    const [first, second, other] = [await written(), await written(), await written()];
    const draft = waveOf(first.member, second.member);

    const batch = await write(draft);

    expect(batch).toEqual({
      ref: batch.ref,
      name: draft.name,
      state: 'in-progress',
      deliveries: [first.delivery, second.delivery],
      leftOut: [],
    });
    const [row] = await bench().odoo.read('stock.picking.batch', [Number(batch.ref)], ['name', 'scheduled_date', 'user_id', 'is_wave']);
    expect(row).toMatchObject({ name: draft.name, scheduled_date: '2026-11-24T13:30:00.000Z', user_id: null, is_wave: false });
    await expect(bench().operations.deliveries.read(Number(other.delivery.ref))).resolves.toMatchObject({ batch: null });
  });

  test('writing it twice is one batch', async () => {
    const { member } = await written();
    const draft = waveOf(member);
    const batch = await write(draft);
    await expect(write(draft)).resolves.toEqual(batch);
    const same = await bench().odoo.searchRead('stock.picking.batch', [['name', '=', draft.name]], ['name']);
    expect(same).toHaveLength(1);
  });

  test('two who write the same wave at once make one batch', async () => {
    const draft = waveOf((await written()).member, (await written()).member);
    const others = [1, 2, 3].map(() => odooErp({ connection: 'odoo', ...bench().administrator }).batches);
    await Promise.allSettled(others.map(async (each) => each?.write(draft, intentMemo('b'))));
    const batch = await write(draft);
    expect([batch.state, batch.deliveries.length]).toEqual(['in-progress', 2]);
    const same = await bench().odoo.searchRead('stock.picking.batch', [['name', '=', draft.name]], ['name']);
    expect(same.map(({ id }) => String(id))).toEqual([batch.ref]);
  });

  test('a batch is found by the wave that it stands for, and only by that', async () => {
    const { member } = await written();
    const draft = { ...waveOf(member), key: { scope: member.key.scope, id: bench().unique('wave') } };
    await expect(batches().find(draft.key)).resolves.toBeNull();
    const batch = await write(draft);
    await expect(batches().find(draft.key)).resolves.toEqual(batch);
    await expect(batches().find({ id: draft.key.id })).resolves.toBeNull();
    await expect(batches().find({ ...draft.key, scope: { ...draft.key.scope, company: 'other' } })).resolves.toBeNull();
  });

  test('a delivery that is done or elsewhere is left out, and said', async () => {
    const [goes, gone, west, cancelled] = [await written(), await written(), await written('QMW'), await written()];
    await shipped(gone);
    await bench().erp.cancelOrder(cancelled.member.key, intentMemo('c'));
    const unknown = { ...goes.member, key: { ...goes.member.key, orderId: bench().unique('nowhere') } };
    const moved = { ...west.member, node: 'QME' };

    const batch = await write(waveOf(goes.member, gone.member, west.member, moved, cancelled.member, unknown));

    expect(batch.deliveries).toEqual([goes.delivery]);
    expect(batch.leftOut.map(({ key, node, why }) => [key.orderId, node, why])).toEqual([
      [gone.member.key.orderId, 'QME', 'done'],
      [west.member.key.orderId, 'QMW', 'elsewhere'],
      [west.member.key.orderId, 'QME', 'elsewhere'],
      [cancelled.member.key.orderId, 'QME', 'cancelled'],
      [unknown.key.orderId, 'QME', 'no-order'],
    ]);
  });

  test('a delivery that somebody put into another batch stays there, and is said', async () => {
    const [goes, taken] = [await written(), await written()];
    const { id } = await bench().operations.waves.batch({ key: bench().unique('batch'), transfers: [Number(taken.delivery.ref)] });
    const batch = await write(waveOf(goes.member, taken.member));
    expect(batch).toMatchObject({ deliveries: [goes.delivery], leftOut: [{ why: 'in-another-batch' }] });
    await expect(bench().operations.deliveries.read(Number(taken.delivery.ref))).resolves.toMatchObject({ batch: id });
  });

  test('what people took out of a running batch is not put back, and is said', async () => {
    const [stays, taken] = [await written(), await written()];
    const draft = waveOf(stays.member, taken.member);
    const batch = await write(draft);
    await bench().operations.waves.remove({ batch: Number(batch.ref), transfers: [Number(taken.delivery.ref)] });
    await expect(write(draft)).resolves.toEqual({
      ...batch,
      deliveries: [stays.delivery],
      leftOut: [{ ...taken.member, why: 'not-in-batch' }],
    });
  });

  test('what leaves before the others leaves the batch, too, and the last to leave finishes it', async () => {
    const [first, second] = [await written(), await written()];
    const draft = waveOf(first.member, second.member);
    const batch = await write(draft);
    const left = { deliveries: [second.delivery], leftOut: [{ ...first.member, why: 'done' }] };
    await shipped(first);
    await expect(write(draft)).resolves.toEqual({ ...batch, ...left });
    await shipped(second);
    await expect(write(draft)).resolves.toEqual({ ...batch, ...left, state: 'done' });
  });

  test('a wave of which nothing can go becomes no batch', async () => {
    const gone = await written();
    await shipped(gone);
    const draft = waveOf(gone.member);
    await expect(write(draft)).rejects.toMatchObject({ code: 'refused', message: expect.stringContaining('done') });
    await expect(write(waveOf())).rejects.toBeInstanceOf(ConnectorFault);
    await expect(batches().find(draft.key)).resolves.toBeNull();
  });

  test('a batch sets nothing aside by itself, and what was set aside by hand stays as it is', async () => {
    const { operations } = bench();
    const [byHand, nobody] = [await written(), await written()];
    const reserved = async ({ delivery }: Written) =>
      (await operations.deliveries.read(Number(delivery.ref))).moves.map(({ demand, units }) => [demand, units]);
    await operations.deliveries.unreserve(Number(nobody.delivery.ref));
    await write(waveOf(byHand.member, nobody.member));
    await expect(reserved(byHand)).resolves.toEqual([[1, 1]]);
    await expect(reserved(nobody)).resolves.toEqual([[1, 0]]);
  });
}
