import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { money, type ChannelCursor, type ChannelReturn } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { ada, givenShop, type Given } from './testing/shop.ts';

async function givenReturn(units = 2) {
  const given = givenShop();
  const { id, lineIds } = given.shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 3 }] });
  const parcel = { carrier: 'dhl', trackingNumbers: ['1'], trackingUrl: null, shippedAt: given.clock.now(), notifyCustomer: false };
  const lines = [{ lineId: lineIds[0] ?? '', units: 3 }];
  await given.channel.confirmShipment({ orderId: id, node: 'BER', lines, ...parcel }, intentMemo('ship'));
  await given.clock.sleep(60_000);
  const returnId = given.shop.requestReturn(id, { line: 0, units, reason: 'size-too-small' });
  return { ...given, id, line: lineIds[0] ?? '', returnId };
}

async function pull({ channel }: Given, since?: ChannelCursor) {
  let cursor = since ?? channel.cursorAt('2026-01-01T00:00:00.000Z');
  const returns: ChannelReturn[] = [];
  for await (const page of channel.returns?.pullReturns(cursor) ?? []) {
    returns.push(...page.returns);
    ({ cursor } = page);
  }
  return { returns, cursor };
}

test('a return is read with its lines, why it comes back, and what was paid back for it so far', async () => {
  const given = await givenReturn();
  expect((await pull(given)).returns).toMatchObject([
    {
      id: given.returnId,
      orderId: given.id,
      state: 'requested',
      lines: [{ lineId: given.line, sku: 'MUG', units: 2, reason: 'size-too-small' }],
      refunded: money(0, 'EUR'),
      trackingNumbers: [],
    },
  ]);
});

test.each([
  ['is approved', { status: 'OPEN' }, 'approved'],
  ['is approved while its parcel has a label', { status: 'OPEN', trackingNumber: '00340' }, 'approved'],
  ['was received when all of it was processed', { status: 'OPEN', processed: 2 }, 'received'],
  ['is only approved while a part of it was processed', { status: 'OPEN', processed: 1 }, 'approved'],
  ['was declined', { status: 'DECLINED' }, 'declined'],
  ['was cancelled', { status: 'CANCELED' }, 'cancelled'],
  ['is closed', { status: 'CLOSED' }, 'closed'],
] as const)('a return %s', async (_name, change, state) => {
  const given = await givenReturn();
  const { cursor } = await pull(given);
  given.shop.setReturn(given.returnId, change);
  expect((await pull(given, cursor)).returns.map((one) => one.state)).toEqual([state]);
});

test('another change of its order does not tell a return again', async () => {
  const given = await givenReturn();
  const { cursor } = await pull(given);
  await given.clock.sleep(1_000);
  given.shop.changeAddress(given.id, ada);
  expect((await pull(given, cursor)).returns).toEqual([]);
});

test('the reading of returns goes on from a cursor that went through the journal', async () => {
  const given = await givenReturn();
  const stored: ChannelCursor = JSON.parse(JSON.stringify((await pull(given)).cursor));
  given.shop.setReturn(given.returnId, { trackingNumber: '00340' });
  expect((await pull(given, stored)).returns.map((one) => one.trackingNumbers)).toEqual([['00340']]);
});

test('many orders without returns cost one call a hundred', async () => {
  const given = givenShop();
  for (let nth = 0; nth < 150; nth++) given.shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }] });
  await pull(given);
  expect(given.calls).toEqual(['returns.changed', 'returns.changed']);
});
