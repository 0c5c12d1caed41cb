import { beforeTheEffect, fingerprint } from '@quartermaster/connector-kit';
import {
  decimalOf,
  money,
  moneyFromDecimal,
  type ConnectorOperation,
  type EffectMemo,
  type Money,
  type NodeId,
  type Reconciled,
  type Refund,
  type Refunded,
  type RefundReason,
} from '@quartermaster/domain';
import type { ShopifyClient } from './client.ts';
import { fromGid, toGid } from './identifiers.ts';
import { maxRefundsSeen } from './limits.ts';
import { createRefundDocument, refundableDocument, refundsDocument, suggestedRefundDocument } from './operation-documents.ts';
import {
  createRefundSchema,
  refundableSchema,
  refundsSchema,
  suggestedRefundSchema,
  type WireBothMoneys,
  type WireRefund,
  type WireSuggestion,
} from './operation-wire.ts';
import { allocate, refundTotal, refundUnits, type Payment, type RefundUnits } from './refund-plan.ts';
import { namelessAnswer, notDone, throwRefusal } from './refusals.ts';

const operation = 'refunds.create';

/**
 * Refunds. The intent's key goes with the request, and its note ends with our name of the refund, by which it is found again, also after Shopify forgot the key. The money comes out of the
 * payments that Shopify suggests; what differs from its own reckoning becomes an order adjustment there.
 */
export function refunding(client: ShopifyClient, locations: Readonly<Record<NodeId, string>>): ConnectorOperation<Refund, Refunded> {
  async function make(request: Refund, memo: EffectMemo): Promise<Refunded> {
    const prepared = await beforeTheEffect(() => prepare(request));
    if ('refunded' in prepared) return prepared.refunded;
    const reply = await client({
      operation,
      document: createRefundDocument,
      variables: { input: prepared.input, key: fingerprint(memo.key, 'refund', request.refundId) },
      schema: createRefundSchema,
      kind: 'repeatable-effect',
    });
    const answer = reply.data.refundCreate;
    throwRefusal(operation, answer?.userErrors ?? []);
    if (answer?.refund == null) throw namelessAnswer(operation, 'refund');
    return refundedOf(answer.refund);
  }

  async function find(request: Refund): Promise<Reconciled<Refunded>> {
    const variables = { id: toGid('Order', request.orderId), first: maxRefundsSeen };
    const reply = await client({ operation: 'refunds.find', document: refundsDocument, variables, schema: refundsSchema, kind: 'read' });
    const refunds = reply.data.order?.refunds ?? [];
    const found = refunds.find(({ note }) => note?.endsWith(markOf(request)) === true);
    if (found !== undefined) return { kind: 'found', result: refundedOf(found) };
    if (refunds.length < maxRefundsSeen) return { kind: 'absent' };
    return { kind: 'cannot-tell', check: `the order has more than ${maxRefundsSeen} refunds; look for the one noted ${markOf(request)}` };
  }

  async function prepare(
    request: Refund,
  ): Promise<{ readonly refunded: Refunded } | { readonly input: Readonly<Record<string, unknown>> }> {
    const found = await find(request);
    if (found.kind === 'found') return { refunded: found.result };
    if (found.kind === 'cannot-tell') throw notDone('conflict', operation, found.check);
    const order = await readOrder(request);
    const locationId = request.restockAt === null ? null : locationOf(request.restockAt);
    const units = refundUnits(request, order.lines).map((part) => lineInput(part, locationId));
    const total = refundTotal(request, order.taxesIncluded, order.currency);
    if (total.minor < 0) throw notDone('invalid-request', operation, 'a refund cannot take money');
    const { asked, whole } = await readSuggestion(request, units);
    const foreign = order.presentmentCurrency !== order.currency;
    const transactions =
      total.minor === 0
        ? []
        : foreign
          ? suggestedInput(request, total, asked, order)
          : ownInput(request, total, asked, whole, order.currency);
    const differs = minorOf(asked.amountSet.shopMoney) !== total.minor;
    return {
      input: {
        orderId: toGid('Order', request.orderId),
        note: [request.note, markOf(request)].filter((text) => text !== null && text !== '').join(' '),
        notify: request.notifyCustomer,
        refundLineItems: units,
        ...(request.shipping === null ? {} : { shipping: { amount: decimalOf(request.shipping.amount) } }),
        transactions,
        ...(foreign ? { currency: order.presentmentCurrency } : {}),
        ...(differs ? { discrepancyReason: discrepancies[request.reason] } : {}),
      },
    };
  }

  async function readOrder(request: Refund) {
    const ids = [...new Set(request.lines.map(({ lineId }) => lineId))];
    const reply = await client({
      operation: 'refunds.refundable',
      document: refundableDocument,
      variables: { id: toGid('Order', request.orderId), lines: ids.map((id) => toGid('LineItem', id)) },
      schema: refundableSchema,
      kind: 'read',
    });
    const { order, nodes } = reply.data;
    if (order === null) throw notDone('not-found', operation, 'the shop has no such order');
    const lines = new Map<string, { readonly refundable: number; readonly unfulfilled: number }>();
    for (const node of nodes) {
      if (node?.id === undefined) continue;
      lines.set(fromGid(node.id), { refundable: node.refundableQuantity ?? 0, unfulfilled: node.unfulfilledQuantity ?? 0 });
    }
    const unknown = ids.filter((id) => !lines.has(id));
    if (unknown.length > 0) throw notDone('not-found', operation, `the order has no line ${unknown.join(', ')}`);
    return { currency: order.currencyCode, presentmentCurrency: order.presentmentCurrencyCode, taxesIncluded: order.taxesIncluded, lines };
  }

  async function readSuggestion(
    request: Refund,
    units: readonly object[],
  ): Promise<{ readonly asked: WireSuggestion; readonly whole: WireSuggestion | null }> {
    const reply = await client({
      operation: 'refunds.suggest',
      document: suggestedRefundDocument,
      variables: {
        id: toGid('Order', request.orderId),
        lines: units,
        shippingAmount: request.shipping === null ? null : decimalOf(request.shipping.amount),
      },
      schema: suggestedRefundSchema,
      kind: 'read',
    });
    const { asked, whole } = reply.data.order ?? { asked: null, whole: null };
    if (asked === null) throw notDone('refused', operation, 'Shopify suggests no refund for this order');
    return { asked, whole };
  }

  function locationOf(node: NodeId): string {
    const location = locations[node];
    if (location === undefined) throw notDone('misconfigured', operation, `node ${node} has no Shopify location`);
    return toGid('Location', location);
  }

  return { safety: 'key', make, find };
}

/** Money of an order that was paid in the shop's currency: any amount, as far as the payments reach. */
function ownInput(request: Refund, total: Money, asked: WireSuggestion, whole: WireSuggestion | null, currency: string): object[] {
  const payments = new Map<string, Payment>();
  for (const { gateway, maximumRefundableSet, parentTransaction } of [asked, whole ?? asked].flatMap((one) => one.suggestedTransactions)) {
    if (gateway === null || parentTransaction === null || maximumRefundableSet === null) continue;
    const most = minorOf(maximumRefundableSet.shopMoney);
    if (!payments.has(parentTransaction.id)) payments.set(parentTransaction.id, { id: parentTransaction.id, gateway, most });
  }
  const chosen = allocate(total.minor, [...payments.values()]);
  if (chosen === null) {
    const most = money(
      [...payments.values()].reduce((sum, payment) => sum + payment.most, 0),
      currency,
    );
    throw notDone('refused', operation, `${decimalOf(total)} ${currency} are to be refunded, and ${decimalOf(most)} can be`);
  }
  return chosen.map(({ payment, minor }) => transactionInput(request, payment.id, payment.gateway, decimalOf(money(minor, currency))));
}

/** Of an order that was paid in another currency, only what Shopify itself reckons can be refunded: any other amount would need its rate. */
function suggestedInput(
  request: Refund,
  total: Money,
  asked: WireSuggestion,
  order: { readonly currency: string; readonly presentmentCurrency: string },
): object[] {
  const suggested = minorOf(asked.amountSet.shopMoney);
  if (suggested !== total.minor || request.shipping !== null) {
    throw notDone(
      'unsupported',
      operation,
      `the order was paid in ${order.presentmentCurrency}: of it exactly what Shopify reckons for its lines can be refunded, ${decimalOf(money(suggested, order.currency))} ${order.currency}`,
      'Refund it in Shopify.',
    );
  }
  return asked.suggestedTransactions.flatMap(({ gateway, amountSet, parentTransaction }) =>
    gateway === null || parentTransaction === null || minorOf(amountSet.presentmentMoney) === 0
      ? []
      : [transactionInput(request, parentTransaction.id, gateway, amountSet.presentmentMoney.amount)],
  );
}

function transactionInput(request: Refund, parentId: string, gateway: string, amount: string): object {
  return { orderId: toGid('Order', request.orderId), kind: 'REFUND', parentId, gateway, amount };
}

function lineInput({ lineId, quantity, restockType }: RefundUnits, locationId: string | null): object {
  const where = locationId === null || restockType === 'NO_RESTOCK' ? {} : { locationId };
  return { lineItemId: toGid('LineItem', lineId), quantity, restockType, ...where };
}

function refundedOf(refund: WireRefund): Refunded {
  const { amount, currencyCode } = refund.totalRefundedSet.shopMoney;
  const waits = refund.transactions.nodes.some(({ status }) => status !== 'SUCCESS');
  return { ref: fromGid(refund.id), amount: moneyFromDecimal(amount, currencyCode), state: waits ? 'pending' : 'done' };
}

/** By this at the end of its note a refund is found again. */
function markOf({ refundId }: Refund): string {
  return `[Quartermaster ${refundId}]`;
}

function minorOf({ amount, currencyCode }: WireBothMoneys['shopMoney']): number {
  return moneyFromDecimal(amount, currencyCode).minor;
}

const discrepancies: Readonly<Record<RefundReason, string>> = {
  returned: 'RESTOCK',
  cancelled: 'CUSTOMER',
  lost: 'OTHER',
  damaged: 'DAMAGE',
  goodwill: 'CUSTOMER',
  price: 'CUSTOMER',
  other: 'OTHER',
};
