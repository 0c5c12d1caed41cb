import { systemClock } from '@quartermaster/connector-kit';
import { isFault } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { operationsOn } from '../../operations/odoo-operations.ts';
import { sessions } from '../../session/session.ts';
import { shopOf } from './shop.ts';
import type { NewProduct, Workbench } from './workbench.ts';

/** Vendor prices, purchase orders, receipts and bills, and the rules that reorder. */
export function purchasingBehaves(bench: () => Workbench): void {
  async function bought(quantity: number, more: NewProduct = {}) {
    const { operations, vendor } = shopOf(bench());
    const { id: product } = await bench().product(more);
    const lines = [{ id: '1', product, quantity, unitPrice: '4.00', expected: '2026-12-01T08:00:00.000Z' }];
    const draft = { key: bench().unique('po'), vendor: await vendor(), warehouse: bench().node('QME').id, lines };
    return { operations, product, draft, order: await operations.purchases.draft(draft) };
  }

  async function confirmed(quantity: number, more: NewProduct = {}) {
    const made = await bought(quantity, more);
    const order = await made.operations.purchases.confirm(made.order.id);
    return { ...made, order, receipt: order.receipts[0]?.id ?? 0, line: order.lines[0]?.id ?? 0 };
  }

  test('an order is drafted once per key and confirmed once', async () => {
    const { operations, draft, order } = await bought(10);
    expect(order).toMatchObject({
      state: 'draft',
      receipts: [],
      lines: [{ ordered: 10, unitPrice: 4, expected: '2026-12-01T08:00:00.000Z' }],
    });
    await expect(operations.purchases.draft(draft)).resolves.toEqual(order);
    const [first, again] = [await operations.purchases.confirm(order.id), await operations.purchases.confirm(order.id)];
    expect(first).toMatchObject({ state: 'purchase', receipts: [{ state: 'assigned' }] });
    expect(again).toEqual(first);
  });

  test('two who draft the same order at once make one', async () => {
    const { operations, draft } = await bought(1);
    const other = { ...draft, key: bench().unique('po') };
    await Promise.allSettled([1, 2, 3].map(async () => operations.purchases.draft(other)));
    const { id } = await operations.purchases.draft(other);
    const all = await bench().odoo.searchRead(
      'purchase.order',
      [
        ['partner_id', '=', draft.vendor],
        ['id', '>=', id],
      ],
      [],
    );
    expect(all.map((order) => order.id)).toEqual([id]);
  });

  test("a line without a price takes the vendor's, and is expected after the vendor's days", async () => {
    const { operations, vendor } = shopOf(bench());
    const { id: product } = await bench().product();
    const seller = await vendor();
    const price = { vendor: seller, product, from: 0, price: '3.50', leadDays: 3, vendorCode: 'V-1' };
    const first = await operations.vendorPrices.set({ ...price, price: '9.00' });
    await expect(operations.vendorPrices.set(price)).resolves.toEqual(first);
    const order = await operations.purchases.draft({
      key: bench().unique('po'),
      vendor: seller,
      warehouse: bench().node('QME').id,
      lines: [{ id: '1', product, quantity: 2 }],
    });
    expect(order.lines[0]?.unitPrice).toBe(3.5);
    const [row] = await bench().odoo.read('purchase.order', [order.id], ['date_order']);
    expect(Date.parse(order.lines[0]?.expected ?? '') - Date.parse(row?.date_order ?? '')).toBe(3 * 86_400_000);
  });

  test('goods are expected at another time', async () => {
    const { operations, order } = await confirmed(10);
    await expect(operations.purchases.expect({ order: order.id, at: '2026-12-09T08:00:00.000Z' })).resolves.toMatchObject({
      expected: '2026-12-09T08:00:00.000Z',
    });
    const [move] = await bench().odoo.searchRead(
      'stock.move',
      [['purchase_line_id', 'in', order.lines.map((line) => line.id)]],
      ['date_deadline'],
    );
    expect(move?.date_deadline).toBe('2026-12-09T08:00:00.000Z');
  });

  test('a part is received, the rest stays open, and a repeat receives nothing more', async () => {
    const { operations, order, receipt, line } = await confirmed(10);
    const part = { order: order.id, receipt, lines: [{ line, quantity: 4 }] };
    for (const _again of [1, 2]) {
      const { lines, receipts } = await operations.purchases.receive(part);
      expect([lines[0]?.received, receipts.map(({ state }) => state).toSorted()]).toEqual([4, ['assigned', 'done']]);
    }
  });

  test('lots are received by name', async () => {
    const { operations, order, receipt, line, product } = await confirmed(10, { tracking: 'lot' });
    const names = [bench().unique('LOT'), bench().unique('LOT')] as const;
    const lots = [
      { name: names[0], quantity: 3 },
      { name: names[1], quantity: 1 },
    ];
    const { lines } = await operations.purchases.receive({ order: order.id, receipt, lines: [{ line, quantity: 4, lots }] });
    expect(lines[0]?.received).toBe(4);
    const made = await bench().odoo.searchRead('stock.lot', [['product_id', '=', product]], ['name', 'product_qty']);
    expect(made.map((lot) => [lot.name, lot.product_qty])).toEqual([
      [names[0], 3],
      [names[1], 1],
    ]);
  });

  test('receipts are told with their supplier, against the date that was promised: what came, and what is still to come', async () => {
    const { operations, product, draft, order, receipt, line } = await confirmed(10);
    const since = new Date(Date.parse(bench().session.clock.now()) - 3_600_000).toISOString();
    await operations.purchases.expect({ order: order.id, at: '2026-12-09T08:00:00.000Z' });
    await operations.purchases.receive({ order: order.id, receipt, lines: [{ line, quantity: 4 }] });

    const all = (await bench().erp.history?.receipts({ nodes: ['QME', 'QMW'], since })) ?? [];

    const [row] = await bench().odoo.read('product.product', [product], ['default_code']);
    const same = { supplier: String(draft.vendor), sku: row?.default_code, node: 'QME', promisedAt: '2026-12-09T08:00:00.000Z' };
    const ours = all.filter(({ sku }) => sku === row?.default_code);
    expect(ours.toSorted((one, other) => Number(other.isReceived) - Number(one.isReceived))).toMatchObject([
      { ...same, isReceived: true },
      { ...same, isReceived: false },
    ]);
    expect(ours.find(({ isReceived }) => isReceived)?.at.slice(0, 10)).toBe(bench().session.clock.now().slice(0, 10));
  });

  test('what is received is billed once', async () => {
    const { operations, order, receipt, line } = await confirmed(10);
    await expect(operations.purchases.bill({ order: order.id, date: '2026-11-21' })).resolves.toEqual([]);
    await operations.purchases.receive({ order: order.id, receipt, lines: [{ line, quantity: 4 }] });
    const drafts = await operations.purchases.bill({ order: order.id, date: '2026-11-21', reference: bench().unique('BILL') });
    const again = await operations.purchases.bill({ order: order.id, date: '2026-11-21' });
    expect(again.map(({ id }) => id)).toEqual(drafts.map(({ id }) => id));
    const bill = await operations.invoices.post({ invoice: drafts[0]?.id ?? 0 });
    expect(bill).toMatchObject({ kind: 'bill', state: 'posted', untaxed: '16', lines: [{ quantity: 4 }] });
    await expect(operations.purchases.bill({ order: order.id, date: '2026-11-21' })).resolves.toEqual([]);
  });

  test('an order is cancelled until goods are received', async () => {
    const open = await confirmed(10);
    for (const _again of [1, 2]) await expect(open.operations.purchases.cancel(open.order.id)).resolves.toMatchObject({ state: 'cancel' });
    await expect(open.operations.purchases.confirm(open.order.id)).rejects.toMatchObject({ code: 'refused' });
    const { operations, order, receipt, line } = await confirmed(10);
    await operations.purchases.receive({ order: order.id, receipt, lines: [{ line, quantity: 4 }] });
    await expect(operations.purchases.cancel(order.id)).rejects.toMatchObject({ code: 'refused' });
  });

  test('what a rule finds missing is ordered once', async () => {
    const { operations, vendor } = shopOf(bench());
    const { id: product } = await bench().product({ units: { QME: 4 } });
    await operations.vendorPrices.set({ vendor: await vendor(), product, from: 0, price: '4.00', leadDays: 1 });
    const rule = { product, warehouse: bench().node('QME').id, min: 20, max: 30, trigger: 'manual' } as const;
    await operations.replenishment.set({ ...rule, min: 1 });
    const point = await operations.replenishment.set(rule);
    expect(point).toMatchObject({ min: 20, max: 30, onHand: 4, forecast: 4, toOrder: 26 });
    await expect(operations.replenishment.order(point.id)).resolves.toMatchObject({ ordered: 26, rule: { forecast: 30, toOrder: 0 } });
    await expect(operations.replenishment.order(point.id)).resolves.toMatchObject({ ordered: 0 });
    const lines = await bench().odoo.searchRead('purchase.order.line', [['product_id', '=', product]], ['product_qty', 'price_unit']);
    expect(lines.map((line) => [line.product_qty, line.price_unit])).toEqual([[26, 4]]);
  });

  test('who may not buy is told which right is missing', async () => {
    const { vendor } = shopOf(bench());
    const { id: product } = await bench().product();
    const { salesperson } = bench();
    const limited = operationsOn(sessions(salesperson, salesperson.clock ?? systemClock).open);
    const draft = {
      key: bench().unique('po'),
      vendor: await vendor(),
      warehouse: bench().node('QME').id,
      lines: [{ id: '1', product, quantity: 1 }],
    };
    const faults = await Promise.all(
      [
        limited.purchases.draft(draft),
        limited.replenishment.set({ product, warehouse: bench().node('QME').id, min: 1, max: 2, trigger: 'manual' }),
      ].map((call) => call.catch((error: unknown) => error)),
    );
    expect(faults.map((fault) => isFault(fault) && [fault.code, fault.facts.advice])).toEqual([
      ['forbidden', 'Give the integration user the right "Purchase: User" in Odoo.'],
      ['forbidden', 'Give the integration user the right "Inventory: Administrator" in Odoo.'],
    ]);
  });
}
