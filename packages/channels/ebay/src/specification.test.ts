import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import {
  answerOf,
  fullExample,
  misfits,
  operationOf,
  readSpecification,
  requestSchemaOf,
  schemaOf,
  strangeNames,
  type SpecOperation,
  type Specification,
} from '@quartermaster/connector-kit/testing';
import { existsSync } from 'node:fs';
import { money } from '@quartermaster/domain';
import { describe, expect, test } from 'vitest';
import { z, type ZodType } from 'zod';
import { pulledOrder } from '@quartermaster/connector-kit';
import { orderWords } from './order-words.ts';
import { ada, givenSeller, orderNow, pullAll, start, verificationToken } from './testing/seller.ts';
import { ebayChallengeResponse } from './webhook.ts';
import * as application from './wire-application.ts';
import * as inventory from './wire-inventory.ts';
import * as wire from './wire.ts';

// eBay's own specifications, under eBay's API licence: read where they are, and never copied.
const specs = new URL('../../../../../shared/specs/ebay/', import.meta.url);
const files = {
  fulfillment: 'sell_fulfillment_v1_oas3.json',
  inventory: 'sell_inventory_v1_oas3.json',
  notification: 'commerce_notification_v1_oas3.json',
  analytics: 'developer_analytics_v1_beta_oas3.json',
};
const fileOf = (api: keyof typeof files) => new URL(files[api], specs);
const absent = !existsSync(fileOf('fulfillment'));
const reason = absent ? ' (skipped: the vendor specifications of ../shared are not here)' : '';

type Exchange = { readonly method: string; readonly url: URL; readonly body: string; readonly status: number; readonly answer: string };

describe.skipIf(absent)(`against eBay's specifications${reason}`, () => {
  test('every request of ours is one that eBay describes, with its parameters and its body', async () => {
    const exchanges = await everyOperation();
    const found = exchanges.flatMap(({ method, url, body }) => {
      const described = describedBy(method, url);
      if (described === null) return [`${method} ${url.pathname} is not described`];
      const { operation, specification } = described;
      const strange = strangeNames(specification, operation, 'query', url.searchParams.keys()).map((name) => `${url.pathname}?${name}`);
      const schema = requestSchemaOf(specification, operation);
      const wrong =
        body === ''
          ? []
          : schema === null
            ? ['a body where none is']
            : misfits(specification, schema, JSON.parse(body), 'request', `${method} ${url.pathname} `);
      return [...strange, ...wrong];
    });
    expect([...new Set(found)]).toEqual([]);
    const operations = new Set(
      exchanges.map(({ method, url }) => `${method} ${url.pathname.replaceAll(/[\w-]*\d{4}[\w-]*|destination-\d+|[A-Z]+_[A-Z_]+/g, 'ID')}`),
    );
    expect(operations.size).toBe(20);
  });

  test('every answer of the sandbox is one that eBay could give', async () => {
    const found = (await everyOperation()).flatMap(({ method, url, status, answer }) => {
      const described = describedBy(method, url);
      const schema = described === null || status >= 300 ? null : answerOf(described.specification, described.operation, status).schema;
      if (described === null || schema === null || answer === '') return [];
      return misfits(
        described.specification,
        schema,
        JSON.parse(answer),
        'answer',
        `${method} ${url.pathname.replaceAll(/\d\d-\d{5}-\d{5}/g, 'ID')} `,
      );
    });
    expect([...new Set(found)].toSorted()).toEqual([]);
  });

  test.each<[string, keyof typeof files, string, ZodType]>([
    ['an order', 'fulfillment', 'Order', wire.orderSchema],
    ['a page of orders', 'fulfillment', 'OrderSearchPagedCollection', wire.orderPageSchema],
    ['fulfillments', 'fulfillment', 'ShippingFulfillmentPagedCollection', wire.fulfillmentsSchema],
    ['a refund', 'fulfillment', 'Refund', wire.refundSchema],
    ['inventory items', 'inventory', 'BulkGetInventoryItemResponse', inventory.bulkItemsSchema],
    ['what became of quantities', 'inventory', 'BulkPriceQuantityResponse', inventory.bulkUpdateSchema],
    ['a page of inventory items', 'inventory', 'InventoryItems', inventory.itemPageSchema],
    ['offers', 'inventory', 'Offers', inventory.offersSchema],
    ['locations', 'inventory', 'LocationResponse', inventory.locationsSchema],
    ['a public key', 'notification', 'PublicKey', application.publicKeySchema],
    ['destinations', 'notification', 'DestinationSearchResponse', application.destinationsSchema],
    ['subscriptions', 'notification', 'SubscriptionSearchResponse', application.subscriptionsSchema],
    ['a topic', 'notification', 'Topic', application.topicSchema],
    ['quotas', 'analytics', 'RateLimitsResponse', application.rateLimitsSchema],
  ])('%s with everything that eBay may tell is understood, and nothing is read that eBay does not tell', (_title, api, name, schema) => {
    const specification = readSpecification(fileOf(api));
    const described = schemaOf(specification, name);
    const read = schema.safeParse(fullExample(specification, described, { text }));
    expect(read.error?.issues ?? []).toEqual([]);
    expect(misfits(specification, described, read.data, 'answer')).toEqual([]);
  });

  test('an order with everything that eBay may tell is put into our words', () => {
    const specification = readSpecification(fileOf('fulfillment'));
    const order = wire.anyOrderSchema.parse(fullExample(specification, schemaOf(specification, 'Order'), { text }));
    const { order: ours, person } = pulledOrder(orderWords({ connection: 'acme', pricesIncludeTax: true, skuOf: () => null }), order);
    expect([ours.lines[0]?.sku, ours.customerTotal?.currency, person.shipTo?.name]).toEqual(['TEXT', 'GBP', 'TEXT']);
  });

  test.each<[keyof typeof files, string, string, readonly string[]]>([
    ['fulfillment', 'GET', '/sell/fulfillment/v1/order', ['30850', '30830', '30800', '31100', '30900']],
    ['fulfillment', 'GET', '/sell/fulfillment/v1/order/1', ['32100']],
    ['fulfillment', 'POST', '/sell/fulfillment/v1/order/1/shipping_fulfillment', ['32200', '32210', '32300', '32500', '32600', '34500']],
    ['fulfillment', 'POST', '/sell/fulfillment/v1/order/1/issue_refund', ['34903', '34905', '34915', '34922', '34924', '34929']],
    ['inventory', 'POST', '/sell/inventory/v1/bulk_update_price_quantity', ['25002', '25709']],
    ['inventory', 'POST', '/sell/inventory/v1/bulk_get_inventory_item', ['25702', '25727', '25734']],
    ['notification', 'POST', '/commerce/notification/v1/destination', ['195003', '195017', '195019', '195020', '195021']],
  ])('%s %s %s refuses by the numbers that we know', (api, method, path, ids) => {
    const operation = operationOf(readSpecification(fileOf(api)), method, path);
    const documented = Object.values(operation?.responses ?? {}).flatMap((one) => errorsIn(one));
    expect(ids.filter((id) => !documented.includes(id))).toEqual([]);
  });
});

/** Dates and amounts have a form that the schemas do not tell. */
function text(name: string): string {
  if (/date$/i.test(name)) return '2026-11-21T09:00:00.000Z';
  if (name === 'value' || name === 'convertedFromValue') return '12.9';
  if (name === 'currency') return 'EUR';
  return name === 'convertedFromCurrency' ? 'GBP' : 'TEXT';
}

const codesSchema = z.looseObject({ 'x-response-codes': z.looseObject({ errors: z.record(z.string(), z.unknown()).default({}) }) });

/** The numbers by which an answer refuses, which eBay gives beside its description. */
function errorsIn(response: unknown): string[] {
  return Object.keys(codesSchema.safeParse(response).data?.['x-response-codes'].errors ?? {});
}

const outside = /^\/(identity|post-order|developer\/key_management)\//;

function describedBy(method: string, url: URL): { operation: SpecOperation; specification: Specification } | null {
  for (const api of ['fulfillment', 'inventory', 'notification', 'analytics'] as const) {
    const specification = readSpecification(fileOf(api));
    const operation = operationOf(specification, method, url.pathname);
    if (operation !== null) return { operation, specification };
  }
  return null;
}

/** Lets the channel do all that it can, and gives what went over the wire of the APIs that have a specification here. */
async function everyOperation(): Promise<readonly Exchange[]> {
  const exchanges: Exchange[] = [];
  const { ebay, channel, clock } = givenSeller(
    { endpoint: (address) => Promise.resolve(answerTo(address)) },
    { verificationToken, alertEmail: 'ops@acme.example', offersFollow: true },
    (app) => async (request) => {
      const body = await request.clone().text();
      const reply = await app(request);
      const url = new URL(request.url);
      if (!outside.test(url.pathname))
        exchanges.push({ method: request.method, url, body, status: reply.status, answer: await reply.clone().text() });
      return reply;
    },
  );
  ebay.addItem({ sku: 'CUP', title: 'Cup', price: 100, stock: { berlin: 2 }, offerQuantity: 2, group: 'CUPS' });
  const hub = { address: ada, reference: 'GSP-1' };
  const { id, lineIds } = ebay.placeOrder({
    lines: [{ sku: 'MUG', quantity: 3, discount: 100, tax: 50, importCharges: 20 }],
    address: { ...ada, email: 'ada@example.org', stateOrProvince: 'NW' },
    shipping: 490,
    shippingDiscount: 90,
    fee: 10,
    adjustment: 5,
    hub,
    converted: { currency: 'GBP', rate: 0.8 },
    byEbay: true,
  });
  await pullAll(channel);
  await orderNow(channel, id);
  for await (const _page of channel.standings({ orders: [id] })) await channel.probe();
  await channel.pushStock([{ sku: 'CUP', node: 'BER', available: 5, expected: null }], intentMemo());
  await channel.shownStock([{ sku: 'MUG', node: 'BER' }]);
  if (channel.listings !== null) for await (const _page of channel.listings()) continue;
  const parcel = { carrier: 'ups', trackingNumbers: ['1Z1'], trackingUrl: null, shippedAt: start, notifyCustomer: false };
  const lines = lineIds.map((lineId) => ({ lineId, units: 1 }));
  await channel.confirmShipment({ orderId: id, node: 'BER', lines, ...parcel }, intentMemo());
  await channel.findShipment({ orderId: id, node: 'BER', lines, ...parcel });
  const about = { reason: 'damaged', note: 'broken', restockAt: null, notifyCustomer: false, adjustment: null } as const;
  const line = { lineId: lineIds[0] ?? '', units: 1, amount: money(100, 'EUR'), tax: money(0, 'EUR') };
  await channel.refund?.make({ orderId: id, refundId: 'r1', lines: [line], shipping: null, ...about }, intentMemo('r1'));
  await clock.sleep(60_000);
  const shipping = { amount: money(50, 'EUR'), tax: money(0, 'EUR') };
  await channel.refund?.make({ orderId: id, refundId: 'r2', lines: [], shipping, ...about }, intentMemo('r2'));
  await channel.subscriptions?.ensure('https://qm.example/hooks');
  ebay.markDown();
  await channel.subscriptions?.ensure('https://qm.example/hooks');
  for (const { body, headers } of ebay.takeNotifications()) await channel.verifyWebhook(body, headers);
  await orderNow(channel, id);
  return exchanges;
}

function answerTo(address: string): string {
  const url = new URL(address);
  const challengeCode = url.searchParams.get('challenge_code') ?? '';
  url.search = '';
  return ebayChallengeResponse({ challengeCode, verificationToken, endpoint: url.href });
}
