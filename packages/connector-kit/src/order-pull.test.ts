import { type ChannelOrder, type OrderPage } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { firstCursor, storeCursor } from './order-cursor.ts';
import { pullOrderPages, type OrderWords } from './order-pull.ts';

type Wire = { readonly id: string; readonly at: string; readonly note?: string; readonly broken?: boolean };

const words: OrderWords<Wire> = {
  connector: 'example',
  id: ({ id }) => id,
  name: ({ id }) => `#${id}`,
  updatedAt: ({ at }) => at,
  subject: ({ id }) => `subject-${id}`,
  translate(wire, revision) {
    if (wire.broken === true) throw new RangeError('12.345 EUR is finer than the currency');
    return { order: orderOf(wire, revision), person: { shipTo: null, billTo: null } };
  },
};

async function read(wires: readonly (readonly Wire[])[], since = storeCursor(firstCursor('2026-11-22T09:00:00.000Z'))) {
  const pages: OrderPage[] = [];
  const asked: string[] = [];
  const given = {
    words,
    since,
    overlapMs: 60_000,
    async *pages(from: string) {
      asked.push(from);
      yield* wires;
    },
  };
  for await (const page of pullOrderPages(given)) pages.push(page);
  return { pages, asked, cursor: pages.at(-1)?.cursor ?? since, ids: pages.flatMap(({ orders }) => orders.map(({ order }) => order.id)) };
}

test('a pull asks from before its watermark, by as much as the overlap', async () => {
  const { cursor } = await read([[{ id: '1', at: '2026-11-22T10:00:00.000Z' }]]);
  expect((await read([], cursor)).asked).toEqual(['2026-11-22T09:59:00.000Z']);
});

test('an order that was read before is told again only when it changed, even within its second', async () => {
  const first = { id: '1', at: '2026-11-22T10:00:00.000Z' };
  const { cursor } = await read([[first]]);
  expect((await read([[first]], cursor)).ids).toEqual([]);
  expect((await read([[{ ...first, note: 'changed' }]], cursor)).ids).toEqual(['1']);
});

test('an order that comes late, from before the watermark, is told', async () => {
  const { cursor } = await read([[{ id: '2', at: '2026-11-22T10:00:30.000Z' }]]);
  expect((await read([[{ id: '1', at: '2026-11-22T10:00:10.000Z' }]], cursor)).ids).toEqual(['1']);
});

test('an order that cannot be put into our words is told beside the others, as it came and without its words in the reason', async () => {
  const { pages } = await read([
    [
      { id: '1', at: '2026-11-22T10:00:00.000Z', broken: true },
      { id: '2', at: '2026-11-22T10:00:00.000Z' },
    ],
  ]);
  expect(pages[0]?.orders.map(({ order }) => order.id)).toEqual(['2']);
  expect(pages[0]?.unreadable).toEqual([
    expect.objectContaining({
      id: '1',
      name: '#1',
      subject: 'subject-1',
      reason: 'example orders.translate: order #1 cannot be put into our words: RangeError',
    }),
  ]);
});

test('nothing new is one page without orders, from which reading goes on', async () => {
  const { pages } = await read([]);
  expect(pages.map(({ orders }) => orders.length)).toEqual([0]);
});

function orderOf({ id, at }: Wire, revision: string): ChannelOrder {
  const nothing = { minor: 0, currency: 'EUR' };
  return {
    id,
    name: `#${id}`,
    revision,
    status: 'open',
    test: false,
    placedAt: at,
    updatedAt: at,
    class: 'consumer',
    purchaseOrderNumber: null,
    terms: null,
    shipNotBefore: null,
    requestedService: null,
    pickupPoint: null,
    currency: 'EUR',
    taxesIncluded: true,
    payment: { status: 'paid', secured: nothing },
    risk: 'low',
    subject: `subject-${id}`,
    destination: null,
    addressHash: null,
    lines: [],
    shipping: nothing,
    shippingTax: nothing,
    orderDiscount: nothing,
    total: nothing,
  };
}
