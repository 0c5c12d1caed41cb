import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import { expect, test } from 'vitest';
import { readTable } from './reports.ts';
import { translateReturn } from './returns.ts';
import { translateSettlement } from './settlements.ts';
import { givenSeller, type Given } from './testing/shop.ts';

async function shippedOrder({ channel, shop, clock }: Given) {
  const orderId = shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 2 }] });
  const lineId = shop.order(orderId).items[0]?.id ?? '';
  const parcel = { carrier: 'ups', trackingNumbers: ['1Z1'], trackingUrl: null, shippedAt: clock.now(), notifyCustomer: false };
  await channel.confirmShipment({ orderId, node: 'BER', lines: [{ lineId, units: 2 }], ...parcel }, intentMemo());
  return orderId;
}

async function pulled({ channel, clock }: Given, since = channel.cursorAt(clock.now())) {
  const all = [];
  let cursor = since;
  for await (const page of channel.returns?.pullReturns(since) ?? []) {
    all.push(...page.returns);
    ({ cursor } = page);
  }
  return { all, cursor };
}

test('a return that is asked for on the same day as the last pull is not missed', async () => {
  const given = givenSeller();
  const orderId = await shippedOrder(given);
  const first = given.shop.requestReturn(orderId, 'MUG', 1);
  const one = await pulled(given);
  const second = given.shop.requestReturn(orderId, 'MUG', 1);
  const two = await pulled(given, one.cursor);
  expect([one.all, two.all].map((returns) => returns.map(({ id }) => id))).toEqual([[first], [second]]);
});

test('where nobody asked for a return Amazon makes no report, and there is none to read', async () => {
  expect((await pulled(givenSeller())).all).toEqual([]);
});

test('a return has what its rows say, and its money by the currency', () => {
  const heading =
    'Order ID\tReturn request date\tReturn request status\tAmazon RMA ID\tTracking ID\tMerchant SKU\tReturn quantity\tReturn Reason\tRefunded Amount';
  const rows = readTable(
    `\uFEFF${heading}\r\n028-1\t05-Nov-2026\tCompleted\tD1\tT1\tMUG\t1\tCR-DEFECTIVE\t1290\r\n028-1\t05-Nov-2026\tCompleted\tD1\tT1\tTEA\t2\t\t\r\n`,
  );
  expect(translateReturn('D1', rows, 'JPY')).toMatchObject({
    orderId: '028-1',
    updatedAt: '2026-11-05T00:00:00.000Z',
    state: 'closed',
    refunded: { minor: 1290, currency: 'JPY' },
    trackingNumbers: ['T1'],
    lines: [
      { sku: 'MUG', units: 1, reason: 'CR-DEFECTIVE' },
      { sku: 'TEA', units: 2, reason: null },
    ],
  });
});

test('a report whose columns changed is told, not read as nothing', () => {
  expect(() => translateReturn('', readTable('Something\nelse'), 'EUR')).toThrow(/without return, order or day/);
});

const settlement = [
  'settlement-id\tdeposit-date\ttotal-amount\tcurrency\ttransaction-type\torder-id\torder-item-code\tsku\tamount-type\tamount-description\tamount\tmerchant-adjustment-item-id',
  '77\t2026-11-20\t20,65\tEUR\t\t\t\t\t\t\t\t',
  '77\t\t\t\tOrder\t028-1234567-8901234\t1\tMUG\tItemPrice\tPrincipal\t25,80\t',
  '77\t\t\t\tOrder\t028-1234567-8901234\t1\tMUG\tItemFees\tCommission\t-5,15\t',
].join('\n');

test('what Amazon pays out is the sum of what it says it is made of', () => {
  const read = translateSettlement(readTable(settlement));
  expect([read?.total.minor, read?.lines.reduce((sum, { amount }) => sum + amount.minor, 0)]).toEqual([2065, 2065]);
});

test('a settlement whose amounts nobody can read is a fault and not a sum', async () => {
  const { channel, shop } = givenSeller();
  shop.addSettlement(settlement.replace('25,80', 'many'));
  const read = async () => {
    for await (const one of channel.settlements('2026-11-01T00:00:00Z')) return one;
    return null;
  };
  await expect(read()).rejects.toMatchObject({ code: 'malformed-reply' });
});

test('settlements that Amazon made are read', async () => {
  const given = givenSeller();
  given.shop.addSettlement(settlement);
  const { channel } = given;
  const ids: string[] = [];
  for await (const { id } of channel.settlements('2026-11-01T00:00:00Z')) ids.push(id);
  expect(ids).toEqual(['77']);
});
