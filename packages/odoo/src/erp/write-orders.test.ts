import { intentMemo, sandboxFetch } from '@quartermaster/connector-kit/sandbox';
import { money, type ErpOrderDraft } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { odooErp } from './erp.ts';
import { optionsFor, orderKey, productLine, shopFloor, threeWayOrder } from '../testing/shop-floor.ts';

const race = 'could not serialize access due to concurrent update';

/** Answers the first imports of orders as an Odoo does to the loser of a race, which wrote nothing. */
function losing(times: number, options: ReturnType<typeof optionsFor>): ReturnType<typeof optionsFor> {
  let left = times;
  const losingFetch: typeof fetch = async (input, init) => {
    const isLoad = (input instanceof Request ? input.url : String(input)).endsWith('/sale.order/load');
    if (!isLoad || left-- <= 0) return options.fetch(input, init);
    const messages = [{ type: 'error', record: 0, rows: { from: 0, to: 0 }, message: race }];
    return Response.json({ ids: false, messages, nextrow: 0 });
  };
  return { ...options, fetch: losingFetch };
}

function draft(orderId: string): ErpOrderDraft {
  return { ...threeWayOrder, key: { ...orderKey, orderId }, lines: [productLine('1', 'LAMP', 1, 'EAST')], total: money(999, 'EUR') };
}

test('a batch that lost a race is written again', async () => {
  const sandbox = shopFloor(19);
  const erp = odooErp({ connection: 'odoo', ...losing(2, optionsFor(sandbox)) });
  const outcomes = await erp.writeOrders([draft('1'), draft('2')]);
  expect(outcomes.map(({ kind }) => kind)).toEqual(['written', 'written']);
  expect(sandbox.snapshot().orders).toHaveLength(2);
});

test('a batch that loses every race may be written later, and nothing of it is there', async () => {
  const sandbox = shopFloor(19);
  const erp = odooErp({ connection: 'odoo', ...losing(99, optionsFor(sandbox)) });
  const outcomes = await erp.writeOrders([draft('1'), draft('2')]);
  const expected = { kind: 'failed', fault: { code: 'conflict', facts: { outcome: 'not-applied', retry: { kind: 'safely' } } } };
  expect(outcomes).toMatchObject([expected, expected]);
  expect(sandbox.snapshot().orders).toEqual([]);
});

test('a hundred and twenty orders for one shelf go in batches of fifty, one after the other', async () => {
  const sandbox = shopFloor(19);
  const sizes: number[] = [];
  const options = optionsFor(sandbox);
  let open = 0;
  let most = 0;
  const counting: typeof fetch = async (input, init) => {
    if (!(input instanceof Request ? input.url : String(input)).endsWith('/sale.order/load')) return options.fetch(input, init);
    const body = typeof init?.body === 'string' ? init.body : input instanceof Request ? await input.clone().text() : '';
    sizes.push(body.split('"sale"').length - 1);
    most = Math.max(most, ++open);
    const answer = await options.fetch(input, init);
    open--;
    return answer;
  };
  const erp = odooErp({ connection: 'odoo', ...options, fetch: counting });
  await erp.writeOrders(Array.from({ length: 120 }, (_, index) => draft(String(index))));
  expect([sizes, most]).toEqual([[50, 50, 20], 1]);
});

test('an order that another process writes from another draft at the same moment is left to it', async () => {
  const sandbox = shopFloor(19);
  const options = optionsFor(sandbox);
  const other = { ...draft('1'), lines: [productLine('1', 'LAMP', 2, 'EAST')], total: money(1_998, 'EUR') };
  let isFirst = true;
  const overtaken: typeof fetch = async (input, init) => {
    if (isFirst && (input instanceof Request ? input.url : String(input)).endsWith('/sale.order/load')) {
      isFirst = false;
      // Under another address it waits for no turn of ours, as another process does not.
      const url = 'http://same-odoo.test';
      await odooErp({ connection: 'odoo', ...options, url, fetch: sandboxFetch({ [url]: sandbox.app }) }).writeOrders([other]);
    }
    return options.fetch(input, init);
  };
  const erp = odooErp({ connection: 'odoo', ...options, fetch: overtaken });
  await expect(erp.writeOrders([draft('1')])).resolves.toMatchObject([{ kind: 'failed', fault: { code: 'conflict' } }]);
  expect(sandbox.snapshot().orders).toMatchObject([{ state: 'sale', total: money(1_998, 'EUR'), lines: [{ quantity: 2 }] }]);
});

/** Notes the calls that go over the wire, such as `sale.order/load`. */
function noting(options: ReturnType<typeof optionsFor>) {
  const calls: string[] = [];
  const fetching: typeof fetch = async (input, init) => {
    calls.push(new URL(input instanceof Request ? input.url : String(input)).pathname.split('/').slice(-2).join('/'));
    return options.fetch(input, init);
  };
  return { calls, options: { ...options, fetch: fetching } };
}

test('orders that are written in the same moment go as one import, and each learns its own outcome', async () => {
  const sandbox = shopFloor(19);
  const { calls, options } = noting(optionsFor(sandbox));
  const erp = odooErp({ connection: 'odoo', ...options });
  const wrong = { ...draft('2'), total: money(1, 'EUR') };

  const outcomes = await Promise.allSettled([draft('1'), wrong, draft('3')].map((each) => erp.writeOrder(each, intentMemo())));

  expect(outcomes).toMatchObject([
    { status: 'fulfilled', value: { state: 'confirmed' } },
    { status: 'rejected', reason: { code: 'refused', facts: { outcome: 'not-applied' } } },
    { status: 'fulfilled', value: { state: 'confirmed' } },
  ]);
  expect(calls.filter((call) => call === 'sale.order/load')).toHaveLength(1);
  expect(sandbox.snapshot().orders).toHaveLength(2);
});

test('the same order asked for twice in the same moment is one order', async () => {
  const sandbox = shopFloor(19);
  const erp = odooErp({ connection: 'odoo', ...optionsFor(sandbox) });

  const [one, other] = await Promise.all([erp.writeOrder(draft('1'), intentMemo()), erp.writeOrder(draft('1'), intentMemo())]);

  expect(one).toEqual(other);
  expect(sandbox.snapshot().orders).toHaveLength(1);
});

test('orders that are looked for in the same moment are read in one call', async () => {
  const sandbox = shopFloor(19);
  const { calls, options } = noting(optionsFor(sandbox));
  const erp = odooErp({ connection: 'odoo', ...options });
  await erp.writeOrders([draft('1'), draft('2')]);
  calls.length = 0;

  const found = await Promise.all(['1', '2', '3'].map((orderId) => erp.findOrder({ ...orderKey, orderId })));

  expect(found.map((order) => order?.state ?? null)).toEqual(['confirmed', 'confirmed', null]);
  expect(calls.filter((call) => call === 'sale.order/web_read')).toHaveLength(1);
});
