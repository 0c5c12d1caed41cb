import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { isFault, money, type Erp, type ErpOrderDraft, type ErpOrderKey } from '@quartermaster/domain';
import { beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { Json, OdooClient } from '../../client/client.ts';
import { nodeOf, type Layout } from '../../session/layout.ts';
import { prepareOdoo } from '../../setup/prepare.ts';
import { address, productLine } from '../shop-floor.ts';
import type { Workbench } from './workbench.ts';

/** What the port of the ERP relies on. */
export function erpBehaves(bench: () => Workbench): void {
  const run = Date.now().toString(36);
  const sku = `LAMP-${run}`;
  const scarce = `DESK-${run}`;
  let client: OdooClient;
  let layout: Layout;
  let erp: Erp;
  let orders = 0;

  beforeAll(async () => {
    await prepareOdoo(bench().administrator, {
      nodes: [],
      products: [
        { sku, name: 'Lamp', grams: 452, millilitres: 1_803, price: '9.99', kind: 'storable' },
        { sku: scarce, name: 'Desk', grams: 21_000, millilitres: 160_000, kind: 'storable' },
      ],
      stock: [
        { sku, node: 'QME', units: 100 },
        { sku, node: 'QMW', units: 100 },
        { sku: scarce, node: 'QMW', units: 2 },
      ],
      currency: 'EUR',
    });
    ({ client, erp } = bench());
    layout = bench().session.layout;
  }, 120_000);

  function nextKey(): ErpOrderKey {
    return { scope: { tenant: 't', company: 'c', connection: 'test' }, orderId: `${run}/${++orders}` };
  }

  function draftOf(lines: ErpOrderDraft['lines'], minor: number): ErpOrderDraft {
    return {
      key: nextKey(),
      reference: `#${orders}`,
      placedAt: '2026-11-20T08:15:00.000Z',
      subject: `subject-${run}`,
      shipTo: address,
      billTo: null,
      lines,
      total: money(minor, 'EUR'),
    };
  }

  const call = (
    model: string,
    method: string,
    ids: readonly number[],
    args: Record<string, Json> = {},
    context: Record<string, Json> = {},
  ) => client.call({ model, method, ids, args, context, repeat: 'never', timeout: 'write' }, z.unknown());

  const read = async (model: string, id: number, field: string) => {
    const rows = await client.call(
      { model, method: 'read', ids: [id], args: { fields: [field], load: '' }, repeat: 'always', timeout: 'read' },
      z.array(z.record(z.string(), z.unknown())),
    );
    return rows[0]?.[field];
  };

  async function someIds(): Promise<{ partner: number; product: number }> {
    const [partner] = await client.create('res.partner', [{ name: 'Walk-in' }]);
    const [product] = await client.searchRead(
      'product.product',
      { domain: [['default_code', '=', sku]], fields: ['id'] },
      z.object({ id: z.int() }),
    );
    return { partner: partner ?? 0, product: product?.id ?? 0 };
  }

  async function pickingsOf(order: { ref: string }): Promise<{ id: number; state: string; location_id: number }[]> {
    const row = z.object({ id: z.int(), state: z.string(), location_id: z.int() });
    return client.searchRead('stock.picking', { domain: [['sale_id', '=', Number(order.ref)]], fields: ['state', 'location_id'] }, row);
  }

  async function movesOf(order: { ref: string }): Promise<number[]> {
    const lists = await Promise.all((await pickingsOf(order)).map((picking) => read('stock.picking', picking.id, 'move_ids')));
    return lists.flatMap((list) => z.array(z.int()).parse(list));
  }

  test('odd cents over several lines add up', async () => {
    const lines = [
      productLine('1', sku, 3, 'QME', '0.33'),
      productLine('2', sku, 7, 'QMW', '1.07'),
      productLine('3', sku, 1, null, '25.01'),
      { ...productLine('4', 'QM-DISCOUNT', 1, null, '-1.02'), kind: 'service' as const },
    ];
    await expect(erp.writeOrder(draftOf(lines, 99 + 749 + 2_501 - 102), intentMemo('w'))).resolves.toMatchObject({
      total: money(3_247, 'EUR'),
    });
  });

  test('an order goes through from writing to shipping, every step twice', async () => {
    const draft = draftOf([productLine('1', sku, 2, 'QME'), productLine('2', sku, 1, null)], 2_997);
    const { key } = draft;
    const memos = {
      write: intentMemo('w'),
      allocate: intentMemo(`a ${run}`),
      ship: intentMemo('s'),
      move: intentMemo('m'),
      cancel: intentMemo('c'),
    };
    for (const _again of [1, 2]) await erp.writeOrder(draft, memos.write);
    for (const _again of [1, 2]) await erp.allocate({ key, node: 'QMW', lineIds: ['2'] }, memos.allocate);
    const shipment = { key, node: 'QME', lines: [{ lineId: '1', units: 1 }], carrier: 'UPS', trackingNumbers: [`1Z${run}`, `1Y${run}`] };
    const shipped = await erp.ship(shipment, memos.ship);
    await expect(erp.ship(shipment, memos.ship)).resolves.toEqual(shipped);
    for (const _again of [1, 2]) await erp.changeAddress({ key, shipTo: { ...address, lines: ['Side Street 2'] } }, memos.move);
    const order = await erp.findOrder(key);
    const deliveries = order?.deliveries.map(({ node, state, lines }) => [
      node,
      state,
      lines.map((line) => [line.lineId, line.reserved, line.demand]),
    ]);
    expect(deliveries).toEqual([
      ['QME', 'done', [['1', 1, 1]]],
      ['QMW', 'ready', [['2', 1, 1]]],
      ['QME', 'ready', [['1', 1, 1]]],
    ]);
    for (const _again of [1, 2]) await erp.cancelOrder(key, memos.cancel);
    expect((await erp.findOrder(key))?.deliveries.map((delivery) => delivery.state)).toEqual(['done', 'cancelled', 'cancelled']);
  });

  test('after a part was shipped, a new address reaches only what is still open', async () => {
    const draft = draftOf([productLine('1', sku, 1, 'QME'), productLine('2', sku, 1, 'QMW')], 1_998);
    const order = await erp.writeOrder(draft, intentMemo('w'));
    await erp.ship(
      { key: draft.key, node: 'QME', lines: [{ lineId: '1', units: 1 }], carrier: 'UPS', trackingNumbers: ['1'] },
      intentMemo('s'),
    );
    await erp.changeAddress({ key: draft.key, shipTo: { ...address, lines: ['New Street 9'] } }, intentMemo('m'));
    const streets = await Promise.all(
      order.deliveries.map(async ({ ref }) =>
        read('res.partner', z.int().parse(await read('stock.picking', Number(ref), 'partner_id')), 'street'),
      ),
    );
    expect(streets).toEqual(['Main Street 1', 'New Street 9']);
  });

  test('what is not there is not reserved, and an order takes only what is left', async () => {
    const order = await erp.writeOrder(draftOf([productLine('1', scarce, 3, 'QMW', '1.00')], 300), intentMemo('w'));
    expect(order.deliveries.map(({ state, lines }) => [state, lines.map((line) => line.reserved)])).toEqual([['waiting', [2]]]);
    await erp.cancelOrder(draftOf([], 0).key, intentMemo('c')).catch(() => undefined);
    const positions = await erp.stock({ nodes: ['QMW'], skus: [scarce] });
    expect(positions.map(({ sellable, reserved }) => [sellable, reserved])).toEqual([[2, 2]]);
  });

  test('an import is an upsert by external id, and lines without one come twice', async () => {
    const { partner, product } = await someIds();
    const fields = ['id', 'partner_id/.id', 'order_line/id', 'order_line/product_id/.id'];
    const row = [`__qm__.test_${run}_upsert`, String(partner), `__qm__.test_${run}_upsert_1`, String(product)];
    const first = await client.load('sale.order', fields, [row], 'never');
    await expect(client.load('sale.order', fields, [row], 'never')).resolves.toEqual(first);
    const id = first.kind === 'loaded' ? (first.ids[0] ?? 0) : 0;
    await expect(read('sale.order', id, 'order_line')).resolves.toHaveLength(1);
    await client.load('sale.order', ['id', 'order_line/product_id/.id'], [[row[0] ?? '', String(product)]], 'never');
    await expect(read('sale.order', id, 'order_line')).resolves.toHaveLength(2);
  });

  test('one bad row of an import keeps all of them out', async () => {
    const { partner } = await someIds();
    const rows = [
      [`__qm__.test_${run}_good`, String(partner)],
      [`__qm__.test_${run}_bad`, '99999999'],
    ];
    const loaded = await client.load('sale.order', ['id', 'partner_id/.id'], rows, 'never');
    expect(loaded).toMatchObject({ kind: 'failed', race: false });
    expect(loaded.kind === 'failed' && loaded.messages.map((message) => message.text)).toContain(
      "No matching record found for database id '99999999' in field 'Customer'",
    );
    await expect(
      client.load('sale.order', ['id', 'partner_id/.id'], [[`__qm__.test_${run}_good`, '99999999']], 'never'),
    ).resolves.toMatchObject({ kind: 'failed' });
  });

  test('an import reads times as UTC, whatever zone the user or the call has, and an empty cell clears the taxes', async () => {
    const { partner, product } = await someIds();
    const fields = [
      'id',
      'partner_id/.id',
      'date_order',
      'order_line/id',
      'order_line/product_id/.id',
      'order_line/price_unit',
      `order_line/${bench().session.vocabulary.saleLineTaxes}/.id`,
    ];
    const row = [`__qm__.test_${run}_zone`, String(partner), '2026-11-01 10:00:00', `__qm__.test_${run}_zone_1`, String(product), '10', ''];
    const loaded = z.object({ ids: z.array(z.int()) }).parse(
      await client.call(
        {
          model: 'sale.order',
          method: 'load',
          args: { fields, data: [row] },
          context: { tz: 'Europe/Brussels' },
          repeat: 'never',
          timeout: 'write',
        },
        z.unknown(),
      ),
    );
    const [id = 0] = loaded.ids;
    expect([await read('sale.order', id, 'date_order'), await read('sale.order', id, 'amount_total')]).toEqual(['2026-11-01 10:00:00', 10]);
  });

  test('an import that would confirm a cancelled order fails, and it stays cancelled', async () => {
    const draft = draftOf([productLine('1', sku, 1, 'QME')], 999);
    const order = await erp.writeOrder(draft, intentMemo('w'));
    await erp.cancelOrder(draft.key, intentMemo('c'));
    const { product } = await someIds();
    const names = z.array(z.object({ xmlid: z.string() })).parse(await call('sale.order', 'get_metadata', [Number(order.ref)]));
    const fields = ['id', 'state', 'order_line/id', 'order_line/product_id/.id'];
    const row = [names[0]?.xmlid ?? '', 'sale', `${names[0]?.xmlid ?? ''}_again`, String(product)];
    await expect(client.load('sale.order', fields, [row], 'never')).resolves.toMatchObject({ kind: 'failed' });
    await expect(read('sale.order', Number(order.ref), 'state')).resolves.toBe('cancel');
  });

  test('unreserving answers nothing, and did its work', async () => {
    const order = await erp.writeOrder(draftOf([productLine('1', sku, 1, 'QME')], 999), intentMemo('w'));
    const ids = (await pickingsOf(order)).map((picking) => picking.id);
    await expect(call('stock.picking', 'do_unreserve', ids)).resolves.toBeNull();
    await expect(pickingsOf(order)).resolves.toMatchObject([{ state: 'confirmed' }]);
  });

  test('a validation that leaves something over asks a person, and does nothing', async () => {
    const order = await erp.writeOrder(draftOf([productLine('1', sku, 2, 'QME')], 1_998), intentMemo('w'));
    const [picking] = await pickingsOf(order);
    await client.write('stock.move', await movesOf(order), { quantity: 1, picked: true });
    await expect(call('stock.picking', 'button_validate', [picking?.id ?? 0])).resolves.toMatchObject({
      res_model: 'stock.backorder.confirmation',
    });
    await expect(pickingsOf(order)).resolves.toMatchObject([{ state: 'assigned' }]);
  });

  test('a validation of nothing is refused', async () => {
    const order = await erp.writeOrder(draftOf([productLine('1', sku, 1, 'QME')], 999), intentMemo('w'));
    const ids = (await pickingsOf(order)).map((picking) => picking.id);
    await call('stock.picking', 'do_unreserve', ids);
    await expect(call('stock.picking', 'button_validate', ids, {}, { skip_sms: true, skip_backorder: true })).rejects.toMatchObject({
      code: 'refused',
    });
  });

  test('what is marked as picked is neither reserved further nor freed', async () => {
    const order = await erp.writeOrder(draftOf([productLine('1', sku, 3, 'QME')], 2_997), intentMemo('w'));
    const ids = (await pickingsOf(order)).map((picking) => picking.id);
    const [move = 0] = await movesOf(order);
    await client.write('stock.move', [move], { quantity: 1, picked: true });
    await call('stock.picking', 'action_assign', ids);
    await call('stock.picking', 'do_unreserve', ids);
    await expect(read('stock.move', move, 'quantity')).resolves.toBe(1);
    await client.write('stock.move', [move], { picked: false });
    await call('stock.picking', 'action_assign', ids);
    await expect(read('stock.move', move, 'quantity')).resolves.toBe(3);
  });

  test('after a shipment that broke off half-way, another one of the same delivery still goes out', async () => {
    const draft = draftOf([productLine('1', sku, 3, 'QME')], 2_997);
    const order = await erp.writeOrder(draft, intentMemo('w'));
    await client.write('stock.move', await movesOf(order), { quantity: 1, picked: true });
    const shipment = { key: draft.key, node: 'QME', lines: [{ lineId: '1', units: 3 }], carrier: 'UPS', trackingNumbers: [`2Z${run}`] };
    await expect(erp.ship(shipment, intentMemo('s'))).resolves.toMatchObject({ state: 'done', lines: [{ demand: 3, reserved: 3 }] });
  });

  test('a customer with a telephone is asked about a text message', async () => {
    const order = await erp.writeOrder(draftOf([productLine('1', sku, 1, 'QME')], 999), intentMemo('w'));
    const ids = (await pickingsOf(order)).map((picking) => picking.id);
    await expect(call('stock.picking', 'button_validate', ids)).resolves.toMatchObject({ res_model: 'confirm.stock.sms' });
  });

  test('of several deliveries the unreserved one is left, though the answer is yes', async () => {
    const order = await erp.writeOrder(draftOf([productLine('1', sku, 1, 'QME'), productLine('2', sku, 1, 'QMW')], 1_998), intentMemo('w'));
    const pickings = await pickingsOf(order);
    const ids = pickings.map((picking) => picking.id);
    await call('stock.picking', 'do_unreserve', ids.slice(0, 1));
    await expect(call('stock.picking', 'button_validate', ids, {}, { skip_sms: true, skip_backorder: true })).resolves.toBe(true);
    expect((await pickingsOf(order)).map((picking) => picking.state).sort()).toEqual(['confirmed', 'done']);
  });

  test('until Odoo 18 a confirmed order is not cancelled without being told not to ask', async () => {
    const order = await erp.writeOrder(draftOf([productLine('1', sku, 1, 'QME')], 999), intentMemo('w'));
    const answer = await call('sale.order', 'action_cancel', [Number(order.ref)]);
    const state = await read('sale.order', Number(order.ref), 'state');
    const asks = z.object({ res_model: z.literal('sale.order.cancel') }).safeParse(answer).success;
    expect({ asks, state }).toEqual(client.version < 19 ? { asks: true, state: 'sale' } : { asks: false, state: 'cancel' });
  });

  test('a shared route by its warehouse is passed over by Odoo 17, one of our own is not', async () => {
    const east = nodeOf(layout, 'QME', 'test');
    const west = nodeOf(layout, 'QMW', 'test');
    const [route] = await client.searchRead(
      'stock.warehouse',
      { domain: [['id', '=', west.id]], fields: ['delivery_route_id'] },
      z.object({ delivery_route_id: z.int() }),
    );
    await client.write('stock.route', [route?.delivery_route_id ?? 0], { sale_selectable: true });
    const { partner, product } = await someIds();
    const line = `order_line/${bench().session.vocabulary.saleLineRoute}/.id`;
    const fields = ['id', 'partner_id/.id', 'warehouse_id/.id', 'state', 'order_line/id', 'order_line/product_id/.id', line];
    const load = async (name: string, routeId: number) => {
      const row = [
        `__qm__.test_${run}_${name}`,
        String(partner),
        String(east.id),
        'sale',
        `__qm__.test_${run}_${name}_1`,
        String(product),
        String(routeId),
      ];
      const loaded = await client.load('sale.order', fields, [row], 'never');
      const [id = 0] = loaded.kind === 'loaded' ? loaded.ids : [];
      return (await pickingsOf({ ref: String(id) })).map((picking) => picking.location_id);
    };
    await expect(load('builtin', route?.delivery_route_id ?? 0)).resolves.toEqual([
      client.version === 17 ? east.lot_stock_id : west.lot_stock_id,
    ]);
    await expect(load('own', west.wayOut?.routeId ?? 0)).resolves.toEqual([west.lot_stock_id]);
  });

  test('a field that is not there is a fault of ours and not of the server', async () => {
    const error = await client
      .searchRead('sale.order', { domain: [['nofield', '=', 1]], fields: ['name'] }, z.unknown())
      .catch((thrown: unknown) => thrown);
    expect(isFault(error) && [error.code, error.facts.vendorCode]).toEqual(['invalid-request', 'builtins.ValueError']);
  });

  test('external ids are found without the right to read their table', async () => {
    const reference = (name: string) =>
      client.call(
        {
          model: 'ir.model.data',
          method: 'check_object_reference',
          args: { module: '__qm__', xml_id: name },
          repeat: 'always',
          timeout: 'read',
        },
        z.unknown(),
      );
    await expect(reference('route_QME')).resolves.toEqual(['stock.route', nodeOf(layout, 'QME', 'test').wayOut?.routeId]);
    await expect(reference('route_nowhere')).rejects.toMatchObject({ facts: { vendorCode: 'builtins.ValueError' } });
  });
}
