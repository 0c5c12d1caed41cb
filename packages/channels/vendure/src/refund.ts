import { money, type ConnectorOperation, type Money, type Reconciled, type Refund, type Refunded } from '@quartermaster/domain';
import { amountIn, moneyIn } from './amounts.ts';
import { notDone, type VendureClient } from './client.ts';
import { refundDocument } from './documents.ts';
import { readStanding } from './orders.ts';
import { refusedBy } from './refusals.ts';
import { refundedOf, wordsOf, type ShopOrder } from './translate.ts';
import { isRefusal, refundedPaymentSchema, type WireRefund, type WireStanding } from './wire.ts';

const operation = 'refunds.make';

/**
 * Refunds amounts of the order's payments. Vendure keeps no idempotency key, so each is found again by our own name of it in its reason. Where one payment does not suffice the rest is taken from the
 * next, as one refund for each. A payment method that pays back by itself settles it; else it is pending until somebody has paid and settles it in the shop.
 */
export function refunding(client: VendureClient): ConnectorOperation<Refund, Refunded> {
  return { safety: 'read-back', make, find };

  async function find(request: Refund): Promise<Reconciled<Refunded>> {
    const order = await readStanding(client, 'refunds.find', request.orderId);
    if (order === null) return { kind: 'absent' };
    const made = madeFor(order, request);
    return missing(order, request, made) > 0 ? { kind: 'absent' } : { kind: 'found', result: resultOf(order, made) };
  }

  async function make(request: Refund): Promise<Refunded> {
    const order = await readStanding(client, 'refunds.order', request.orderId);
    if (order === null) throw notDone('not-found', operation, 'the shop has no such order');
    const made = [...madeFor(order, request)];
    for (const { paymentId, amount } of sharesOf(order, missing(order, request, made)))
      made.push(await refund(request, paymentId, amount, made.length === 0));
    return resultOf(order, made);
  }

  async function refund(request: Refund, paymentId: string, amount: number, isFirst: boolean): Promise<WireRefund> {
    const input = {
      paymentId,
      amount,
      reason: [request.note ?? request.reason, markOf(request)].join(' '),
      // Only remembered, and not reckoned with, beside an amount. Without them Vendure 3.7.3 fails in its database.
      lines: isFirst
        ? request.lines.filter(({ units }) => units > 0).map((line) => ({ orderLineId: line.lineId, quantity: line.units }))
        : [],
      shipping: 0,
      adjustment: 0,
    };
    const { refundOrder: refunded } = await client({
      operation,
      document: refundDocument,
      variables: { input },
      schema: refundedPaymentSchema,
      kind: 'effect',
    });
    if (isRefusal(refunded)) throw refusedBy(operation, refunded);
    return refunded;
  }
}

function markOf({ refundId }: Refund): string {
  return `[${refundId}]`;
}

/** What was made of this refund so far; one that failed is none. */
function madeFor({ payments }: WireStanding, request: Refund): readonly WireRefund[] {
  const mark = markOf(request);
  const refunds = (payments ?? []).flatMap((payment) => payment.refunds);
  return refunds.filter(({ state, reason }) => state !== 'Failed' && reason?.endsWith(mark) === true);
}

/** What is still to be refunded, in the shop's units. */
function missing(order: ShopOrder<WireStanding>, request: Refund, made: readonly WireRefund[]): number {
  return amountIn(wordsOf(order), amountOf(request, order)) - made.reduce((sum, { total }) => sum + total, 0);
}

/** How much of it each payment gives back. More than is left of them is refused. */
function sharesOf({ payments }: WireStanding, wanted: number): { readonly paymentId: string; readonly amount: number }[] {
  let rest = wanted;
  const shares = (payments ?? [])
    .filter(({ state }) => state === 'Settled')
    .map((payment) => {
      const amount = Math.min(rest, payment.amount - refundedOf(payment));
      rest -= amount;
      return { paymentId: payment.id, amount };
    });
  if (rest > 0) throw notDone('refused', operation, 'more than is left of what was paid');
  return shares.filter(({ amount }) => amount > 0);
}

function resultOf(order: ShopOrder<WireStanding>, made: readonly WireRefund[]): Refunded {
  return {
    ref: made.map(({ id }) => id).join(', '),
    amount: moneyIn(
      wordsOf(order),
      made.reduce((sum, { total }) => sum + total, 0),
    ),
    state: made.every(({ state }) => state === 'Settled') ? 'done' : 'pending',
  };
}

/** What the customer gets. */
function amountOf({ lines, shipping, adjustment }: Refund, { shop, currencyCode }: ShopOrder<WireStanding>): Money {
  const parts = [...lines, ...(shipping === null ? [] : [shipping])];
  const moneys = [
    ...parts.flatMap(({ amount, tax }) => (shop.pricesIncludeTax ? [amount] : [amount, tax])),
    ...(adjustment === null ? [] : [adjustment]),
  ];
  if (moneys.some(({ currency }) => currency !== currencyCode))
    throw notDone('invalid-request', operation, `the order is in ${currencyCode}, and the refund is not`);
  const minor = moneys.reduce((sum, one) => sum + one.minor, 0);
  if (minor <= 0) throw notDone('invalid-request', operation, 'a refund of nothing');
  return money(minor, currencyCode);
}
