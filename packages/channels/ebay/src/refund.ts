import { beforeTheEffect } from '@quartermaster/connector-kit';
import {
  ConnectorFault,
  decimalOf,
  money,
  moneyFromDecimal,
  type ConnectorOperation,
  type EffectMemo,
  type Money,
  type Reconciled,
  type Refund,
  type Refunded,
  type RefundReason,
} from '@quartermaster/domain';
import { notDone, wordsOf, type EbayClient } from './client.ts';
import { connectorName } from './connector-name.ts';
import { longestComment } from './limits.ts';
import { orderPath, readOrder } from './orders.ts';
import { refundSchema, type WireOrder } from './wire.ts';

/**
 * Refunds. eBay keeps no name of ours with a refund, so before one is asked for the refunds that the order had are written down, and afterwards eBay's id: a refund of the same amount that
 * was not there before is ours, for eBay carries out one refund of an order at a time. eBay adds the tax that it collected by itself.
 */
export function refunding(client: EbayClient): ConnectorOperation<Refund, Refunded> {
  async function make(request: Refund, memo: EffectMemo): Promise<Refunded> {
    const order = await beforeTheEffect(() => readOrder(client, request.orderId, 'refunds.order'));
    if (order === null) throw notDone('not-found', 'refunds.make', 'eBay has no such order');
    const body = refundRequest(request, order);
    await memo.saveRefs({
      before: refundsOf(order)
        .map(({ refundId }) => refundId)
        .join(' '),
      amount: String(body.total.minor),
    });
    const reply = await client.call({
      operation: 'refunds.make',
      api: 'fulfillment',
      method: 'POST',
      path: `${orderPath(request.orderId)}/issue_refund`,
      body: body.wire,
      schema: refundSchema,
      kind: 'effect',
      signed: true,
      understand: (error, status) => refusal(Number(error.errorId), wordsOf(error), status),
    });
    const { refundId, refundStatus } = reply.data;
    if (refundStatus === 'FAILED' || refundId === undefined) throw notDone('refused', 'refunds.make', 'eBay could not refund');
    await memo.saveRefs({ refund: refundId });
    return { ref: refundId, amount: body.total, state: stateOf(refundStatus) };
  }

  async function find(request: Refund, memo: EffectMemo): Promise<Reconciled<Refunded>> {
    const { before, refund } = memo.refs;
    if (before === undefined && refund === undefined) return { kind: 'absent' };
    const order = await readOrder(client, request.orderId, 'refunds.find');
    if (order === null) return { kind: 'cannot-tell', check: 'eBay has no such order any more' };
    const there = refundsOf(order);
    if (refund !== undefined) {
      const ours = there.find(({ refundId }) => refundId === refund);
      if (ours === undefined) return { kind: 'pending', afterMs: 60_000 };
      return ours.status === 'FAILED' ? { kind: 'absent' } : foundAs(ours);
    }
    const known = new Set((before ?? '').split(' '));
    const { total } = refundRequest(request, order);
    const fresh = there.filter(
      ({ refundId, amount, status }) => !known.has(refundId) && amount.minor === total.minor && status !== 'FAILED',
    );
    const [only, ...others] = fresh;
    if (only === undefined) return { kind: 'absent' };
    if (others.length === 0) return foundAs(only);
    return { kind: 'cannot-tell', check: 'several refunds of this amount were made meanwhile; look which of them is this one' };
  }

  return { safety: 'read-back', make, find };
}

type SeenRefund = { readonly refundId: string; readonly amount: Money; readonly status: string };

/** Refunds of an order, one for each id: eBay tells one of lines with each of them, and all with the payment. */
function refundsOf(order: WireOrder): readonly SeenRefund[] {
  const { currency } = order.pricingSummary.total;
  return (order.paymentSummary?.refunds ?? []).flatMap(({ refundId, amount, refundStatus }) =>
    refundId === undefined
      ? []
      : [
          {
            refundId,
            amount: amount === undefined ? money(0, currency) : moneyFromDecimal(amount.value, amount.currency),
            status: refundStatus ?? 'PENDING',
          },
        ],
  );
}

function foundAs({ refundId, amount, status }: SeenRefund): Reconciled<Refunded> {
  return { kind: 'found', result: { ref: refundId, amount, state: stateOf(status) } };
}

function stateOf(status: string): Refunded['state'] {
  return status === 'REFUNDED' ? 'done' : 'pending';
}

/**
 * A refund as eBay takes it: of single lines, or of the order as a whole, which is the only way to refund shipping or an amount that belongs to no line. Tax on top goes back with the
 * amount unless eBay collected it.
 */
function refundRequest(request: Refund, order: WireOrder): { readonly wire: unknown; readonly total: Money } {
  const { currency } = order.pricingSummary.total;
  const remitted = order.lineItems.some((line) => (line.ebayCollectAndRemitTaxes ?? []).length > 0);
  const taxed = order.lineItems.some((line) => (line.taxes ?? []).some(({ amount }) => amount !== undefined));
  const withTax = (amount: Money, tax: Money) => amount.minor + (taxed && !remitted ? tax.minor : 0);
  const lines = request.lines.map((line) => ({ lineId: line.lineId, minor: withTax(line.amount, line.tax) }));
  const beside =
    (request.shipping === null ? 0 : withTax(request.shipping.amount, request.shipping.tax)) + (request.adjustment?.minor ?? 0);
  const total = money(
    lines.reduce((sum, { minor }) => sum + minor, beside),
    currency,
  );
  const amount = (minor: number) => ({ value: decimalOf({ minor, currency }), currency });
  const perLine = beside === 0 && lines.length > 0;
  return {
    total,
    wire: {
      reasonForRefund: lines.length === 0 && request.shipping !== null ? 'SHIPPING_DISCOUNT' : reasons[request.reason],
      ...(request.note === null ? {} : { comment: request.note.slice(0, longestComment) }),
      ...(perLine
        ? { refundItems: lines.map(({ lineId, minor }) => ({ lineItemId: lineId, refundAmount: amount(minor) })) }
        : { orderLevelRefundAmount: amount(total.minor) }),
    },
  };
}

/** ReasonForRefundEnum (developer.ebay.com, Fulfillment API). */
const reasons: Readonly<Record<RefundReason, string>> = {
  returned: 'BUYER_RETURN',
  cancelled: 'SELLER_CANCEL',
  lost: 'ITEM_NOT_RECEIVED',
  damaged: 'ITEM_NOT_AS_DESCRIBED',
  goodwill: 'OTHER_ADJUSTMENT',
  price: 'OTHER_ADJUSTMENT',
  other: 'OTHER_ADJUSTMENT',
};

/** How long eBay may work on the refund before: it takes no second one meanwhile. */
const betweenRefundsMs = 30_000;

function refusal(errorId: number, message: string, status: number): ConnectorFault | null {
  const facts = { connector: connectorName, operation: 'refunds.make', outcome: 'not-applied', status, message } as const;
  const vendorCode = String(errorId);
  if (errorId === 34_922 || errorId === 34_929)
    return new ConnectorFault('conflict', { ...facts, vendorCode, retry: { kind: 'after', ms: betweenRefundsMs } });
  if (errorId > 34_900 && errorId < 34_999) return new ConnectorFault('refused', { ...facts, vendorCode, retry: { kind: 'never' } });
  return null;
}
