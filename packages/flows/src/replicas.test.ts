import type { Channel } from '@quartermaster/domain';
import type { Journal } from '@quartermaster/journal';
import { replicasOf, stopTimeoutMs, testServer } from '@quartermaster/journal/testing';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { listDrift } from './drift/ledger.ts';
import { waveRecordSchema } from './waves/wave.ts';
import { withEasyPost } from './testing/givens.ts';
import { liveTogether, type Day, type Kill } from './testing/replicas.ts';
import { openScene, type Scene } from './testing/scene.ts';

const server = await testServer();
const missing = 'missing' in server ? server.missing : null;
afterAll(() => ('missing' in server ? undefined : server.stop()), stopTimeoutMs);

// Replicas need a server that takes several connections.
describe.skipIf(missing !== null)(`daemons that share a journal${missing === null ? '' : ` (${missing})`}`, () => {
  test('three of them end the same day in the same state as one', async () => {
    const one = await dayOfOne();
    const three = await day(3);

    expect(three.books).toEqual(one);
    expect(one.map(({ state }) => state)).toEqual(Array.from({ length: 10 }, () => 'shipped'));
  });

  test('a channel is read once per interval by all of them together, and once more before a wave', async () => {
    let reads = 0;
    await day(3, {
      fate: (ports) => ({
        ...ports,
        channels: new Map(
          [...ports.channels].map(([id, channel]) => [
            id,
            {
              ...channel,
              pullOrders(since) {
                reads += 1;
                return channel.pullOrders(since);
              },
            },
          ]),
        ),
      }),
    });

    const [intervals, waves] = [24, 2];
    expect(reads).toBeGreaterThanOrEqual(intervals / 1.5);
    expect(reads).toBeLessThanOrEqual(intervals + waves + 2);
  });

  test('the sides are compared by one of them at a time, once per interval for all', async () => {
    const instants: string[] = [];
    const { journal } = await day(3, {
      reconcileEveryMs: 60 * 60_000,
      fate: (ports) => ({
        ...ports,
        channels: new Map(
          [...ports.channels].map(([id, channel]) => [
            id,
            {
              ...channel,
              standings(of) {
                if ('changedSince' in of) instants.push(of.changedSince);
                return channel.standings(of);
              },
            },
          ]),
        ),
      }),
    });

    const openDrift = await listDrift(journal, { state: 'open', limit: 10 });
    // A day of four hours; what was seen once is looked at again after a quarter of an hour.
    expect(new Set(instants).size).toBe(instants.length);
    expect(instants.length).toBeGreaterThanOrEqual(3);
    expect(instants.length).toBeLessThanOrEqual(16);
    expect(openDrift).toEqual([]);
  });

  test('when they stop, nothing is held any more and nobody is listed', async () => {
    const { journal } = await day(3);

    const { leases, replicas } = await journal.read(async (tx) => ({ leases: await tx.leases.list(), replicas: await tx.replicas.list() }));

    expect(leases.filter(({ holder }) => holder !== null)).toEqual([]);
    expect(replicas).toEqual([]);
  });

  test.each<[string, Required<Day>['fate']]>([
    [
      'while it reads a channel, before its orders are kept',
      (ports, kill) => ({ ...ports, channels: new Map([...ports.channels].map(([id, channel]) => [id, dyingAfterAPage(channel, kill)])) }),
    ],
    [
      'in a wave, with the stock read',
      (ports, kill) => ({
        ...ports,
        erp: {
          ...ports.erp,
          async stock(query) {
            const positions = await ports.erp.stock(query);
            // A publication reads the stock of all.
            if (query.skus !== null && query.skus.length > 0) await kill();
            return positions;
          },
        },
      }),
    ],
    [
      'while it publishes stock',
      (ports, kill) => ({
        ...ports,
        erp: {
          ...ports.erp,
          async stock(query) {
            if (query.skus === null) await kill();
            return ports.erp.stock(query);
          },
        },
      }),
    ],
    [
      'with an order written that it has not heard of',
      (ports, kill) => ({
        ...ports,
        erp: {
          ...ports.erp,
          async writeOrder(draft, memo) {
            const written = await ports.erp.writeOrder(draft, memo);
            await kill();
            return written;
          },
        },
      }),
    ],
    [
      'with a label bought that it has not heard of',
      (ports, kill) => ({
        ...ports,
        carriers: new Map(
          [...ports.carriers].map(([id, carrier]) => [
            id,
            {
              ...carrier,
              async buy(request, memo) {
                const label = await carrier.buy(request, memo);
                await kill();
                return label;
              },
            },
          ]),
        ),
      }),
    ],
    [
      'with a shipment told to the shop that it has not heard of',
      (ports, kill) => ({
        ...ports,
        channels: new Map(
          [...ports.channels].map(([id, channel]) => [
            id,
            {
              ...channel,
              async confirmShipment(request, memo) {
                const confirmed = await channel.confirmShipment(request, memo);
                await kill();
                return confirmed;
              },
            },
          ]),
        ),
      }),
    ],
  ])('one that dies %s is made up for by the others, and nothing happens twice', async (_when, fate) => {
    const whole = await dayOfOne();
    const { books, deaths } = await day(3, { fate });

    expect(deaths).toBe(1);
    expect(books).toEqual(whole);
  });
});

let alone: Awaited<ReturnType<typeof booksOf>> | undefined;
/** What a day comes to when nobody shares it and nobody dies. */
async function dayOfOne() {
  alone ??= (await day(1)).books;
  return alone;
}

/** A day with two waves and ten orders, by so many replicas; what the books of shop, ERP and carrier say afterwards. */
async function day(count: number, more: Partial<Day> = {}) {
  if ('missing' in server) throw new Error(server.missing);
  let journals: Journal[] = [];
  const scene: Scene = await openScene({
    settings: withEasyPost,
    startsAt: '2026-11-23T09:30:00.000Z',
    stock: { MUG: [20, 20], LAMP: [5, 5] },
    journal: async (clock) => {
      journals = await replicasOf(server, count, { clock, connections: 4 });
      const [first] = journals;
      if (first === undefined) throw new Error('a day needs a daemon');
      return first;
    },
  });
  onTestFinished(async () => {
    await Promise.all(journals.map((journal) => journal.close()));
  });
  await liveTogether(scene, journals, {
    until: '2026-11-23T13:30:00.000Z',
    happenings: {
      '2026-11-23T09:35:00.000Z': () => Array.from({ length: 6 }, () => scene.order()),
      '2026-11-23T11:00:00.000Z': () => Array.from({ length: 4 }, () => scene.order({ lines: [{ sku: 'LAMP', quantity: 1 }] })),
    },
    ...more,
  });
  const replicas = await scene.journal.read((tx) => tx.replicas.list());
  return { journal: scene.journal, books: await booksOf(scene), deaths: replicas.length };
}

async function booksOf(scene: Scene) {
  const sold = new Map(scene.shops['shop']?.snapshot().orders.map((order) => [order.name, order]));
  const { labels } = scene.easypost.snapshot();
  const waves = await scene.journal.read((tx) => tx.records.list('wave', waveRecordSchema, { limit: 100 }));
  const exceptions = (await scene.openExceptions()).map(({ code }) => code);
  const cases = await scene.cases();
  return cases
    .map(({ order, state, shipments }) => ({
      order: order.name,
      state,
      shipments: shipments.map(({ node, service, lines, state: each, labels: bought }) => ({
        node,
        service,
        lines,
        each,
        labels: bought.length,
      })),
      told: sold.get(order.name)?.fulfillments.length,
      // The world's own books, the same with every order: what came twice shows in each.
      world: { labels: labels.length, written: scene.odoo.snapshot().orders.length, waves: waves.map(({ key }) => key), exceptions },
    }))
    .sort((a, b) => (a.order < b.order ? -1 : 1));
}

function dyingAfterAPage(channel: Channel, die: Kill): Channel {
  return {
    ...channel,
    async *pullOrders(since) {
      for await (const page of channel.pullOrders(since)) {
        if (page.orders.length > 0) await die();
        yield page;
      }
    },
  };
}
