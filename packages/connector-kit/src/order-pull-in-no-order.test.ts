import { pullOrderPages, type OrderWords } from './order-pull.ts';
import { channelOrderSchema, type ChannelCursor, type OrderPage } from '@quartermaster/domain';
import { expect, test } from 'vitest';

type Wire = { readonly id: string; readonly at: string };

const eur = (minor: number) => ({ minor, currency: 'EUR' });
const words: OrderWords<Wire> = {
  connector: 'example',
  id: ({ id }) => id,
  name: ({ id }) => id,
  updatedAt: ({ at }) => at,
  subject: ({ id }) => id,
  translate: ({ id, at }, revision) => ({
    order: channelOrderSchema.parse({
      id,
      name: id,
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
      payment: { status: 'paid', secured: eur(0) },
      risk: 'low',
      subject: id,
      destination: null,
      addressHash: null,
      lines: [],
      shipping: eur(0),
      shippingTax: eur(0),
      orderDiscount: eur(0),
      total: eur(0),
    }),
    person: { shipTo: null, billTo: null },
  }),
};

/** The younger order is on the first page. */
const shop: readonly (readonly Wire[])[] = [
  [{ id: 'young', at: '2026-11-21T12:00:00.000Z' }],
  [{ id: 'old', at: '2026-11-21T09:00:00.000Z' }],
];

function pull(since: ChannelCursor, inOrder: boolean): AsyncGenerator<OrderPage> {
  async function* pages(from: string) {
    for (const page of shop) yield page.filter(({ at }) => at >= from);
  }
  return pullOrderPages({ words, since, overlapMs: 60_000, inOrder, pages });
}

/** Ids of two pulls, of which the first breaks off after its first page. */
async function brokenOff(inOrder: boolean): Promise<string[]> {
  const ids: string[] = [];
  let cursor: ChannelCursor = { watermark: '2026-11-21T00:00:00.000Z', seen: [] };
  for await (const page of pull(cursor, inOrder)) {
    ids.push(...page.orders.map(({ order }) => order.id));
    ({ cursor } = page);
    break;
  }
  for await (const page of pull(cursor, inOrder)) ids.push(...page.orders.map(({ order }) => order.id));
  return ids;
}

test('a pull that breaks off misses no older order of a later page where the vendor promises no order, and tells nothing twice', async () => {
  expect(await brokenOff(false)).toEqual(['young', 'old']);
});

test('after the last page the watermark is that of the latest change', async () => {
  let cursor: ChannelCursor = { watermark: '2026-11-21T00:00:00.000Z', seen: [] };
  for await (const page of pull(cursor, false)) ({ cursor } = page);
  expect(cursor).toMatchObject({ watermark: '2026-11-21T12:00:00.000Z', seen: [expect.stringContaining('young')] });
});
