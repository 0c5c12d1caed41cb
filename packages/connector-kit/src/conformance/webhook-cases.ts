import { epochMs, instantOf } from '@quartermaster/domain';
import assert from 'node:assert/strict';
import { seededRandom } from '../sandbox/faults.ts';
import { orderOf, pullAll } from './asking.ts';
import type { ChannelRule } from './channel.ts';
import type { BenchWebhook, ChannelBench } from './subject.ts';

export const webhookCases: readonly ChannelRule[] = [
  {
    title: 'a webhook of the channel is genuine and leads to its order',
    needs: ['webhooks'],
    async check(subject) {
      const bench = await subject.open();
      const id = await bench.shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }] });
      const named = new Set<string | null>();
      for (const { body, headers } of await webhooksOf(bench)) {
        const verdict = await bench.channel.verifyWebhook(body, headers);
        assert.notEqual(verdict.kind, 'rejected');
        if (verdict.kind === 'genuine') named.add(verdict.orderId);
      }
      assert.ok(named.has(id), `named: ${[...named].join(', ')}`);
    },
  },
  {
    title: 'a webhook of which a byte was changed is rejected',
    needs: ['webhooks', 'signed-webhooks'],
    async check(subject) {
      const bench = await subject.open();
      for (const { body, headers } of await genuineOf(bench)) {
        const changed = Uint8Array.from(body, (byte, at) => (at === body.length - 2 ? byte ^ 1 : byte));
        assert.equal((await bench.channel.verifyWebhook(changed, headers)).kind, 'rejected');
      }
    },
  },
  {
    title: 'a webhook by which nobody shows that he is the channel is rejected',
    needs: ['webhooks'],
    async check(subject) {
      const bench = await subject.open();
      for (const { body, headers } of await genuineOf(bench)) {
        const bare = Object.fromEntries(Object.entries(headers).filter(([name]) => !/signature|hmac|authorization|sign/i.test(name)));
        assert.equal((await bench.channel.verifyWebhook(body, bare)).kind, 'rejected');
      }
    },
  },
  {
    title: 'one delivery that comes twice has one id, and two have two',
    needs: ['webhooks'],
    async check(subject) {
      const deliveries = async (duplicate: boolean) => {
        const bench = await subject.open();
        for (let nth = 0; nth < 5; nth++) await bench.shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }] });
        const ids: string[] = [];
        for (const { body, headers } of await webhooksOf(bench, { duplicate })) {
          const verdict = await bench.channel.verifyWebhook(body, headers);
          if (verdict.kind === 'genuine') ids.push(verdict.deliveryId);
        }
        return ids;
      };
      const [once, twice] = [await deliveries(false), await deliveries(true)];
      assert.equal(new Set(once).size, once.length);
      assert.deepEqual(new Set(twice), new Set(once));
      assert.ok(twice.length > once.length);
    },
  },
  {
    title: 'webhooks that come in any order, twice or not at all, and a poll behind them give the orders as they are',
    needs: ['webhooks'],
    async check(subject) {
      for (let seed = 1; seed <= 10; seed++) await anyDelivery(await subject.open(), seed);
    },
  },
  {
    title: 'subscriptions that are missing are made once, and those that the channel turned off are turned on',
    needs: ['subscriptions'],
    async check(subject) {
      const { channel, shop } = await subject.open();
      const { subscriptions } = channel;
      assert.ok(subscriptions !== null && shop.disableWebhooks !== undefined, 'the channel has subscriptions');
      const address = 'https://qm.example/webhooks/shop';
      const states = async () => new Set((await subscriptions.health(address)).map(({ state }) => state));
      assert.deepEqual(await states(), new Set(['missing']));
      const made = await subscriptions.ensure(address);
      assert.ok(made.done.length > 0);
      assert.deepEqual(await states(), new Set(['active']));
      assert.deepEqual((await subscriptions.ensure(address)).done, []);
      await shop.disableWebhooks();
      assert.equal((await states()).has('active'), false);
      await subscriptions.ensure(address);
      assert.deepEqual(await states(), new Set(['active']));
    },
  },
];

async function webhooksOf(
  { shop }: ChannelBench,
  how: Parameters<NonNullable<ChannelBench['shop']['takeWebhooks']>>[0] = {},
): Promise<readonly BenchWebhook[]> {
  assert.ok(shop.takeWebhooks !== undefined, 'the subject has webhooks');
  return shop.takeWebhooks(how);
}

/** Webhooks of one order that are genuine; at least one is. */
async function genuineOf(bench: ChannelBench): Promise<readonly BenchWebhook[]> {
  await bench.shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }] });
  const genuine: BenchWebhook[] = [];
  for (const webhook of await webhooksOf(bench)) {
    if ((await bench.channel.verifyWebhook(webhook.body, webhook.headers)).kind === 'genuine') genuine.push(webhook);
  }
  assert.ok(genuine.length > 0);
  return genuine;
}

async function anyDelivery(bench: ChannelBench, seed: number): Promise<void> {
  const { channel, clock, shop } = bench;
  const random = seededRandom(seed);
  const ids: string[] = [];
  for (let step = 0; step < 12; step++) {
    const id = ids[Math.floor(random() * ids.length)];
    if (id === undefined || random() < 0.5) ids.push(await shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }] }));
    else await shop.touchOrder(id);
    clock.advanceTo(instantOf(epochMs(clock.now()) + Math.floor(random() * 2_000)));
  }
  const read = new Map<string, string>();
  for (const { body, headers } of await webhooksOf(bench, { reorder: true, duplicate: seed % 2 === 0, seed })) {
    if (random() < 0.3) continue;
    const verdict = await channel.verifyWebhook(body, headers);
    if (verdict.kind !== 'genuine' || verdict.orderId === null) continue;
    const { order } = await orderOf(channel, verdict.orderId);
    read.set(order.id, order.revision);
  }
  for (const { order } of (await pullAll(channel)).orders) read.set(order.id, order.revision);
  for (const id of ids) assert.equal(read.get(id), (await orderOf(channel, id)).order.revision, `seed ${seed}`);
}
