import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { expect, test } from 'vitest';
import { erpOn, optionsFor, productLine, shopFloor, threeWayOrder } from '../testing/shop-floor.ts';
import { money } from '@quartermaster/domain';
import { connectOdoo } from '../client/client.ts';

const scarceOrder = { ...threeWayOrder, lines: [productLine('1', 'DESK', 7, 'WEST')], total: money(6_993, 'EUR') };

test('goods that come in are set aside for who waits longest', async () => {
  const sandbox = shopFloor(17);
  const erp = erpOn(sandbox);
  const later = { ...scarceOrder, key: { ...scarceOrder.key, orderId: 'later' } };
  await erp.writeOrder(scarceOrder, intentMemo('1'));
  await erp.writeOrder(later, intentMemo('2'));
  sandbox.receive({ sku: 'DESK', node: 'WEST', units: 3 });
  const reserved = sandbox
    .snapshot()
    .orders.map((order) => order.pickings.flatMap((picking) => picking.moves.map((move) => move.quantity)));
  expect(reserved).toEqual([[7], [1]]);
});

test('a count is not a receipt: what waits goes on waiting until somebody asks', async () => {
  const sandbox = shopFloor(17);
  await erpOn(sandbox).writeOrder(scarceOrder, intentMemo('1'));
  sandbox.setStock({ sku: 'DESK', node: 'WEST', units: 20 });
  expect(sandbox.snapshot().quants).toContainEqual({ sku: 'DESK', warehouse: 'WEST', quantity: 20, reserved: 5 });
});

test('a snapshot is the same for the same history, and names no id and no time', async () => {
  const histories = await Promise.all(
    [shopFloor(19), shopFloor(19)].map(async (sandbox) => {
      await erpOn(sandbox).writeOrder(threeWayOrder, intentMemo('w'));
      return sandbox.snapshot();
    }),
  );
  expect(histories[0]).toEqual(histories[1]);
  expect(histories[0]?.orders[0]?.pickings.map((picking) => picking.warehouse)).toEqual(['EAST', 'WEST', null]);
});

test.each([
  [17, 404],
  [18, 303],
] as const)('Odoo %i has no JSON-2 and answers %i there', async (version, status) => {
  const { app } = shopFloor(version);
  const answer = await app(new Request('http://odoo.test/json/2/res.users/context_get', { method: 'POST', body: '{}' }));
  expect(answer.status).toBe(status);
  await expect(app(new Request('http://odoo.test/web/version'))).resolves.toMatchObject({ status: 404 });
});

test.each([17, 19] as const)('a database that is not there is a mistake of the configuration in Odoo %i', async (version) => {
  const options = { ...optionsFor(shopFloor(version)), database: 'other' };
  await expect(connectOdoo(options)).rejects.toMatchObject({ code: 'misconfigured', facts: { outcome: 'not-applied' } });
});

test('what a call did is undone as a whole when it fails', async () => {
  const sandbox = shopFloor(19);
  const client = await connectOdoo(optionsFor(sandbox));
  const before = sandbox.snapshot();
  const create = client.create('sale.order', [
    { partner_id: 1, state: 'sale', order_line: [[0, 0, { product_id: 1 }]] },
    { partner_id: false },
  ]);
  await expect(create).rejects.toMatchObject({ code: 'invalid-request' });
  expect(sandbox.snapshot()).toEqual(before);
});

test('taxes of the product come on top unless they are cleared', async () => {
  const sandbox = shopFloor(17);
  const client = await connectOdoo(optionsFor(sandbox));
  await client.create('sale.order', [{ partner_id: 1, order_line: [[0, 0, { product_id: 1, price_unit: 10 }]] }]);
  await client.create('sale.order', [{ partner_id: 1, order_line: [[0, 0, { product_id: 1, price_unit: 10, tax_id: [[5, 0, 0]] }]] }]);
  expect(sandbox.snapshot().orders.map((order) => order.total.minor)).toEqual([1_150, 1_000]);
});
