import { beforeTheEffect } from '@quartermaster/connector-kit';
import {
  decimalOf,
  moneyFromDecimal,
  sameMoney,
  type Capture,
  type Captured,
  type ConnectorOperation,
  type EffectMemo,
  type Reconciled,
} from '@quartermaster/domain';
import type { ShopifyClient } from './client.ts';
import { fromGid, toGid } from './identifiers.ts';
import { maxTransactionsSeen } from './limits.ts';
import { captureDocument, paymentsDocument } from './operation-documents.ts';
import { captureSchema, paymentsSchema, type WireBothMoneys, type WireTransaction } from './operation-wire.ts';
import { namelessAnswer, notDone, throwRefusal } from './refusals.ts';

const operation = 'payments.capture';

/**
 * Takes authorized money. Shopify keeps no key here, so the captures that are there already are written down before; one of the amount that is not among them is ours. Most authorizations can be
 * captured once only: what is not taken of them is let go.
 */
export function capturing(client: ShopifyClient): ConnectorOperation<Capture, Captured> {
  async function make(request: Capture, memo: EffectMemo): Promise<Captured> {
    const prepared = await beforeTheEffect(() => prepare(request, memo));
    if ('captured' in prepared) return prepared.captured;
    const { input } = prepared;
    const reply = await client({ operation, document: captureDocument, variables: { input }, schema: captureSchema, kind: 'effect' });
    const answer = reply.data.orderCapture;
    throwRefusal(operation, answer?.userErrors ?? []);
    if (answer?.transaction == null) throw namelessAnswer(operation, 'transaction');
    if (failed(answer.transaction)) throw notDone('refused', operation, 'the payment provider refused the capture');
    return capturedOf(answer.transaction);
  }

  async function prepare(
    request: Capture,
    memo: EffectMemo,
  ): Promise<{ readonly captured: Captured } | { readonly input: Readonly<Record<string, unknown>> }> {
    const order = await read(request.orderId);
    if (order === null) throw notDone('not-found', operation, 'the shop has no such order');
    const ours = oursAmong(order.transactions, request, memo);
    if (ours !== undefined) return { captured: capturedOf(ours) };
    if (request.amount.minor <= 0) throw notDone('invalid-request', operation, 'nothing to capture');
    const open = order.transactions.filter(({ kind, totalUnsettledSet }) => kind === 'AUTHORIZATION' && totalUnsettledSet !== null);
    const authorization = open.find(({ totalUnsettledSet }) => minorOf(totalUnsettledSet) >= request.amount.minor);
    if (authorization === undefined) {
      const most = Math.max(0, ...open.map(({ totalUnsettledSet }) => minorOf(totalUnsettledSet)));
      throw notDone('refused', operation, `no authorization of the order holds so much; the largest has ${most} minor units left`);
    }
    const amount = inPaidCurrency(request, authorization, order);
    if (memo.refs['before'] === undefined) {
      const before = order.transactions.filter(({ kind }) => kind === 'CAPTURE').map(({ id }) => fromGid(id));
      await memo.saveRefs({ before: before.join(' ') });
    }
    return {
      input: {
        id: toGid('Order', request.orderId),
        parentTransactionId: authorization.id,
        amount,
        ...(order.presentmentCurrencyCode === order.currencyCode ? {} : { currency: order.presentmentCurrencyCode }),
      },
    };
  }

  async function find(request: Capture, memo: EffectMemo): Promise<Reconciled<Captured>> {
    const order = await read(request.orderId);
    const transactions = order?.transactions ?? [];
    const ours = oursAmong(transactions, request, memo);
    if (ours !== undefined) return { kind: 'found', result: capturedOf(ours) };
    if (transactions.length < maxTransactionsSeen) return { kind: 'absent' };
    return { kind: 'cannot-tell', check: `the order has more than ${maxTransactionsSeen} transactions; look for the capture in Shopify` };
  }

  async function read(orderId: string) {
    const variables = { id: toGid('Order', orderId), first: maxTransactionsSeen };
    const reply = await client({ operation: 'payments.read', document: paymentsDocument, variables, schema: paymentsSchema, kind: 'read' });
    return reply.data.order;
  }

  return { safety: 'read-back', make, find };
}

/** The capture that an earlier attempt of this intent made. An attempt that wrote nothing down asked for none. */
function oursAmong(transactions: readonly WireTransaction[], request: Capture, memo: EffectMemo): WireTransaction | undefined {
  const { before } = memo.refs;
  if (before === undefined) return undefined;
  const known = new Set(before.split(' '));
  return transactions.find(
    (one) => one.kind === 'CAPTURE' && !failed(one) && !known.has(fromGid(one.id)) && sameMoney(capturedOf(one).amount, request.amount),
  );
}

/** The amount in the currency that the customer paid in. Of another one than the shop's only a whole authorization can be taken: its rate is Shopify's. */
function inPaidCurrency(
  request: Capture,
  authorization: WireTransaction,
  order: { readonly currencyCode: string; readonly presentmentCurrencyCode: string },
): string {
  if (order.presentmentCurrencyCode === order.currencyCode) return decimalOf(request.amount);
  const { totalUnsettledSet } = authorization;
  if (totalUnsettledSet !== null && minorOf(totalUnsettledSet) === request.amount.minor) return totalUnsettledSet.presentmentMoney.amount;
  throw notDone(
    'unsupported',
    operation,
    `the order was paid in ${order.presentmentCurrencyCode}: an authorization of it can only be captured whole`,
    'Capture it in Shopify.',
  );
}

function failed({ status }: WireTransaction): boolean {
  return status === 'FAILURE' || status === 'ERROR';
}

function capturedOf({ id, amountSet }: WireTransaction): Captured {
  const { amount, currencyCode } = amountSet.shopMoney;
  return { ref: fromGid(id), amount: moneyFromDecimal(amount, currencyCode) };
}

function minorOf(bag: WireBothMoneys | null): number {
  return bag === null ? 0 : moneyFromDecimal(bag.shopMoney.amount, bag.shopMoney.currencyCode).minor;
}
