import { money, type Channel, type ConnectorOperation, type Refund } from '@quartermaster/domain';
import assert from 'node:assert/strict';
import { asAWorkerDoes, faultOf, lineOf, orderOf, pullAll } from './asking.ts';
import { intentMemo } from '../sandbox/intent-memo.ts';
import type { ChannelRule } from './channel.ts';
import { withOneFaultAnywhere } from './one-fault.ts';
import type { BenchOrder, ChannelBench } from './subject.ts';

const twoLines: BenchOrder = {
  lines: [
    { sku: 'MUG', quantity: 2 },
    { sku: 'TEA', quantity: 1 },
  ],
  shipping: 490,
};

export const operationCases: readonly ChannelRule[] = [
  {
    title: 'an order that was taken on says so, by our name of it where the channel keeps one',
    needs: ['acknowledge'],
    async check(subject) {
      await withOneFaultAnywhere(subject, placed, async ({ channel, shop }, orderId, where) => {
        await carryOut(channel.acknowledgement, { orderId, ourRef: 'S00042' });
        assert.equal((await shop.orderOf(orderId)).acknowledgedAs, shop.keepsOurName === false ? orderId : 'S00042', where);
      });
    },
  },
  {
    title: 'an order that nobody acknowledged is not found acknowledged',
    needs: ['acknowledge'],
    async check(subject) {
      const bench = await subject.open();
      const orderId = await placed(bench);
      const found = await there(bench.channel.acknowledgement).find({ orderId, ourRef: 'S00042' }, intentMemo());
      assert.equal(found.kind, 'absent');
    },
  },
  {
    title: 'a cancelled order is cancelled at the channel, once, whatever call fails',
    needs: ['cancel'],
    async check(subject) {
      await withOneFaultAnywhere(subject, placed, async (bench, orderId, where) => {
        const { channel, shop } = bench;
        const request = { orderId, lines: null, reason: 'out-of-stock', restock: false, notifyCustomer: true } as const;
        await carryOut(channel.cancellation, request, bench);
        assert.equal((await orderOf(channel, orderId)).order.status, 'cancelled', where);
        assert.equal((await shop.orderOf(orderId)).cancelled, true, where);
      });
    },
  },
  {
    title: 'single units are cancelled and the rest is still wanted',
    needs: ['partial-cancel'],
    async check(subject) {
      await withOneFaultAnywhere(subject, placed, async ({ channel, shop }, orderId, where) => {
        const lineId = lineOf(await orderOf(channel, orderId), 'MUG');
        const lines = [{ lineId, units: 1 }];
        await carryOut(channel.cancellation, { orderId, lines, reason: 'out-of-stock', restock: false, notifyCustomer: false });
        const { order } = await orderOf(channel, orderId);
        assert.deepEqual((await shop.orderOf(orderId)).cancelledUnits, { MUG: 1 }, where);
        assert.equal(order.lines.find(({ sku }) => sku === 'MUG')?.quantity, 1, where);
        assert.equal(order.status, 'open', where);
      });
    },
  },
  {
    title: 'a part of an order is not cancelled where the channel cancels whole orders only',
    needs: ['cancel'],
    async check(subject) {
      if (subject.lacks['partial-cancel'] === undefined) return;
      const bench = await subject.open();
      const orderId = await placed(bench);
      const lines = [{ lineId: lineOf(await orderOf(bench.channel, orderId), 'MUG'), units: 1 }];
      const request = { orderId, lines, reason: 'customer', restock: false, notifyCustomer: false } as const;
      const fault = await faultOf(there(bench.channel.cancellation).make(request, intentMemo()));
      assert.deepEqual([fault.code, fault.facts.outcome], ['unsupported', 'not-applied']);
      assert.equal((await bench.shop.orderOf(orderId)).cancelled, false);
    },
  },
  {
    title: 'money goes back for a line and for shipping, once, whatever call fails',
    needs: ['refund'],
    async check(subject) {
      await withOneFaultAnywhere(subject, paidAndShipped, async ({ channel, shop }, orderId, where) => {
        const pulled = await orderOf(channel, orderId);
        const { currency } = pulled.order;
        const tax = money(0, currency);
        const request = refundOf(orderId, {
          lines: [{ lineId: lineOf(pulled, 'MUG'), units: 1, amount: money(1290, currency), tax }],
          shipping: { amount: money(490, currency), tax },
        });
        const refunded = await carryOut(channel.refund, request);
        assert.equal(refunded.amount.minor, 1780, where);
        assert.deepEqual((await shop.orderOf(orderId)).refunds, [1780], where);
      });
    },
  },
  {
    title: 'two refunds of one order are two, and each is found by its own name',
    needs: ['refund'],
    async check(subject) {
      const bench = await subject.open();
      const orderId = await paidAndShipped(bench);
      const pulled = await orderOf(bench.channel, orderId);
      const { currency } = pulled.order;
      const lines = [{ lineId: lineOf(pulled, 'MUG'), units: 1, amount: money(1290, currency), tax: money(0, currency) }];
      const first = refundOf(orderId, { lines });
      const second = { ...first, refundId: 'refund-2' };
      const operation = there(bench.channel.refund);
      await operation.make(first, intentMemo('one'));
      assert.equal((await operation.find(second, intentMemo('two'))).kind, 'absent');
      await operation.make(second, intentMemo('two'));
      assert.deepEqual((await bench.shop.orderOf(orderId)).refunds, [1290, 1290]);
    },
  },
  {
    title: 'more than was paid is not refunded',
    needs: ['refund'],
    async check(subject) {
      const bench = await subject.open();
      const orderId = await paidAndShipped(bench);
      const pulled = await orderOf(bench.channel, orderId);
      const { currency } = pulled.order;
      const lines = [{ lineId: lineOf(pulled, 'MUG'), units: 2, amount: money(99_900, currency), tax: money(0, currency) }];
      const request = refundOf(orderId, { lines });
      const fault = await faultOf(there(bench.channel.refund).make(request, intentMemo()));
      assert.equal(fault.facts.outcome, 'not-applied');
      assert.deepEqual((await bench.shop.orderOf(orderId)).refunds, []);
    },
  },
  {
    title: 'money that was only authorized is taken, once, whatever call fails',
    needs: ['capture'],
    async check(subject) {
      const authorized = async ({ shop }: ChannelBench) => shop.placeOrder({ ...twoLines, authorizedOnly: true });
      await withOneFaultAnywhere(subject, authorized, async ({ channel, shop }, orderId, where) => {
        const { total } = (await orderOf(channel, orderId)).order;
        await carryOut(channel.capture, { orderId, amount: total });
        assert.equal((await shop.orderOf(orderId)).captured, total.minor, where);
      });
    },
  },
  {
    title: 'a return that a customer asked for is read with its lines, and again only when it changed',
    needs: ['returns'],
    async check(subject) {
      const bench = await subject.open();
      const orderId = await paidAndShipped(bench);
      assert.ok(bench.shop.requestReturn !== undefined && bench.channel.returns !== null);
      const id = await bench.shop.requestReturn(orderId, 'MUG', 1);
      const first = await returnsOf(bench.channel, null);
      assert.deepEqual(
        first.returns.map((one) => [one.id, one.orderId, one.lines.map(({ sku, units }) => [sku, units])]),
        [[id, orderId, [['MUG', 1]]]],
      );
      assert.deepEqual((await returnsOf(bench.channel, first.cursor)).returns, []);
    },
  },
];

async function placed({ shop }: ChannelBench): Promise<string> {
  return shop.placeOrder(twoLines);
}

async function paidAndShipped({ channel, clock, shop }: ChannelBench): Promise<string> {
  const orderId = await shop.placeOrder(twoLines);
  const { order } = await orderOf(channel, orderId);
  const lines = order.lines.filter(({ kind }) => kind === 'product').map(({ id, quantity }) => ({ lineId: id, units: quantity }));
  const parcel = { carrier: 'ups', trackingNumbers: ['1Z0001'], trackingUrl: null, shippedAt: clock.now(), notifyCustomer: false };
  await channel.confirmShipment({ orderId, node: 'BER', lines, ...parcel }, intentMemo('ship'));
  await pullAll(channel);
  return orderId;
}

function refundOf(orderId: string, given: Partial<Refund>): Refund {
  const about = { reason: 'returned', note: null, restockAt: null, notifyCustomer: false } as const;
  return { orderId, refundId: 'refund-1', lines: [], shipping: null, adjustment: null, ...about, ...given };
}

/** Carries an operation out. What the channel only took on and is still at (`requested`) is looked for again when it says so, until it is done. */
async function carryOut<Request, Result>(
  operation: ConnectorOperation<Request, Result> | null,
  request: Request,
  bench?: Pick<ChannelBench, 'clock'>,
): Promise<Result> {
  const given = there(operation);
  const memo = intentMemo();
  const result = await asAWorkerDoes(given.safety, { make: () => given.make(request, memo), find: () => given.find(request, memo) });
  let found = await given.find(request, memo);
  for (let looks = 1; found.kind === 'pending' && looks <= 20; looks++) {
    await bench?.clock.sleep(found.afterMs);
    found = await given.find(request, memo);
  }
  assert.equal(found.kind, 'found', 'what was done is found');
  return result;
}

function there<Operation>(operation: Operation | null): Operation {
  assert.ok(operation !== null, 'the channel lacks the operation, and does not say so');
  return operation;
}

async function returnsOf(channel: Channel, since: Parameters<Channel['pullOrders']>[0] | null) {
  assert.ok(channel.returns !== null);
  const returns = [];
  let cursor = since ?? channel.cursorAt('2026-01-01T00:00:00.000Z');
  for await (const page of channel.returns.pullReturns(cursor)) {
    returns.push(...page.returns);
    ({ cursor } = page);
  }
  return { returns, cursor };
}
