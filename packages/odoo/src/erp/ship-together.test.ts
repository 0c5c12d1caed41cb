import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { money, type ErpOrderDraft, type ErpShipment } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { odooErp } from './erp.ts';
import { optionsFor, orderKey, productLine, shopFloor, threeWayOrder } from '../testing/shop-floor.ts';

const keyOf = (orderId: string) => ({ ...orderKey, orderId });

function draft(orderId: string): ErpOrderDraft {
  return { ...threeWayOrder, key: keyOf(orderId), lines: [productLine('1', 'LAMP', 1, 'EAST')], total: money(999, 'EUR') };
}

function shipment(orderId: string): ErpShipment {
  return { key: keyOf(orderId), node: 'EAST', lines: [{ lineId: '1', units: 1 }], carrier: 'UPS', trackingNumbers: [`1Z${orderId}`] };
}

/** Three written orders; `onValidate` sees each validation, and answers it where it wants to, or loses its answer. */
async function given(onValidate: (ids: readonly number[]) => Response | 'lost' | null = () => null) {
  const sandbox = shopFloor(19);
  const options = optionsFor(sandbox);
  const calls: string[] = [];
  const watching: typeof fetch = async (input, init) => {
    const call = new URL(input instanceof Request ? input.url : String(input)).pathname.replace('/json/2/', '');
    calls.push(call);
    const body: unknown = typeof init?.body === 'string' ? JSON.parse(init.body) : {};
    const ids = typeof body === 'object' && body !== null && 'ids' in body && Array.isArray(body.ids) ? body.ids.map(Number) : [];
    const instead = call === 'stock.picking/button_validate' ? onValidate(ids) : null;
    if (instead instanceof Response) return instead;
    const answer = await options.fetch(input, init);
    if (instead === 'lost') throw new TypeError('fetch failed');
    return answer;
  };
  const erp = odooErp({ connection: 'odoo', ...options, fetch: watching });
  const orders = ['1', '2', '3'];
  const written = await Promise.all(orders.map((id) => erp.writeOrder(draft(id), intentMemo(`w${id}`))));
  calls.length = 0;
  const memos = new Map(orders.map((id) => [id, intentMemo(`s${id}`)]));
  const ship = () => Promise.allSettled([...memos].map(([id, memo]) => erp.ship(shipment(id), memo)));
  return { sandbox, erp, calls, ship, refs: written.map(({ deliveries }) => Number(deliveries[0]?.ref)) };
}

test('shipments that are asked for at once go out in one transaction, each with its own tracking number', async () => {
  const { ship, calls, sandbox } = await given();

  const outcomes = await ship();

  expect(outcomes).toMatchObject(['1Z1', '1Z2', '1Z3'].map((number) => ({ value: { state: 'done', trackingNumbers: [number] } })));
  expect(calls.filter((call) => call === 'stock.picking/button_validate')).toHaveLength(1);
  expect(sandbox.snapshot().quants).toContainEqual({ sku: 'LAMP', warehouse: 'EAST', quantity: 7, reserved: 0 });
});

test('a shipment that Odoo refuses keeps no other one from going out', async () => {
  const refused = (ids: readonly number[]) =>
    ids.includes(second)
      ? Response.json(
          { name: 'odoo.exceptions.UserError', message: 'Not this one.', arguments: ['Not this one.'], context: {} },
          { status: 422 },
        )
      : null;
  const { ship, refs, sandbox } = await given(refused);
  const second = refs[1] ?? 0;

  const outcomes = await ship();

  expect(outcomes).toMatchObject([
    { value: { state: 'done' } },
    { reason: { code: 'refused', facts: { outcome: 'not-applied' } } },
    { value: { state: 'done' } },
  ]);
  expect(sandbox.snapshot().quants).toContainEqual({ sku: 'LAMP', warehouse: 'EAST', quantity: 8, reserved: 1 });
});

test('when the answer is lost, shipping again finds what is done and ships nothing twice', async () => {
  let times = 0;
  const { ship, sandbox, calls } = await given(() => ((times += 1) === 1 ? 'lost' : null));
  const unknown = { reason: { facts: { outcome: 'unknown' } } };
  expect(await ship()).toMatchObject([unknown, unknown, unknown]);

  expect(await ship()).toMatchObject(['1Z1', '1Z2', '1Z3'].map((number) => ({ value: { state: 'done', trackingNumbers: [number] } })));

  expect(calls.filter((call) => call === 'stock.picking/button_validate')).toHaveLength(1);
  expect(sandbox.snapshot().quants).toContainEqual({ sku: 'LAMP', warehouse: 'EAST', quantity: 7, reserved: 0 });
});

test('of two shipments of one order, asked for at once, each has its own goods', async () => {
  const { erp, sandbox } = await given();
  await erp.writeOrder({ ...draft('4'), lines: [productLine('1', 'LAMP', 2, 'EAST')], total: money(1_998, 'EUR') }, intentMemo('w4'));
  const half = { ...shipment('4'), trackingNumbers: [] };

  const outcomes = await Promise.allSettled([erp.ship(half, intentMemo('a')), erp.ship(half, intentMemo('b'))]);

  expect(outcomes).toMatchObject([{ value: { state: 'done' } }, { value: { state: 'done' } }]);
  expect(sandbox.snapshot().quants).toContainEqual({ sku: 'LAMP', warehouse: 'EAST', quantity: 8, reserved: 3 });
});
