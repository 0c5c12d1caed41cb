import { intentMemo, sandboxFetch, virtualClock, type SandboxApp } from '@quartermaster/connector-kit/sandbox';
import { centsProof, type ShipmentConfirmation, type StockLevel } from '@quartermaster/domain';
import { describe, expect, test } from 'vitest';
import { amazonChannel } from './channel.ts';
import { pulledOrder } from '@quartermaster/connector-kit';
import { readNotification } from './notifications.ts';
import { createAmazonSandbox } from './sandbox/index.ts';
import { stockFeed } from './stock.ts';
import { examplesOf, modelsAreAbsent, operationsOf, readJson, reason, violations, type ModelOperation } from './testing/models.ts';
import { apiOrigin, credentials, germany, loginOrigin, sellerId, start } from './testing/shop.ts';
import { orderWords } from './translate.ts';
import * as wire from './wire.ts';
import { z, type ZodType } from 'zod';

const models = [
  'orders-api-model/orders_2026-01-01.json',
  'orders-api-model/ordersV0.json',
  'listings-items-api-model/listingsItems_2021-08-01.json',
  'feeds-api-model/feeds_2021-06-30.json',
  'reports-api-model/reports_2021-06-30.json',
  'sellers-api-model/sellers.json',
  'notifications-api-model/notifications.json',
];

/** What reads the answer of each operation that we call; null where nothing of it is read. */
const readers: Readonly<Record<string, ZodType | null>> = {
  searchOrders: wire.orderPageSchema,
  getOrder: wire.oneOrderSchema,
  confirmShipment: null,
  searchListingsItems: wire.listingPageSchema,
  getListingsItem: wire.listingSchema,
  patchListingsItem: wire.submissionSchema,
  createFeedDocument: wire.createdDocumentSchema,
  createFeed: wire.createdFeedSchema,
  getFeed: wire.feedSchema,
  getFeeds: wire.feedsSchema,
  getFeedDocument: wire.feedDocumentSchema,
  createReport: wire.createdReportSchema,
  getReport: wire.reportSchema,
  getReports: wire.reportsSchema,
  getReportDocument: wire.reportDocumentSchema,
  getMarketplaceParticipations: wire.participationsSchema,
};

describe.skipIf(modelsAreAbsent)(`against Amazon's own models${reason}`, () => {
  const operations = modelsAreAbsent ? [] : models.flatMap(operationsOf);
  // Orders v0 has operations of the same names, which we do not call.
  const ours = operations.filter(
    ({ name, path }) => name in readers && (path.includes('2026-01-01') || !path.startsWith('/orders/v0') || name === 'confirmShipment'),
  );

  test('every documented answer of what we call is read, but for one that is none by its own model', () => {
    const answers = ours.flatMap((operation) =>
      ['200', '201', '202'].flatMap((status) => examplesOf(operation, status).map((example) => ({ operation, example }))),
    );
    const unread = answers.flatMap(({ operation, example }) => {
      const parsed = readers[operation.name]?.safeParse(example);
      return parsed === undefined || parsed.success
        ? []
        : [`${operation.name}: ${parsed.error.issues[0]?.path.join('.')} ${parsed.error.issues[0]?.message}`];
    });
    const broken = answers.filter(
      ({ operation, example }) => violations(example, operation.responses['200']?.['schema'], operation.root).length > 0,
    );
    expect(unread).toEqual(['getMarketplaceParticipations:  Invalid input: expected object, received array']);
    expect(broken.map(({ operation }) => operation.name)).toContain('getMarketplaceParticipations');
    expect(answers.length).toBeGreaterThan(20);
  });

  test('every documented error of what we call is read', () => {
    const errors = ours.flatMap((operation) =>
      ['400', '401', '403', '404', '429', '500', '503'].flatMap((status) => examplesOf(operation, status)),
    );
    expect(errors.filter((example) => !wire.errorListSchema.safeParse(example).success)).toEqual([]);
    expect(errors.length).toBeGreaterThan(5);
  });

  test('every documented order is put into our words to the cent', () => {
    const orders = ours.flatMap((operation) => examplesOf(operation, '200').flatMap((example) => ordersIn(example)));
    const proofs = orders.map((order) => {
      const proof = centsProof(pulledOrder(orderWords('acme'), order).order);
      return [order.orderId, proof.difference.minor, proof.explained];
    });
    expect(proofs).toEqual(orders.map(({ orderId }) => [orderId, 0, true]));
    expect(orders.length).toBeGreaterThanOrEqual(6);
  });

  test.each(['OrderChangeNotification', 'ListingsItemMfnQuantityChange', 'FeedProcessingFinishedNotification'])(
    'every documented %s is read',
    (name) => {
      const { examples } = z.object({ examples: z.array(z.unknown()).min(1) }).parse(readJson(`schemas/notifications/${name}.json`));
      for (const example of examples) {
        const read = readNotification(JSON.stringify(example));
        expect([read?.orderId ?? read?.stock?.sku ?? read?.feedId, read?.id]).toEqual([expect.any(String), expect.any(String)]);
      }
    },
  );

  test('the documented report of a listings feed is read', () => {
    const example = readJson('schemas/feeds/listings-feed-processing-report-schema-v2.example.json');
    expect(wire.listingsReportSchema.parse(example).items?.map(({ sku }) => sku)).toEqual(['My-SKU-B', 'My-SKU-C']);
  });

  test('a feed of stock is one by the schema of listings feeds', () => {
    const levels: StockLevel[] = ['MUG', 'A/B', 'Ü,#'].map((sku, index) => ({ sku, node: '*', available: index, expected: null }));
    const feed: unknown = JSON.parse(JSON.stringify(stockFeed({ sellerId, marketplaceIds: [germany] }, levels)));
    const whole = readJson('schemas/feeds/listings-feed-schema-v2.json');
    const one = readJson('schemas/feeds/listings-feed-message-schema-v2.json');
    const { messages } = z.object({ messages: z.array(z.unknown()) }).parse(feed);
    expect([...violations(feed, whole, whole), ...messages.flatMap((message) => violations(message, one, one))]).toEqual([]);
  });

  test('every request of ours is one by the model, and so is every answer of the sandbox', async () => {
    const { exchanges, seen } = await everything();
    const wrong = exchanges.flatMap((exchange) => wrongOf(exchange, operations));
    expect([...new Set(wrong)]).toEqual([]);
    expect(Object.keys(readers).filter((name) => !seen.has(name))).toEqual([]);
  });
});

type Exchange = { readonly method: string; readonly url: URL; readonly body: string; readonly status: number; readonly answer: string };

function ordersIn(example: unknown): readonly wire.WireOrder[] {
  const page = wire.orderPageSchema.safeParse(example);
  if (page.success) return page.data.orders;
  const one = wire.oneOrderSchema.safeParse(example);
  return one.success ? [one.data.order] : [];
}

/** Has the channel do all that it can, and keeps what went over the wire. */
async function everything() {
  const clock = virtualClock(start);
  const shop = createAmazonSandbox({ clock, sellerId, credentials });
  const exchanges: Exchange[] = [];
  const app: SandboxApp = async (request) => {
    const body = await request.clone().text();
    const response = await shop.app(request);
    exchanges.push({
      method: request.method,
      url: new URL(request.url),
      body,
      status: response.status,
      answer: await response.clone().text(),
    });
    return response;
  };
  const seen = new Set<string>();
  const channel = amazonChannel({
    connection: 'acme-de',
    region: 'eu',
    sellerId,
    marketplaceIds: [germany],
    credentials,
    supplySources: { BER: 'c8b1e1a7-1111-2222-3333-444455556666' },
    patchAtMost: 3,
    notificationDestination: { kind: 'sqs', arn: 'arn:aws:sqs:eu-central-1:123456789012:orders' },
    clock,
    random: () => 0.5,
    fetch: sandboxFetch({ [apiOrigin]: app, [loginOrigin]: app }),
    onEvent: ({ operation }) => seen.add(operation),
  });
  for (const sku of ['MUG', 'TEA', 'A/B', 'X,Y', 'CUP']) shop.addListing({ sku, title: sku, price: '12.90', quantity: 10 });
  const ids = ['MUG', 'TEA', 'CUP'].map((sku) =>
    shop.placeOrder({
      lines: [{ sku, quantity: 2, discount: '1.00', tax: '3.00', giftWrap: '2.00' }],
      shipping: '4.90',
      shippingTax: '0.78',
    }),
  );
  shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }], pending: true });
  shop.requestCancellation(ids[1] ?? '', 'changed my mind');
  for (let nth = 0; nth < 110; nth++) shop.placeOrder({ lines: [{ sku: 'TEA', quantity: 1 }] });
  clock.advanceTo('2026-11-21T10:00:00.000Z');
  await channel.probe();
  for await (const _page of channel.pullOrders(channel.cursorAt(start)));
  for await (const _page of channel.standings({ changedSince: start }));
  for await (const _page of channel.standings({ orders: ids }));
  for await (const _page of channel.listings?.() ?? []);
  await channel.shownStock(['MUG', 'X,Y'].map((sku) => ({ sku, node: '*' })));
  await channel.pushStock([{ sku: 'A/B', node: '*', available: 4, expected: null }], intentMemo());
  await channel.pushStock(
    ['MUG', 'TEA', 'A/B', 'X,Y', 'NO'].map((sku) => ({ sku, node: '*', available: 6, expected: null })),
    intentMemo(),
  );
  const [shipped, cancelled, named] = ids;
  const order = await channel.getOrder(shipped ?? '');
  const lineId = order?.order.lines[0]?.id ?? '';
  const shipment: ShipmentConfirmation = {
    orderId: shipped ?? '',
    node: 'BER',
    lines: [{ lineId, units: 2 }],
    carrier: 'Kiala Example',
    trackingNumbers: ['1Z1'],
    trackingUrl: null,
    shippedAt: clock.now(),
    notifyCustomer: true,
  };
  await channel.confirmShipment(shipment, intentMemo());
  await channel.findShipment(shipment);
  const whole = { lines: null, reason: 'customer', restock: false, notifyCustomer: true } as const;
  await channel.cancellation?.make({ orderId: cancelled ?? '', ...whole }, intentMemo());
  await channel.acknowledgement?.make({ orderId: named ?? '', ourRef: 'S00042' }, intentMemo());
  const eur = (minor: number) => ({ minor, currency: 'EUR' });
  const about = { reason: 'returned', note: null, restockAt: null, notifyCustomer: false, adjustment: eur(100) } as const;
  const lines = [{ lineId, units: 1, amount: eur(1200), tax: eur(192) }];
  const refund = { orderId: shipped ?? '', refundId: 'r-1', lines, shipping: { amount: eur(490), tax: eur(78) }, ...about };
  const asked = { ...intentMemo(), refs: { refundAskedAt: clock.now() } };
  await channel.refund?.find(refund, asked);
  await channel.refund?.make(refund, intentMemo());
  shop.requestReturn(shipped ?? '', 'MUG', 1);
  for await (const _page of channel.returns?.pullReturns(channel.cursorAt(start)) ?? []);
  for await (const _settlement of channel.settlements(start));
  await channel.subscriptions?.ensure('');
  return { exchanges, seen };
}

/** What of an exchange the model does not allow. */
function wrongOf({ method, url, body, status, answer }: Exchange, operations: readonly ModelOperation[]): string[] {
  // Neither login nor documents nor the destinations of notifications are in the models.
  if (/^\/(auth|documents|notifications\/v1\/destinations)(\/|$)/.test(url.pathname)) return [];
  const found = operations.find(
    (one) => one.method === method && new RegExp(`^${one.path.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`).test(url.pathname),
  );
  if (found === undefined) return [`${method} ${url.pathname} is in no model`];
  const { name, parameters, root, responses } = found;
  const wrong: string[] = [];
  const queries = parameters.filter(({ in: where }) => where === 'query');
  for (const [key, value] of url.searchParams) {
    const parameter = queries.find((one) => one['name'] === key);
    if (parameter === undefined) wrong.push(`${name}: the model has no parameter ${key}`);
    else wrong.push(...violations(typed(value, parameter['type']), parameter, root, `${name}?${key}`));
  }
  for (const parameter of queries) {
    if (parameter['required'] === true && !url.searchParams.has(String(parameter['name'])))
      wrong.push(`${name}: ${String(parameter['name'])} is missing`);
  }
  const sent = parameters.find(({ in: where }) => where === 'body');
  if (sent !== undefined) wrong.push(...violations(JSON.parse(body), sent['schema'], root, `${name} body`));
  const response = responses[String(status)];
  if (response === undefined) wrong.push(`${name}: the model has no answer ${status}`);
  else if (answer !== '') wrong.push(...violations(JSON.parse(answer), response['schema'], root, `${name} ${status}`));
  return wrong.map((text) => text.replaceAll(/\[\d+\]/g, '[]'));
}

function typed(value: string, type: unknown): unknown {
  if (type === 'array') return value.split(',');
  if (type === 'integer') return Number(value);
  return type === 'boolean' ? value === 'true' : value;
}
