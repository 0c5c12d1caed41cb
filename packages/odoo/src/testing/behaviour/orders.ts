import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { money, multiplyPrice, addMoney, zero, type ErpLineDraft, type ErpOrderDraft } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { odooErp } from '../../erp/erp.ts';
import { shippingSku } from '../../erp/service-products.ts';
import { address, productLine } from '../shop-floor.ts';
import type { Workbench } from './workbench.ts';

/** A draft of lines with the total that they come to. */
export function draftWith(bench: Workbench, lines: readonly ErpLineDraft[], changes: Partial<ErpOrderDraft> = {}): ErpOrderDraft {
  const orderId = bench.unique('order');
  return {
    key: { scope: { tenant: 't', company: 'c', connection: 'orders' }, orderId },
    reference: `#${orderId}`,
    placedAt: '2026-11-20T08:15:00.000Z',
    subject: `subject ${orderId}`,
    shipTo: { ...address, phone: null },
    billTo: null,
    lines,
    total: addMoney(zero('EUR'), ...lines.map((line) => multiplyPrice(line.unitPrice, line.quantity, 'EUR'))),
    ...changes,
  };
}

const kinds = (outcomes: readonly { readonly kind: string }[]) => outcomes.map(({ kind }) => kind);

/** Orders: writing many, changing them, moving them between warehouses; and that a salesperson may do all of it. */
export function ordersBehave(bench: () => Workbench): void {
  test('many orders are written at once, each with an answer of its own in the order of asking', async () => {
    const { operations, product } = bench();
    const lamp = await product({ units: { QME: 50, QMW: 50 } });
    const drafts = Array.from({ length: 7 }, (_, index) =>
      draftWith(bench(), [productLine('1', lamp.sku, index + 1, index % 2 === 0 ? 'QME' : 'QMW')]),
    );
    const outcomes = await operations.orders.write(drafts);
    expect(outcomes.map((outcome) => outcome.kind !== 'failed' && outcome.order.total)).toEqual(drafts.map((draft) => draft.total));
    expect(outcomes.map((outcome) => outcome.kind !== 'failed' && outcome.order.deliveries.map((delivery) => delivery.state))).toEqual(
      drafts.map(() => ['ready']),
    );
  });

  test('orders that are there are found and left as they are', async () => {
    const { operations, odoo, product } = bench();
    const lamp = await product({ units: { QME: 50 } });
    const drafts = [1, 2].map((quantity) => draftWith(bench(), [productLine('1', lamp.sku, quantity, 'QME')]));
    const [first] = await operations.orders.write(drafts.slice(0, 1));
    const before = first?.kind === 'written' ? first.order : null;
    await odoo.write('sale.order', [Number(before?.ref)], { client_order_ref: 'changed by people' });
    const again = await operations.orders.write(drafts.map((draft) => ({ ...draft, reference: 'other' })));
    expect(kinds(again)).toEqual(['found', 'written']);
    const [row] = await odoo.read('sale.order', [Number(before?.ref)], ['client_order_ref']);
    expect(row?.client_order_ref).toBe('changed by people');
  });

  test('an order that is asked for twice in one go is one', async () => {
    const { operations, odoo, product } = bench();
    const lamp = await product({ units: { QME: 50 } });
    const draft = draftWith(bench(), [productLine('1', lamp.sku, 1, 'QME')]);
    const outcomes = await operations.orders.write([draft, draft]);
    expect(outcomes).toHaveLength(2);
    expect(await odoo.count('sale.order', [['client_order_ref', '=', draft.reference]])).toBe(1);
  });

  test('orders of one customer share the customer, and have an address each', async () => {
    const { operations, odoo, product } = bench();
    const lamp = await product({ units: { QME: 50 } });
    const subject = bench().unique('subject');
    const streets = ['Main Street 1', 'Side Street 2'];
    const outcomes = await operations.orders.write(
      streets.map((street) =>
        draftWith(bench(), [productLine('1', lamp.sku, 1, 'QME')], { subject, shipTo: { ...address, phone: null, lines: [street] } }),
      ),
    );
    const ids = outcomes.map((outcome) => (outcome.kind === 'failed' ? 0 : Number(outcome.order.ref)));
    const rows = await odoo.read('sale.order', ids, ['partner_id', 'partner_shipping_id']);
    expect(new Set(rows.map((row) => row.partner_id)).size).toBe(1);
    const places = await odoo.read(
      'res.partner',
      rows.flatMap((row) => row.partner_shipping_id ?? []),
      ['street', 'parent_id'],
    );
    expect(places.map((place) => [place.street, place.parent_id])).toEqual(streets.map((street) => [street, rows[0]?.partner_id]));
  });

  test('orders that cannot be written say why, and keep no other out', async () => {
    const { operations, product } = bench();
    const lamp = await product({ units: { QME: 50 } });
    const line = productLine('1', lamp.sku, 1, 'QME');
    const outcomes = await operations.orders.write([
      draftWith(bench(), [line]),
      draftWith(bench(), [productLine('1', 'no such thing', 1, 'QME')]),
      draftWith(bench(), [line], { total: money(1, 'EUR') }),
      draftWith(bench(), [line], { shipTo: { ...address, country: 'XX' } }),
      draftWith(bench(), [productLine('1', lamp.sku, 1, 'NOWHERE')]),
      draftWith(bench(), [line]),
    ]);
    expect(kinds(outcomes)).toEqual(['written', 'failed', 'failed', 'failed', 'failed', 'written']);
    const reasons = outcomes.flatMap((outcome) => (outcome.kind === 'failed' ? outcome.fault.message : []));
    expect(reasons.map((reason) => /no such thing|0\.01 EUR|XX|NOWHERE/.exec(reason)?.[0])).toEqual([
      'no such thing',
      '0.01 EUR',
      'XX',
      'NOWHERE',
    ]);
  });

  test('an order that Odoo itself refuses is found out among the others', async () => {
    const { operations, odoo, product } = bench();
    const lamp = await product({ units: { QME: 50 } });
    const drafts = [1, 2, 3, 4].map((quantity) => draftWith(bench(), [productLine('1', lamp.sku, quantity, 'QME')]));
    const bad = drafts.map((draft, index) => (index === 2 ? { ...draft, placedAt: '0000-01-01T00:00:00.000Z' } : draft));
    const outcomes = await operations.orders.write(bad);
    expect(kinds(outcomes)).toEqual(['written', 'written', 'failed', 'written']);
    expect(await odoo.count('sale.order', [['client_order_ref', 'in', drafts.map((draft) => draft.reference)]])).toBe(3);
  });

  test('orders are confirmed many at once, and once only', async () => {
    const { operations, odoo, product, customer, node } = bench();
    const lamp = await product({ units: { QME: 3 } });
    const partner = await customer();
    const values = {
      partner_id: partner,
      warehouse_id: node('QME').id,
      order_line: [odoo.command.create('sale.order.line', { product_id: lamp.id, product_uom_qty: 1 })],
    };
    const ids = await odoo.create('sale.order', [values, values, values]);
    for (const _again of [1, 2])
      await expect(operations.orders.confirm(ids)).resolves.toEqual(ids.map((order) => ({ order, state: 'sale' })));
    expect(await odoo.count('stock.picking', [['sale_id', 'in', ids]])).toBe(3);
    await expect(operations.orders.findOverReservation({ products: [lamp.id] })).resolves.toEqual([]);
  });

  test('a cancelled order stays cancelled, and is not confirmed any more', async () => {
    const { operations, product } = bench();
    const lamp = await product({ units: { QME: 3 } });
    const [outcome] = await operations.orders.write([draftWith(bench(), [productLine('1', lamp.sku, 1, 'QME')])]);
    const id = outcome?.kind === 'written' ? Number(outcome.order.ref) : 0;
    for (const _again of [1, 2]) await expect(operations.orders.cancel([id])).resolves.toEqual([{ order: id, state: 'cancel' }]);
    await expect(operations.orders.confirm([id])).rejects.toMatchObject({ code: 'refused' });
  });

  test('a changed quantity reaches the open delivery, up, down and to nothing', async () => {
    const { operations, odoo, erp, product } = bench();
    const lamp = await product({ units: { QME: 10 } });
    const draft = draftWith(bench(), [productLine('1', lamp.sku, 3, 'QME'), productLine('2', lamp.sku, 1, 'QME')]);
    const order = await erp.writeOrder(draft, intentMemo('w'));
    const [line] = await odoo.searchRead(
      'sale.order.line',
      [
        ['order_id', '=', Number(order.ref)],
        ['sequence', '=', 1],
      ],
      [],
    );
    const id = line?.id ?? 0;
    for (const quantity of [5, 5, 2, 0]) {
      const [after] = await operations.orders.changeQuantity([{ line: id, quantity }]);
      expect(after).toEqual({ line: id, quantity, delivered: 0, waiting: quantity });
    }
    const [other] = (await erp.findOrder(draft.key))?.deliveries ?? [];
    expect(other?.lines.map(({ lineId, demand }) => [lineId, demand])).toEqual([['2', 1]]);
  });

  test('a quantity below what was delivered is refused', async () => {
    const { operations, odoo, erp, product } = bench();
    const lamp = await product({ units: { QME: 10 } });
    const draft = draftWith(bench(), [productLine('1', lamp.sku, 3, 'QME')]);
    const order = await erp.writeOrder(draft, intentMemo('w'));
    await erp.ship(
      { key: draft.key, node: 'QME', lines: [{ lineId: '1', units: 2 }], carrier: 'UPS', trackingNumbers: [] },
      intentMemo('s'),
    );
    const [line] = await odoo.searchRead('sale.order.line', [['order_id', '=', Number(order.ref)]], []);
    const id = line?.id ?? 0;
    await expect(operations.orders.changeQuantity([{ line: id, quantity: 1 }])).rejects.toMatchObject({ code: 'refused' });
    await expect(operations.orders.changeQuantity([{ line: id, quantity: 2 }])).resolves.toEqual([
      { line: id, quantity: 2, delivered: 2, waiting: 0 },
    ]);
  });

  test('a delivery moves to another warehouse with what is there set aside, and gives back what it held', async () => {
    const { operations, erp, product, run } = bench();
    const lamp = await product({ units: { QME: 5, QMW: 5 } });
    const draft = draftWith(bench(), [productLine('1', lamp.sku, 2, 'QME')]);
    const order = await erp.writeOrder(draft, intentMemo('w'));
    const request = { key: `${run} ${order.ref}`, delivery: Number(order.deliveries[0]?.ref), node: 'QMW' };
    const moved = await operations.orders.moveToNode(request);
    await expect(operations.orders.moveToNode(request)).resolves.toEqual(moved);
    const deliveries = (await erp.findOrder(draft.key))?.deliveries.map(({ node, state, lines }) => [node, state, lines[0]?.reserved]);
    expect(deliveries).toEqual([['QMW', 'ready', 2]]);
    const positions = await erp.stock({ nodes: ['QME', 'QMW'], skus: [lamp.sku] });
    expect(new Map(positions.map(({ node, reserved }) => [node, reserved]))).toEqual(
      new Map([
        ['QME', 0],
        ['QMW', 2],
      ]),
    );
  });

  test('one line of a delivery moves alone, the other one stays reserved where it was', async () => {
    const { operations, odoo, erp, product, run } = bench();
    const lamp = await product({ units: { QME: 5, QMW: 5 } });
    const desk = await product({ units: { QME: 5, QMW: 5 } });
    const draft = draftWith(bench(), [productLine('1', lamp.sku, 2, 'QME'), productLine('2', desk.sku, 1, 'QME')]);
    const order = await erp.writeOrder(draft, intentMemo('w'));
    const delivery = Number(order.deliveries[0]?.ref);
    const [move] = await odoo.searchRead(
      'stock.move',
      [
        ['picking_id', '=', delivery],
        ['product_id', '=', desk.id],
      ],
      [],
    );
    await operations.orders.moveToNode({ key: `${run} ${order.ref}`, delivery, node: 'QMW', moves: [move?.id ?? 0] });
    const deliveries = (await erp.findOrder(draft.key))?.deliveries.map(({ node, state, lines }) => [
      node,
      state,
      lines.map((line) => line.lineId),
    ]);
    expect(deliveries).toEqual([
      ['QME', 'ready', ['1']],
      ['QMW', 'ready', ['2']],
    ]);
  });

  test('what has left does not move', async () => {
    const { operations, erp, product, run } = bench();
    const lamp = await product({ units: { QME: 5 } });
    const draft = draftWith(bench(), [productLine('1', lamp.sku, 1, 'QME')]);
    await erp.writeOrder(draft, intentMemo('w'));
    const { ref } = await erp.ship(
      { key: draft.key, node: 'QME', lines: [{ lineId: '1', units: 1 }], carrier: '', trackingNumbers: [] },
      intentMemo('s'),
    );
    await expect(operations.orders.moveToNode({ key: `${run} ${ref}`, delivery: Number(ref), node: 'QMW' })).rejects.toMatchObject({
      code: 'refused',
    });
  });

  test('reference and note are written on their own', async () => {
    const { operations, odoo, erp, product } = bench();
    const lamp = await product({ units: { QME: 5 } });
    const order = await erp.writeOrder(draftWith(bench(), [productLine('1', lamp.sku, 1, 'QME')]), intentMemo('w'));
    await operations.orders.changeTexts({ order: Number(order.ref), reference: 'PO 77' });
    const [row] = await odoo.read('sale.order', [Number(order.ref)], ['client_order_ref', 'state']);
    expect(row).toMatchObject({ client_order_ref: 'PO 77', state: 'sale' });
  });

  test('with an order per warehouse the port is the same: found, allocated, shipped, cancelled, and the totals add up', async () => {
    const { administrator, odoo, product, run } = bench();
    const erp = odooErp({ connection: 'odoo', ...administrator, warehouseSplit: 'order-per-warehouse' });
    const lamp = await product({ units: { QME: 5, QMW: 5 } });
    const draft = draftWith(bench(), [
      productLine('1', lamp.sku, 1, 'QME', '9.99'),
      productLine('2', lamp.sku, 2, 'QMW', '8.53'),
      productLine('3', lamp.sku, 1, null, '7.01'),
      { id: 'ship', kind: 'service', sku: shippingSku, title: 'Shipping', quantity: 1, unitPrice: '4.95', node: null },
    ]);
    const { key } = draft;
    const written = await erp.writeOrder(draft, intentMemo('w'));
    expect(written).toMatchObject({ state: 'confirmed', total: draft.total });
    expect(written.deliveries.map(({ node, lines }) => [node, lines.map((line) => line.lineId)])).toEqual([
      ['QME', ['1']],
      ['QMW', ['2']],
      [null, ['3']],
    ]);
    const rows = await odoo.read('sale.order', written.ref.split(',').map(Number), ['client_order_ref', 'amount_total']);
    expect(rows.map((row) => [row.client_order_ref, row.amount_total])).toEqual([
      [draft.reference, '14.94'],
      [draft.reference, '17.06'],
      [draft.reference, '7.01'],
    ]);
    await expect(erp.writeOrder(draft, intentMemo('w2'))).resolves.toEqual(written);
    await expect(odooErp({ connection: 'odoo', ...administrator }).findOrder(key)).resolves.toEqual(written);
    for (const _again of [1, 2]) await erp.allocate({ key, node: 'QMW', lineIds: ['3'] }, intentMemo(`a ${run}`));
    await erp.ship({ key, node: 'QME', lines: [{ lineId: '1', units: 1 }], carrier: 'UPS', trackingNumbers: ['1Z'] }, intentMemo('s'));
    const cancelled = await erp.cancelOrder(key, intentMemo('c'));
    expect([cancelled.state, cancelled.deliveries.map(({ node, state }) => [node, state])]).toEqual([
      'cancelled',
      [
        ['QME', 'done'],
        ['QMW', 'cancelled'],
        ['QMW', 'cancelled'],
      ],
    ]);
  });

  test.each(['route-per-line', 'order-per-warehouse'] as const)(
    'a salesperson takes an order from writing to shipping and cancelling (%s)',
    async (warehouseSplit) => {
      const { salesperson, odoo, product, unique } = bench();
      const erp = odooErp({ connection: 'odoo', ...salesperson, warehouseSplit });
      const lamp = await product({ units: { QME: 5, QMW: 5 } });
      const draft = draftWith(bench(), [productLine('1', lamp.sku, 2, 'QME'), productLine('2', lamp.sku, 1, null)]);
      const { key } = draft;
      const order = await erp.writeOrder(draft, intentMemo('w'));
      await expect(erp.writeOrder(draft, intentMemo('w2'))).resolves.toEqual(order);
      await erp.allocate({ key, node: 'QMW', lineIds: ['2'] }, intentMemo(unique('a')));
      await erp.changeAddress({ key, shipTo: { ...address, phone: null, lines: ['Side Street 2'] } }, intentMemo('m'));
      const delivery = await erp.ship(
        { key, node: 'QME', lines: [{ lineId: '1', units: 1 }], carrier: 'UPS', trackingNumbers: ['1Z'] },
        intentMemo('s'),
      );
      expect(delivery.state).toBe('done');
      const left = await erp.cancelOrder(key, intentMemo('c'));
      expect(left.deliveries.map(({ state }) => state).sort()).toEqual(['cancelled', 'cancelled', 'done']);
      expect(await odoo.count('sale.order', [['client_order_ref', '=', draft.reference]])).toBeGreaterThan(0);
    },
  );
}
