import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import type { ErpDelivery, ErpOrder, ErpOrderDraft } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { odooErp } from '../../erp/erp.ts';
import { draftOrder } from './drafts.ts';
import { floorOf } from './floor.ts';
import type { Workbench } from './workbench.ts';

/** Lines that are taken back from a node: it came up short, refused them, or something better was found. */
export function deallocationBehaves(bench: () => Workbench): void {
  async function stocked() {
    return { lamp: await bench().product({ units: { QME: 10, QMW: 10 } }), desk: await bench().product({ units: { QME: 10 } }) };
  }
  const reservedAt = async (product: number, node: 'QME' | 'QMW') =>
    (await floorOf(bench()).stock(product, bench().node(node).lot_stock_id)).reserved;

  const write = (draft: ErpOrderDraft) => bench().erp.writeOrder(draft, intentMemo('w'));
  const takeBack = ({ key }: ErpOrderDraft, lineIds: readonly string[], memo = intentMemo(bench().unique('d')), node = 'QME') =>
    bench().erp.deallocate({ key, node, lineIds }, memo);
  const ship = ({ key }: ErpOrderDraft, lineId: string, units: number, node = 'QME') =>
    bench().erp.ship({ key, node, lines: [{ lineId, units }], carrier: 'UPS', trackingNumbers: [] }, intentMemo(bench().unique('s')));

  /** Where the lines stand: node, state, and of each line its id, demand and what is set aside. */
  const standing = ({ deliveries }: ErpOrder) =>
    deliveries.map(({ node, state, lines }: ErpDelivery) => [node, state, lines.map((line) => [line.lineId, line.demand, line.reserved])]);

  test('lines taken back wait without a node and the reservation is freed', async () => {
    const { lamp, desk } = await stocked();
    const draft = draftOrder(bench(), [
      { sku: lamp.sku, units: 3, node: 'QME' },
      { sku: desk.sku, units: 2, node: 'QME' },
    ]);
    await write(draft);

    const order = await takeBack(draft, ['1']);

    expect(standing(order)).toEqual([
      ['QME', 'ready', [['2', 2, 2]]],
      [null, 'waiting', [['1', 3, 0]]],
    ]);
    await expect(Promise.all([reservedAt(lamp.id, 'QME'), reservedAt(desk.id, 'QME')])).resolves.toEqual([0, 2]);
  });

  test('a delivery that loses all its lines is cancelled, and nobody waits for it', async () => {
    const { lamp } = await stocked();
    const draft = draftOrder(bench(), [{ sku: lamp.sku, units: 3, node: 'QME' }]);
    const [before] = (await write(draft)).deliveries;
    const order = await takeBack(draft, ['1']);
    expect(standing(order)).toEqual([[null, 'waiting', [['1', 3, 0]]]]);
    await expect(bench().operations.deliveries.read(Number(before?.ref))).resolves.toMatchObject({ state: 'cancel', moves: [] });
  });

  test('repeated is the same', async () => {
    const { lamp } = await stocked();
    const draft = draftOrder(bench(), [{ sku: lamp.sku, units: 3, node: 'QME' }]);
    await write(draft);
    const memo = intentMemo(bench().unique('d'));
    const first = await takeBack(draft, ['1'], memo);
    await expect(takeBack(draft, ['1'], memo)).resolves.toEqual(first);
    await expect(takeBack(draft, ['1'])).resolves.toEqual(first);
  });

  test('two who take the same lines back at once take them back once', async () => {
    const { lamp } = await stocked();
    const draft = draftOrder(bench(), [{ sku: lamp.sku, units: 3, node: 'QME' }]);
    await write(draft);
    const request = { key: draft.key, node: 'QME', lineIds: ['1'] };
    const key = bench().unique('d');
    await Promise.allSettled(
      [1, 2, 3].map(() => odooErp({ connection: 'odoo', ...bench().administrator }).deallocate(request, intentMemo(key))),
    );
    expect(standing(await bench().erp.deallocate(request, intentMemo(key)))).toEqual([[null, 'waiting', [['1', 3, 0]]]]);
  });

  test('lines taken back are given to another node, and a late repeat of the taking back leaves them there', async () => {
    const { lamp } = await stocked();
    const draft = draftOrder(bench(), [{ sku: lamp.sku, units: 3, node: 'QME' }]);
    await write(draft);
    const memo = intentMemo(bench().unique('d'));
    await takeBack(draft, ['1'], memo);
    const there = await bench().erp.allocate({ key: draft.key, node: 'QME', lineIds: ['1'] }, intentMemo(bench().unique('a')));
    expect(standing(there)).toEqual([['QME', 'ready', [['1', 3, 3]]]]);
    await expect(takeBack(draft, ['1'], memo)).resolves.toEqual(there);
    await takeBack(draft, ['1']);
    const west = await bench().erp.allocate({ key: draft.key, node: 'QMW', lineIds: ['1'] }, intentMemo(bench().unique('a')));
    expect(standing(west)).toEqual([['QMW', 'ready', [['1', 3, 3]]]]);
    await expect(Promise.all([reservedAt(lamp.id, 'QME'), reservedAt(lamp.id, 'QMW')])).resolves.toEqual([0, 3]);
    await expect(ship(draft, '1', 3, 'QMW')).resolves.toMatchObject({ state: 'done' });
  });

  test('a delivery that left is refused', async () => {
    const { lamp } = await stocked();
    const draft = draftOrder(bench(), [{ sku: lamp.sku, units: 3, node: 'QME' }]);
    await write(draft);
    await ship(draft, '1', 3);
    await expect(takeBack(draft, ['1'])).rejects.toMatchObject({ code: 'refused' });
    expect(standing(await existing(draft))).toEqual([['QME', 'done', [['1', 3, 3]]]]);
  });

  test('after a part has left, the rest is taken back', async () => {
    const { lamp } = await stocked();
    const draft = draftOrder(bench(), [{ sku: lamp.sku, units: 3, node: 'QME' }]);
    await write(draft);
    await ship(draft, '1', 2);
    expect(standing(await takeBack(draft, ['1']))).toEqual([
      ['QME', 'done', [['1', 2, 2]]],
      [null, 'waiting', [['1', 1, 0]]],
    ]);
    await expect(reservedAt(lamp.id, 'QME')).resolves.toBe(0);
  });

  test('lines that are at another node, and lines of a cancelled order, are not taken back', async () => {
    const { lamp } = await stocked();
    const draft = draftOrder(bench(), [{ sku: lamp.sku, units: 3, node: 'QMW' }]);
    await write(draft);
    await expect(takeBack(draft, ['1'])).rejects.toMatchObject({ code: 'conflict' });
    await bench().erp.cancelOrder(draft.key, intentMemo('c'));
    await expect(takeBack(draft, ['1'], intentMemo('d'), 'QMW')).rejects.toMatchObject({ code: 'refused' });
  });

  test('a line that somebody began to pick is taken back with what was picked of it', async () => {
    const { lamp } = await stocked();
    const draft = draftOrder(bench(), [{ sku: lamp.sku, units: 3, node: 'QME' }]);
    const [delivery] = (await write(draft)).deliveries;
    const { moves } = await bench().operations.deliveries.read(Number(delivery?.ref));
    await bench().client.write(
      'stock.move',
      moves.map(({ id }) => id),
      { quantity: 2, picked: true },
    );
    expect(standing(await takeBack(draft, ['1']))).toEqual([[null, 'waiting', [['1', 3, 0]]]]);
    await expect(reservedAt(lamp.id, 'QME')).resolves.toBe(0);
  });

  test('a delivery of a batch is taken back, and the batch keeps the others', async () => {
    const { erp, unique } = bench();
    const { lamp } = await stocked();
    const drafts = [1, 2].map(() => draftOrder(bench(), [{ sku: lamp.sku, units: 1, node: 'QME' }]));
    for (const draft of drafts) await write(draft);
    const [back, stays] = drafts;
    if (back === undefined || stays === undefined) throw new Error('two orders were drafted');
    const id = unique('wave');
    const deliveries = drafts.map(({ key }) => ({ key, node: 'QME' }));
    await erp.batches?.write({ key: { id }, node: 'QME', name: id, scheduledAt: '2026-11-24T13:30:00.000Z', deliveries }, intentMemo('b'));

    await takeBack(back, ['1']);

    const kept = (await existing(stays)).deliveries.map(({ ref, name }) => ({ ref, name }));
    await expect(erp.batches?.find({ id })).resolves.toMatchObject({ state: 'in-progress', deliveries: kept });
  });

  async function existing({ key }: ErpOrderDraft): Promise<ErpOrder> {
    const order = await bench().erp.findOrder(key);
    if (order === null) throw new Error('the order is there');
    return order;
  }
}
