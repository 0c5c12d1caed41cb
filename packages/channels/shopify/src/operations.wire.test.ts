import { intentMemo, virtualClock } from '@quartermaster/connector-kit/sandbox';
import { money } from '@quartermaster/domain';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { shopifyChannel } from './channel.ts';
import { start, token } from './testing/shop.ts';

const bodySchema = z.object({ query: z.string(), variables: z.record(z.string(), z.unknown()) });

/** A shop that answers each document by its name; what came is kept. An answer that is a number is an HTTP status. */
function givenWire(answers: Readonly<Record<string, readonly (object | number)[]>>) {
  const sent: { readonly name: string; readonly variables: Record<string, unknown> }[] = [];
  const left = new Map(Object.entries(answers).map(([name, all]) => [name, [...all]]));
  const answer: typeof fetch = async (input, init) => {
    const { query, variables } = bodySchema.parse(await new Request(input, init).json());
    const name = /(?:query|mutation) (\w+)/.exec(query)?.[1] ?? '';
    sent.push({ name, variables });
    const next = left.get(name)?.shift() ?? 500;
    return typeof next === 'number' ? new Response('{}', { status: next }) : Response.json({ data: next });
  };
  const channel = shopifyChannel({
    connection: 'acme-eu',
    shop: 'acme',
    accessToken: token,
    webhookSecret: 'hush',
    locations: { BER: 'gid://shopify/Location/1' },
    clock: virtualClock(start),
    random: () => 0.5,
    fetch: answer,
  });
  return { channel, sent };
}

const whole = { hasNextPage: false, endCursor: null };
const line = { id: 'gid://shopify/LineItem/70', currentQuantity: 2, unfulfilledQuantity: 2 };
const open = { order: { cancelledAt: null, fulfillments: [], lineItems: { nodes: [line], pageInfo: whole } } };
const cancellation = { orderId: '7', lines: null, reason: 'fraud', restock: false, notifyCustomer: true } as const;

test('a cancellation is asked for once: where its answer is lost, nobody knows', async () => {
  const { channel, sent } = givenWire({ Cancellable: [open], Cancel: [502] });
  await expect(channel.cancellation?.make(cancellation, intentMemo())).rejects.toMatchObject({ facts: { outcome: 'unknown' } });
  expect(sent.map(({ name }) => name)).toEqual(['Cancellable', 'Cancel']);
});

test('a cancellation says in Shopify’s words why, and whether units and money go back', async () => {
  const job = { orderCancel: { job: { id: 'gid://shopify/Job/9', done: false }, orderCancelUserErrors: [] } };
  const { channel, sent } = givenWire({ Cancellable: [open], Cancel: [job] });
  await expect(channel.cancellation?.make(cancellation, intentMemo())).resolves.toEqual({ ref: '9', state: 'requested' });
  expect(sent[1]?.variables).toMatchObject({
    orderId: 'gid://shopify/Order/7',
    reason: 'FRAUD',
    restock: false,
    notifyCustomer: true,
    refundMethod: { originalPaymentMethodsRefund: false },
  });
});

test('an edit of which only a preparation failed has surely not happened', async () => {
  const { channel } = givenWire({ Cancellable: [open], BeginEdit: [502, 502, 502] });
  const request = { ...cancellation, lines: [{ lineId: '70', units: 1 }] };
  await expect(channel.cancellation?.make(request, intentMemo())).rejects.toMatchObject({ facts: { outcome: 'not-applied' } });
});

test('a job that is done without the order being cancelled did not happen', async () => {
  const { channel } = givenWire({
    Cancelled: [{ order: { cancelledAt: null } }],
    Job: [{ job: { id: 'gid://shopify/Job/9', done: true } }],
  });
  const memo = { ...intentMemo(), refs: { job: 'gid://shopify/Job/9' } };
  await expect(channel.cancellation?.find(cancellation, memo)).resolves.toEqual({ kind: 'absent' });
});

const bag = (amount: string) => {
  const both = { amount, currencyCode: 'EUR' };
  return { shopMoney: both, presentmentMoney: both };
};
const suggestion = (amount: string) => ({
  amountSet: bag(amount),
  maximumRefundableSet: bag('30.0'),
  suggestedTransactions: ['10.0', '20.0'].map((most, index) => ({
    gateway: index === 0 ? 'gift_card' : 'shopify_payments',
    amountSet: bag('0.0'),
    maximumRefundableSet: bag(most),
    parentTransaction: { id: `gid://shopify/OrderTransaction/${index + 1}` },
  })),
});

test('a refund takes from the payments that Shopify suggests, in their order, with the same key on every attempt', async () => {
  const order = { currencyCode: 'EUR', presentmentCurrencyCode: 'EUR', taxesIncluded: true };
  const refund = {
    id: 'gid://shopify/Refund/5',
    note: 'x',
    totalRefundedSet: bag('12.9'),
    transactions: { nodes: [{ status: 'PENDING' }] },
  };
  const { channel, sent } = givenWire({
    Refunds: [{ order: { refunds: [] } }],
    Refundable: [{ order, nodes: [{ id: line.id, refundableQuantity: 2, unfulfilledQuantity: 0 }] }],
    SuggestedRefund: [{ order: { asked: suggestion('12.9'), whole: null } }],
    CreateRefund: [502, { refundCreate: { refund, userErrors: [] } }],
  });
  const lines = [{ lineId: '70', units: 1, amount: money(1_290, 'EUR'), tax: money(0, 'EUR') }];
  const about = { shipping: null, adjustment: null, reason: 'returned', note: null, restockAt: 'BER', notifyCustomer: false } as const;
  const made = await channel.refund?.make({ orderId: '7', refundId: 'R-1', lines, ...about }, intentMemo());
  const attempts = sent.filter(({ name }) => name === 'CreateRefund').map(({ variables }) => variables);
  expect(made).toEqual({ ref: '5', amount: money(1_290, 'EUR'), state: 'pending' });
  expect(attempts[1]).toEqual(attempts[0]);
  expect(attempts[0]).toMatchObject({
    key: expect.stringMatching(/^[0-9a-f]{64}$/),
    input: {
      note: '[Quartermaster R-1]',
      refundLineItems: [{ lineItemId: line.id, quantity: 1, restockType: 'RETURN', locationId: 'gid://shopify/Location/1' }],
      transactions: [
        { parentId: 'gid://shopify/OrderTransaction/1', gateway: 'gift_card', amount: '10.00', kind: 'REFUND' },
        { parentId: 'gid://shopify/OrderTransaction/2', gateway: 'shopify_payments', amount: '2.90', kind: 'REFUND' },
      ],
    },
  });
});

test('a capture that the payment provider refused took nothing', async () => {
  const authorization = {
    id: 'gid://shopify/OrderTransaction/1',
    kind: 'AUTHORIZATION',
    status: 'SUCCESS',
    amountSet: bag('25.8'),
    totalUnsettledSet: bag('25.8'),
    parentTransaction: null,
  };
  const failure = { ...authorization, id: 'gid://shopify/OrderTransaction/2', kind: 'CAPTURE', status: 'FAILURE', totalUnsettledSet: null };
  const { channel } = givenWire({
    Payments: [{ order: { currencyCode: 'EUR', presentmentCurrencyCode: 'EUR', transactions: [authorization] } }],
    Capture: [{ orderCapture: { transaction: failure, userErrors: [] } }],
  });
  const request = { orderId: '7', amount: money(2_580, 'EUR') };
  await expect(channel.capture?.make(request, intentMemo())).rejects.toMatchObject({ code: 'refused', facts: { outcome: 'not-applied' } });
});

test('a state, a reason and a status of a product that are new to us are no hindrance', async () => {
  const { channel } = givenWire({
    Listings: [
      {
        productVariants: {
          nodes: [{ id: 'gid://shopify/ProductVariant/1', sku: 'MUG', displayName: 'Mug', product: { status: 'RESTING' } }],
          pageInfo: whole,
        },
      },
    ],
    OrdersWithReturns: [
      {
        orders: {
          nodes: [{ id: 'gid://shopify/Order/7', updatedAt: '2026-11-21T08:59:00Z', returns: { nodes: [{ id: 'x' }] } }],
          pageInfo: whole,
        },
      },
    ],
    OrderReturns: [
      {
        order: {
          updatedAt: '2026-11-21T08:59:00Z',
          currencyCode: 'EUR',
          returns: {
            nodes: [
              {
                id: 'gid://shopify/Return/3',
                status: 'SENT_TO_THE_MOON',
                createdAt: '2026-11-21T08:59:00Z',
                returnLineItems: { nodes: [{ id: 'l', quantity: 1, processedQuantity: 0, returnReasonDefinition: null }], pageInfo: whole },
                refunds: { nodes: [] },
                reverseFulfillmentOrders: { nodes: [{ reverseDeliveries: { nodes: [{ deliverable: {} }] } }] },
              },
            ],
            pageInfo: whole,
          },
        },
      },
    ],
  });
  const states: string[] = [];
  for await (const page of channel.listings?.() ?? []) states.push(...page.map(({ state }) => state));
  for await (const page of channel.returns?.pullReturns(channel.cursorAt(start)) ?? [])
    states.push(...page.returns.map(({ state }) => state));
  expect(states).toEqual(['inactive', 'other']);
});
