import { expect, test } from 'vitest';
import { shopOf } from './shop.ts';
import type { Workbench } from './workbench.ts';

/** Freight and duty on the value of goods. */
export function landedCostsBehave(bench: () => Workbench): void {
  async function received(method: 'average' | 'fifo' | 'standard') {
    const { operations, vendor } = shopOf(bench());
    const { odoo, client } = bench();
    const [category = 0] = await odoo.create('product.category', [{ name: bench().unique('Category'), property_cost_method: method }]);
    const goods = [await bench().product(), await bench().product()].map(({ id }) => id);
    await odoo.write('product.product', goods, { categ_id: category });
    const kind = client.version === 17 ? { detailed_type: 'service' } : { type: 'service' };
    const [freight = 0] = await odoo.create('product.product', [{ name: bench().unique('Freight') }], {
      also: { ...kind, landed_cost_ok: true },
    });
    const lines = goods.map((id, index) => ({ id: String(index), product: id, quantity: index === 0 ? 2 : 1, unitPrice: '4.00' }));
    const draft = await operations.purchases.draft({
      key: bench().unique('po'),
      vendor: await vendor(),
      warehouse: bench().node('QME').id,
      lines,
    });
    const order = await operations.purchases.confirm(draft.id);
    const receipt = order.receipts[0]?.id ?? 0;
    const received = order.lines.map((line) => ({ line: line.id, quantity: line.ordered }));
    await operations.purchases.receive({ order: order.id, receipt, lines: received });
    const costs = [{ product: freight, label: 'Freight', amount: '10.00', split: 'by_quantity' } as const];
    return { operations, goods, cost: { key: bench().unique('lc'), receipts: [receipt], costs } };
  }

  test.each(['average', 'fifo'] as const)('freight is spread over goods at %s cost, to the cent, once', async (method) => {
    const { operations, goods, cost } = await received(method);
    const first = await operations.landedCosts.apply(cost);
    expect(first).toMatchObject({ state: 'done', total: '10' });
    const added = goods.map((product) => Number(first.shares.find((share) => share.product === product)?.added));
    expect(added.map((amount) => Math.round(amount * 100)).reduce((sum, cents) => sum + cents, 0)).toBe(1_000);
    expect(added[0]).toBeCloseTo(6.67, 1);
    await expect(operations.landedCosts.apply(cost)).resolves.toEqual(first);
  });

  test('goods at standard cost bear no freight', async () => {
    const { operations, cost } = await received('standard');
    await expect(operations.landedCosts.apply(cost)).rejects.toMatchObject({ code: 'refused' });
  });
}
