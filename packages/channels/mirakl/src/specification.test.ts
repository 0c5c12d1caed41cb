import { intentMemo } from '@quartermaster/connector-kit/sandbox';
import {
  answerOf,
  misfits,
  operationOf,
  readSpecification,
  requestSchemaOf,
  strangeNames,
  type SpecOperation,
} from '@quartermaster/connector-kit/testing';
import { centsProof, money } from '@quartermaster/domain';
import { pulledOrder } from '@quartermaster/connector-kit';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { ZodType } from 'zod';
import { periodsMs } from './limits.ts';
import { orderWords } from './order-words.ts';
import { rowErrors, stockFile } from './stock-file.ts';
import { ada, givenShop, start } from './testing/shop.ts';
import * as operations from './wire-operations.ts';
import * as wire from './wire.ts';

// Mirakl's own specification: read where it is, and never copied.
const specs = new URL('../../../../../shared/specs/mirakl/', import.meta.url);
const file = new URL('mmp-seller-openapi.json', specs);
const absent = !existsSync(file);
const reason = absent ? ' (skipped: the vendor specifications of ../shared are not here)' : '';

type Exchange = {
  readonly method: string;
  readonly url: URL;
  readonly type: string;
  readonly body: string;
  readonly status: number;
  readonly answer: string;
};

/** Parameters of paging, sorting and language are told in words. */
function toldInWords({ description }: SpecOperation): string[] {
  return [
    ...(description.includes('supports offset pagination') ? ['max', 'offset', 'sort', 'order'] : []),
    ...(description.includes('supports seek pagination') ? ['limit', 'page_token', 'sort', 'order'] : []),
    ...(description.includes('<code>locale</code>') ? ['locale'] : []),
  ];
}

describe.skipIf(absent)(`against Mirakl's specification of the seller API${reason}`, () => {
  const read = () => readSpecification(file);

  test('every request of ours is one that Mirakl describes, with its parameters and its body', async () => {
    const specification = read();
    const exchanges = await everyOperation();
    const found = exchanges.flatMap(({ body, method, type, url }) => {
      const operation = operationOf(specification, method, url.pathname);
      if (operation === null) return [`${method} ${url.pathname} is not described`];
      const strange = strangeNames(specification, operation, 'query', url.searchParams.keys())
        .filter((name) => !toldInWords(operation).includes(name))
        .map((name) => `${operation.operationId}?${name}`);
      const described = requestSchemaOf(specification, operation);
      if (body === '' || type.startsWith('multipart/')) return strange;
      return [
        ...strange,
        ...(described === null
          ? ['a body where none is']
          : misfits(specification, described, JSON.parse(body), 'request', operation.operationId)),
      ];
    });
    expect([...new Set(found)]).toEqual([]);
    const used = new Set(exchanges.map(({ method, url }) => operationOf(specification, method, url.pathname)?.operationId ?? ''));
    expect([...used].toSorted()).toEqual([
      'A01',
      'OF21',
      'OR04',
      'OR11',
      'OR21',
      'OR23',
      'OR24',
      'OR28',
      'OR29',
      'OR30',
      'PC01',
      'RE01',
      'RT11',
      'ST01',
      'ST11',
      'STO01',
      'STO02',
      'STO03',
    ]);
  });

  test('nothing that the sandbox answers is unknown to the specification', async () => {
    const specification = read();
    const found = (await everyOperation()).flatMap(({ answer, method, status, url }) => {
      const operation = operationOf(specification, method, url.pathname);
      if (operation === null || status >= 300 || answer === '') return [];
      const { schema } = answerOf(specification, operation, status);
      return schema === null ? [] : misfits(specification, schema, JSON.parse(answer), 'answer-with-nulls', operation.operationId);
    });
    const untold = /^(A01|PC01)\..* is missing$/;
    expect([...new Set(found)].filter((one) => !untold.test(one)).toSorted()).toEqual([]);
  });

  test.each<[string, string, string, string, ZodType]>([
    ['orders', 'GET', '/api/orders', '200', wire.orderPageSchema],
    ['shipments', 'GET', '/api/shipments', '200', operations.shipmentPageSchema],
    ['made shipments', 'POST', '/api/shipments', '201', operations.createdShipmentsSchema],
    ['a stock import', 'POST', '/api/offers/stock/imports', '201', operations.importSchema],
    ['the state of a stock import', 'GET', '/api/offers/stock/imports/1/status', '200', operations.importStatusSchema],
    ['offers', 'GET', '/api/offers', '200', operations.offerPageSchema],
    ['reasons', 'GET', '/api/reasons', '200', operations.reasonsSchema],
    ['refunds', 'PUT', '/api/orders/refund', '200', operations.madeRefundsSchema],
    ['cancellations', 'PUT', '/api/orders/cancel', '200', operations.madeCancelationsSchema],
    ['updated orders', 'PUT', '/api/orders', '200', operations.updatedOrdersSchema],
    ['returns', 'GET', '/api/returns', '200', operations.returnPageSchema],
    ['the account', 'GET', '/api/account', '200', operations.accountSchema],
    ['the platform', 'GET', '/api/platform/configuration', '200', operations.platformSchema],
  ])('every documented example of %s is understood', (_title, method, path, status, schema) => {
    const operation = operationOf(read(), method, path);
    const examples = operation === null ? [] : answerOf(read(), operation, status).examples;
    expect(examples.length).toBeGreaterThan(0);
    expect(
      examples.flatMap((value, nth) => (schema.safeParse(value).error?.issues ?? []).map(({ path: at }) => `${nth} ${at.join('.')}`)),
    ).toEqual([]);
  });

  test('the documented order is put into our words, and its total is derived to the cent', () => {
    const operation = operationOf(read(), 'GET', '/api/orders');
    const [value] = operation === null ? [] : answerOf(read(), operation, 200).examples;
    const [order] = wire.orderPageSchema.parse(value).orders;
    expect(order).toBeDefined();
    if (order === undefined) return;
    const { order: ours, person } = pulledOrder(orderWords({ connection: 'acme', ownCenters: [] }), order);
    expect(centsProof(ours)).toMatchObject({ difference: { minor: 0 }, explained: true });
    expect([ours.class, ours.destination?.country, ours.terms, person.shipTo?.company]).toEqual([
      'business',
      'US',
      'NET 10',
      'LIMARK Company, Paris branch',
    ]);
  });

  test('the columns of a stock file are those that Mirakl describes', () => {
    const described = JSON.stringify(operationOf(read(), 'POST', '/api/offers/stock/imports')?.requestBody).replaceAll('\\', '');
    const [header] = stockFile([]).split('\n');
    expect(described).toContain(header);
    expect(rowErrors('"line-number";"error-message";"offer-sku"\n"2";"no";"A;B"\n')).toEqual([{ sku: 'A;B', warehouse: '', reason: 'no' }]);
  });

  test('the periods of our buckets are the published maximum usage', () => {
    const text = readFileSync(new URL('rate-limits.yml', specs), 'utf8');
    const usage = new Map(
      text
        .split('\n  - spec: ')
        .filter((block) => block.startsWith('mirakl-mmp-seller'))
        .map((block) => [/operationId: "(.*?)"/.exec(block)?.[1], /maximum_usage: "(.*)"/.exec(block)?.[1]]),
    );
    expect(['OR11', 'OR04', 'STO01', 'STO02', 'STO03', 'RT11', 'A01'].map((id) => usage.get(id))).toEqual([
      '- Asynchronous: once per minute - Synchronous: at each order page display',
      'Once per minute, 100 orders per call',
      'Once per minute',
      'Once every 15 seconds',
      'Once per minute',
      'Every 5 minutes',
      'Once per day',
    ]);
    expect(Object.values(periodsMs)).toEqual([60_000, 60_000, 60_000, 15_000, 60_000, 300_000]);
  });
});

/** Lets channels of both kinds of platform do all that they can, and gives what went over the wire. */
async function everyOperation(): Promise<readonly Exchange[]> {
  const exchanges: Exchange[] = [];
  for (const taxesIncluded of [true, false]) await onePlatform(taxesIncluded, exchanges);
  return exchanges;
}

async function onePlatform(taxesIncluded: boolean, exchanges: Exchange[]): Promise<void> {
  const { channel, market } = givenShop({
    market: { taxesIncluded, multiShipment: taxesIncluded },
    channel: { partialShipments: taxesIncluded },
    around: (app) => async (request) => {
      const body = await request.clone().text();
      const reply = await app(request);
      const type = request.headers.get('content-type') ?? '';
      exchanges.push({
        method: request.method,
        url: new URL(request.url),
        type,
        body,
        status: reply.status,
        answer: await reply.clone().text(),
      });
      return reply;
    },
  });
  const place = () =>
    market.placeOrder({
      lines: [{ sku: 'MUG', quantity: 3, discount: 100, tax: 50, fee: 75 }],
      shipping: 490,
      shippingTax: 78,
      address: ada,
      business: true,
      remitted: true,
    });
  const [id, other] = [place(), place()];
  const waiting = market.placeOrder({ lines: [{ sku: 'TEA', quantity: 1 }], address: ada, state: 'WAITING_ACCEPTANCE' });
  for await (const _page of channel.pullOrders(channel.cursorAt(start))) await channel.probe();
  for await (const _page of channel.standings({ orders: [id] })) continue;
  await channel.acknowledgement?.make({ orderId: waiting, ourRef: 'S00042' }, intentMemo());
  const levels = [
    { sku: 'MUG', node: 'BER', available: 5, expected: null },
    { sku: 'CUP', node: 'PAR', available: 5, expected: null },
  ];
  await channel.pushStock(levels, intentMemo());
  if (channel.listings !== null) for await (const _page of channel.listings()) continue;
  const about = { restock: false, notifyCustomer: false, reason: 'out-of-stock' } as const;
  await channel.cancellation?.make({ orderId: other, lines: null, ...about }, intentMemo());
  await channel.cancellation?.make({ orderId: id, lines: [{ lineId: `${id}-1`, units: 1 }], ...about }, intentMemo());
  const parcel = {
    carrier: 'Velo',
    trackingNumbers: ['V1'],
    trackingUrl: 'https://velo.example/V1',
    shippedAt: start,
    notifyCustomer: false,
  };
  await channel.confirmShipment({ orderId: id, node: 'BER', lines: [{ lineId: `${id}-1`, units: 2 }], ...parcel }, intentMemo());
  const line = { lineId: `${id}-1`, units: 1, amount: money(500, 'EUR'), tax: money(10, 'EUR') };
  const shipping = { amount: money(90, 'EUR'), tax: money(14, 'EUR') };
  const refund = { orderId: id, refundId: 'r1', lines: [line], shipping, adjustment: money(5, 'EUR'), note: null, restockAt: null };
  await channel.refund?.make({ ...refund, reason: 'damaged', notifyCustomer: false }, intentMemo());
  market.openReturn(id, 'MUG', 1);
  if (channel.returns !== null) for await (const _page of channel.returns.pullReturns(channel.cursorAt(start))) continue;
  await channel.getOrder(id);
}
