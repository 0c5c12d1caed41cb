import { epochMs, instantOf, type ShipmentConfirmation } from '@quartermaster/domain';
import assert from 'node:assert/strict';
import { asAWorkerDoes, faultOf, lineOf, orderOf } from './asking.ts';
import { intentMemo } from '../sandbox/intent-memo.ts';
import type { ChannelRule } from './channel.ts';
import { withOneFaultAnywhere } from './one-fault.ts';
import type { ChannelBench } from './subject.ts';

export const shipmentCases: readonly ChannelRule[] = [
  {
    title: 'a confirmed shipment is at the channel with its tracking number, and is found by it',
    needs: [],
    async check(subject) {
      const bench = await subject.open();
      const { orderId, request } = await mugOrder(bench, 2, 2);
      const confirmed = await bench.channel.confirmShipment(request, intentMemo());
      assert.deepEqual((await bench.shop.orderOf(orderId)).shipments, [{ trackingNumbers: ['1Z0001'], units: { MUG: 2 } }]);
      assert.deepEqual(await bench.channel.findShipment(request), { kind: 'found', result: confirmed });
    },
  },
  {
    title: 'a shipment that was not confirmed is absent',
    needs: [],
    async check(subject) {
      const bench = await subject.open();
      const { request } = await mugOrder(bench, 2, 2);
      assert.deepEqual(await bench.channel.findShipment(request), { kind: 'absent' });
    },
  },
  {
    title: 'an order leaves in several parcels, each with its units',
    needs: ['partial-shipment'],
    async check(subject) {
      const bench = await subject.open();
      const { orderId, request } = await mugOrder(bench, 3, 1);
      const rest = { ...request, lines: request.lines.map((line) => ({ ...line, units: 2 })), trackingNumbers: ['1Z0002'] };
      await bench.channel.confirmShipment(request, intentMemo('one'));
      bench.clock.advanceTo(instantOf(epochMs(bench.clock.now()) + 60_000));
      assert.deepEqual(await bench.channel.findShipment(rest), { kind: 'absent' });
      await bench.channel.confirmShipment(rest, intentMemo('two'));
      const { shipments } = await bench.shop.orderOf(orderId);
      assert.deepEqual(
        shipments.map(({ trackingNumbers, units }) => [trackingNumbers, units]),
        [
          [['1Z0001'], { MUG: 1 }],
          [['1Z0002'], { MUG: 2 }],
        ],
      );
    },
  },
  {
    title: 'more units than the order still wants are refused, and nothing ships',
    needs: ['partial-shipment'],
    async check(subject) {
      const bench = await subject.open();
      const { orderId, request } = await mugOrder(bench, 2, 2);
      await bench.channel.confirmShipment(request, intentMemo('one'));
      const fault = await faultOf(bench.channel.confirmShipment({ ...request, trackingNumbers: ['1Z0002'] }, intentMemo('two')));
      assert.equal(fault.facts.outcome, 'not-applied');
      assert.equal((await bench.shop.orderOf(orderId)).shipments.length, 1);
    },
  },
  {
    title: 'whatever call fails and however, a shipment is confirmed once in the end',
    needs: [],
    async check(subject) {
      await withOneFaultAnywhere(
        subject,
        (bench) => mugOrder(bench, 2, 2),
        async ({ channel, shop }, { orderId, request }, where) => {
          const memo = intentMemo();
          await asAWorkerDoes(channel.safety.confirmShipment, {
            make: () => channel.confirmShipment(request, memo),
            find: () => channel.findShipment(request),
          });
          assert.deepEqual((await shop.orderOf(orderId)).shipments, [{ trackingNumbers: ['1Z0001'], units: { MUG: 2 } }], where);
        },
      );
    },
  },
  {
    title: 'what has shipped is not waited for any more',
    needs: [],
    async check(subject) {
      const bench = await subject.open();
      const { orderId, request } = await mugOrder(bench, 2, 2);
      const unshipped = async () => {
        for await (const page of bench.channel.standings({ orders: [orderId] }))
          for (const standing of page) return standing.lines.reduce((sum, line) => sum + line.unshipped, 0);
        return null;
      };
      const before = await unshipped();
      await bench.channel.confirmShipment(request, intentMemo());
      assert.deepEqual([before, await unshipped()], [2, 0]);
    },
  },
  {
    title: 'an order that is not there cannot be shipped',
    needs: [],
    async check(subject) {
      const bench = await subject.open();
      const { request } = await mugOrder(bench, 1, 1);
      const fault = await faultOf(bench.channel.confirmShipment({ ...request, orderId: '999999999' }, intentMemo()));
      assert.equal(fault.facts.outcome, 'not-applied');
    },
  },
];

async function mugOrder(bench: ChannelBench, ordered: number, shipped: number) {
  const orderId = await bench.shop.placeOrder({ lines: [{ sku: 'MUG', quantity: ordered }] });
  const lineId = lineOf(await orderOf(bench.channel, orderId), 'MUG');
  const request: ShipmentConfirmation = {
    orderId,
    node: 'BER',
    lines: [{ lineId, units: shipped }],
    carrier: 'ups',
    trackingNumbers: ['1Z0001'],
    trackingUrl: null,
    shippedAt: bench.clock.now(),
    notifyCustomer: true,
  };
  return { orderId, request };
}
