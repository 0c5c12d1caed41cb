import { epochMs, instantOf, type Channel } from '@quartermaster/domain';
import assert from 'node:assert/strict';
import { seededRandom } from '../sandbox/faults.ts';
import type { ChannelRule } from './channel.ts';
import { orderOf, pullAll, type Pulled } from './asking.ts';
import type { ChannelBench } from './subject.ts';

export const readingCases: readonly ChannelRule[] = [
  {
    title: 'an order is pulled with what was bought, and what it is to be called',
    needs: [],
    async check(subject) {
      const { channel, shop } = await subject.open();
      const id = await shop.placeOrder({
        lines: [
          { sku: 'MUG', quantity: 2 },
          { sku: 'TEA', quantity: 1 },
        ],
      });
      const { orders } = await pullAll(channel);
      const [pulled] = orders;
      assert.equal(orders.length, 1);
      assert.equal(pulled?.order.id, id);
      assert.notEqual(pulled.order.name, '');
      assert.equal(pulled.order.status, 'open');
      assert.deepEqual(pulled.order.lines.map(({ sku, quantity, kind }) => `${quantity} ${sku} ${kind}`).toSorted(), [
        '1 TEA product',
        '2 MUG product',
      ]);
    },
  },
  {
    title: 'where the parcel goes is with the person and not with the order',
    needs: [],
    async check(subject) {
      const { channel, shop } = await subject.open();
      const { order, person } = await orderOf(channel, await shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }] }));
      const address = person.shipTo;
      assert.ok(address !== null && order.destination !== null && order.addressHash !== null);
      assert.match(address.country, /^[A-Z]{2}$/);
      const words = JSON.stringify(order);
      for (const part of [address.name, address.lines[0] ?? '', address.email ?? '', address.phone ?? ''])
        assert.ok(part === '' || !words.includes(part), `the order says ${part}`);
    },
  },
  {
    title: 'an order by its id is the order that a pull gives',
    needs: [],
    async check(subject) {
      const { channel, shop } = await subject.open();
      const id = await shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }] });
      const { orders } = await pullAll(channel);
      assert.deepEqual(
        orders.map(({ order }) => order),
        [(await orderOf(channel, id)).order],
      );
    },
  },
  {
    title: 'an order that is not there is null',
    needs: [],
    async check(subject) {
      const { channel } = await subject.open();
      assert.equal(await channel.getOrder('999999999'), null);
    },
  },
  {
    title: 'nothing older than the beginning of a new connection is read',
    needs: [],
    async check(subject) {
      const { channel, clock, shop } = await subject.open();
      await shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }] });
      clock.advanceTo(instantOf(epochMs(clock.now()) + 86_400_000));
      const since = channel.cursorAt(clock.now());
      const later = await shop.placeOrder({ lines: [{ sku: 'TEA', quantity: 1 }] });
      assert.deepEqual(idsOf(await pullAll(channel, since)), [later]);
    },
  },
  {
    title: 'what did not change is not told again',
    needs: [],
    async check(subject) {
      const { channel, clock, shop } = await subject.open();
      for (let nth = 0; nth < 3; nth++) await shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }] });
      const first = await pullAll(channel);
      for (let poll = 0; poll < 5; poll++) {
        clock.advanceTo(instantOf(epochMs(clock.now()) + channel.capabilities.leastPollMs));
        assert.deepEqual(idsOf(await pullAll(channel, first.cursor)), []);
      }
    },
  },
  {
    title: 'a change is told, with another revision, and a cancelled order says that it is',
    needs: [],
    async check(subject) {
      const { channel, clock, shop } = await subject.open();
      const id = await shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }] });
      const first = await pullAll(channel);
      clock.advanceTo(instantOf(epochMs(clock.now()) + 3_600_000));
      await shop.touchOrder(id);
      const second = await pullAll(channel, first.cursor);
      await shop.cancelOrder(id);
      const third = await pullAll(channel, second.cursor);
      assert.deepEqual([first, second, third].map(idsOf), [[id], [id], [id]]);
      assert.equal(new Set([first, second, third].map(({ orders }) => orders[0]?.order.revision)).size, 3);
      assert.equal(third.orders[0]?.order.status, 'cancelled');
    },
  },
  {
    title: 'orders of one second are not lost, whenever within it was read',
    needs: [],
    async check(subject) {
      const { channel, clock, shop } = await subject.open();
      let { cursor } = await pullAll(channel);
      const placed: string[] = [];
      const seen: string[] = [];
      for (let step = 0; step < 12; step++) {
        clock.advanceTo(instantOf(epochMs(clock.now()) + 250));
        placed.push(await shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }] }));
        const pulled = await pullAll(channel, cursor);
        seen.push(...idsOf(pulled));
        ({ cursor } = pulled);
      }
      seen.push(...idsOf(await pullAll(channel, cursor)));
      assert.deepEqual(new Set(seen), new Set(placed));
    },
  },
  {
    title: 'more orders than fit a page are all read while some of them change',
    needs: [],
    async check(subject) {
      const { channel, clock, shop } = await subject.open();
      const placed: string[] = [];
      for (let nth = 0; nth < 230; nth++) {
        clock.advanceTo(instantOf(epochMs(clock.now()) + (nth % 3 === 0 ? 1_000 : 0)));
        placed.push(await shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }] }));
      }
      const latest = new Map<string, string>();
      let pages = 0;
      let cursor = channel.cursorAt('2026-01-01T00:00:00.000Z');
      const read = async (meanwhile: 'they change' | 'it is quiet') => {
        for await (const page of channel.pullOrders(cursor)) {
          for (const { order } of page.orders) latest.set(order.id, order.revision);
          const changed = placed[pages * 7];
          if (changed !== undefined && meanwhile === 'they change') await shop.touchOrder(changed);
          pages++;
          cursor = page.cursor;
        }
      };
      await read('they change');
      await read('they change');
      await read('it is quiet');
      assert.deepEqual([...latest.keys()].toSorted(), [...placed].toSorted());
      for (const id of placed.slice(0, 40)) assert.equal(latest.get(id), (await orderOf(channel, id)).order.revision);
    },
  },
  {
    title: 'a pull that ends after any page goes on from there',
    needs: [],
    async check(subject) {
      const { channel, clock, shop } = await subject.open();
      const placed: string[] = [];
      for (let nth = 0; nth < 120; nth++) {
        clock.advanceTo(instantOf(epochMs(clock.now()) + 1_000));
        placed.push(await shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }] }));
      }
      const seen = new Set<string>();
      let cursor = channel.cursorAt('2026-01-01T00:00:00.000Z');
      for (let start = 0; start < 200; start++) {
        let fresh = 0;
        for await (const page of channel.pullOrders(cursor)) {
          for (const { order } of page.orders) seen.add(order.id);
          fresh = page.orders.length;
          ({ cursor } = page);
          break;
        }
        if (fresh === 0) break;
      }
      assert.deepEqual([...seen].toSorted(), [...placed].toSorted());
    },
  },
  {
    title: 'whatever happens in whatever order, what was read last of each order is what it is now',
    needs: [],
    async check(subject) {
      for (let seed = 1; seed <= 15; seed++) await anyHistory(await subject.open(), seed, subject.lacks['unpaid-orders'] === undefined);
    },
  },
  {
    title: 'a shop in another zone, and a night in which its clocks change, lose nothing',
    needs: [],
    async check(subject) {
      for (const [zone, start] of shiftedNights) {
        const bench = await subject.open({ zone, start });
        await anyHistory(bench, 7, true, 20 * 60_000);
      }
    },
  },
  {
    title: 'how orders stand is how they are, for those that were asked for and those that changed',
    needs: [],
    async check(subject) {
      const { channel, clock, shop } = await subject.open();
      const since = clock.now();
      const ids: string[] = [];
      for (let nth = 1; nth <= 4; nth++) ids.push(await shop.placeOrder({ lines: [{ sku: 'MUG', quantity: nth }], shipping: 490 }));
      await shop.cancelOrder(ids[1] ?? '');
      const asked = await standingsOf(channel, { orders: [...ids, '999999999'] });
      const changed = await standingsOf(channel, { changedSince: since });
      for (const id of ids) {
        const { order } = await orderOf(channel, id);
        const expected = { id, name: order.name, status: order.status, total: order.total, secured: order.payment.secured };
        for (const standing of [asked.get(id), changed.get(id)]) {
          assert.ok(standing !== undefined, `no standing of ${id}`);
          const { name, status, total, secured } = standing;
          assert.deepEqual({ id: standing.id, name, status, total, secured }, expected);
          const goods = order.lines.filter(({ kind }) => kind === 'product');
          assert.deepEqual(
            goods.map((line) => standing.lines.find((one) => one.id === line.id)?.quantity),
            goods.map((line) => line.quantity),
          );
        }
      }
      assert.equal(asked.has('999999999'), false);
    },
  },
];

const shiftedNights: readonly (readonly [zone: string, start: string])[] = [
  ['Asia/Tokyo', '2026-11-20T14:50:00.000Z'],
  ['America/New_York', '2026-11-01T05:30:00.000Z'],
  ['America/New_York', '2026-03-08T06:30:00.000Z'],
  ['Europe/Berlin', '2026-10-25T00:30:00.000Z'],
];

/** Orders come and change, time passes, and every now and then somebody reads: at the end nothing may be missing and nothing old. */
async function anyHistory({ channel, clock, shop }: ChannelBench, seed: number, unpaid: boolean, stride = 60_000): Promise<void> {
  const random = seededRandom(seed);
  const pick = (below: number) => Math.floor(random() * below);
  const ids: string[] = [];
  const cancelled = new Set<string>();
  const read = new Map<string, string>();
  let cursor = channel.cursorAt(instantOf(epochMs(clock.now()) - 1_000));
  const pull = async () => {
    const pulled = await pullAll(channel, cursor);
    for (const { order } of pulled.orders) read.set(order.id, order.revision);
    ({ cursor } = pulled);
  };
  for (let step = 0; step < 25; step++) {
    const what = pick(10);
    const id = ids[pick(ids.length)];
    if (what < 3) ids.push(await shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 + pick(3) }], paid: !unpaid || pick(4) > 0 }));
    else if (what < 5 && id !== undefined && !cancelled.has(id)) await shop.touchOrder(id);
    else if (what === 5 && id !== undefined && !cancelled.has(id)) {
      await shop.cancelOrder(id);
      cancelled.add(id);
    } else if (what < 8) clock.advanceTo(instantOf(epochMs(clock.now()) + [0, 300, 1_000, stride][pick(4)]!));
    else await pull();
  }
  await pull();
  await pull();
  for (const id of ids) assert.equal(read.get(id), (await orderOf(channel, id)).order.revision, `seed ${seed}, order ${id}`);
}

async function standingsOf(channel: Channel, query: Parameters<Channel['standings']>[0]) {
  const found = new Map<string, Awaited<ReturnType<typeof orderStandings>>[number]>();
  for (const standing of await orderStandings(channel, query)) found.set(standing.id, standing);
  return found;
}

async function orderStandings(channel: Channel, query: Parameters<Channel['standings']>[0]) {
  const all = [];
  for await (const page of channel.standings(query)) all.push(...page);
  return all;
}

function idsOf({ orders }: Pulled): string[] {
  return orders.map(({ order }) => order.id);
}
