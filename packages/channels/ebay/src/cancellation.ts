import { beforeTheEffect } from '@quartermaster/connector-kit';
import {
  type CancelReason,
  type Cancellation,
  type Cancelled,
  type ConnectorOperation,
  type ConnectorFault,
  type EffectMemo,
  type Reconciled,
} from '@quartermaster/domain';
import { notDone, wordsOf, type EbayClient } from './client.ts';
import { orderPath, readOrder } from './orders.ts';
import { securedOf } from './translate.ts';
import { cancelRequestsSchema, createdCancellationSchema } from './wire-post-order.ts';
import type { WireError, WireOrder } from './wire.ts';

/**
 * Cancels whole orders by the Post-Order API, which alone can do so, and agrees to a buyer's wish where there is one; how it stands is read from the order itself. eBay refunds a paid order along with it, and refuses what has shipped,
 * what is too old and what has a case.
 */
export function cancelling(client: EbayClient): ConnectorOperation<Cancellation, Cancelled> {
  async function make(request: Cancellation, memo: EffectMemo): Promise<Cancelled> {
    if (request.lines !== null) throw notDone('unsupported', 'orders.cancel', 'eBay cancels whole orders only');
    const order = await beforeTheEffect(() => readOrder(client, request.orderId, 'orders.look'));
    if (order === null) throw notDone('not-found', 'orders.cancel', 'eBay has no such order');
    if (order.cancelStatus?.cancelState === 'IN_PROGRESS') {
      const asked = await beforeTheEffect(() => requestOfBuyer(request.orderId));
      if (asked !== null) await approve(asked);
      return { ref: request.orderId, state: 'requested' };
    }
    if (order.cancelStatus?.cancelState === 'CANCELED') return { ref: request.orderId, state: 'done' };
    const reply = await client.call({
      operation: 'orders.cancel',
      api: 'post-order',
      method: 'POST',
      path: '/post-order/v2/cancellation',
      body: { legacyOrderId: request.orderId, cancelReason: reasons[request.reason], ...paymentOf(order) },
      schema: createdCancellationSchema,
      kind: 'effect',
      signed: true,
      understand: refusal,
    });
    const { cancelId } = reply.data;
    if (cancelId === undefined) throw notDone('refused', 'orders.cancel', 'eBay says that the order cannot be cancelled');
    await memo.saveRefs({ cancellation: cancelId });
    return { ref: request.orderId, state: 'requested' };
  }

  async function find(request: Cancellation): Promise<Reconciled<Cancelled>> {
    const order = await readOrder(client, request.orderId, 'orders.cancelled');
    if (order === null) return { kind: 'absent' };
    const state = order.cancelStatus?.cancelState;
    if (state === 'CANCELED') return { kind: 'found', result: { ref: order.orderId, state: 'done' } };
    if (state !== 'IN_PROGRESS') return { kind: 'absent' };
    return (await requestOfBuyer(request.orderId)) === null ? { kind: 'pending', afterMs: 60_000 } : { kind: 'absent' };
  }

  /** Id of a buyer's wish that waits for our answer. It is told of a single order only. */
  async function requestOfBuyer(orderId: string): Promise<string | null> {
    const reply = await client.call({
      operation: 'orders.wish',
      api: 'fulfillment',
      method: 'GET',
      path: orderPath(orderId),
      schema: cancelRequestsSchema,
      kind: 'read',
    });
    const open = reply.data.cancelStatus?.cancelRequests ?? [];
    return (
      open.find((one) => one.cancelRequestState === 'REQUESTED' && one.cancelInitiator?.toLowerCase() !== 'seller')?.cancelRequestId ?? null
    );
  }

  async function approve(cancelId: string): Promise<void> {
    await client.tell({
      operation: 'orders.approve',
      api: 'post-order',
      method: 'POST',
      path: `/post-order/v2/cancellation/${encodeURIComponent(cancelId)}/approve`,
      kind: 'effect',
      signed: true,
      understand: refusal,
    });
  }

  return { safety: 'read-back', make, find };
}

function paymentOf(order: WireOrder): { readonly buyerPaid: boolean } {
  return { buyerPaid: securedOf(order, order.pricingSummary.total.currency) > 0 };
}

/** What the Post-Order API says no to is a matter of business; keys, quotas and signatures are not. */
function refusal(error: WireError, status: number): ConnectorFault | null {
  if (status >= 500 || [401, 403, 429].includes(status) || isAboutSignature(error.errorId)) return null;
  return notDone('refused', 'orders.cancel', wordsOf(error));
}

function isAboutSignature(errorId: string | number | undefined): boolean {
  return Number(errorId) >= 215_000 && Number(errorId) < 216_000;
}

/** CancelReasonEnum of the Post-Order API, as far as it is a seller's: everything but the buyer's own wish and the address counts against the seller. */
const reasons: Readonly<Record<CancelReason, string>> = {
  customer: 'BUYER_ASKED_CANCEL',
  address: 'ADDRESS_ISSUES',
  'out-of-stock': 'OUT_OF_STOCK_OR_CANNOT_FULFILL',
  fraud: 'OUT_OF_STOCK_OR_CANNOT_FULFILL',
  price: 'OUT_OF_STOCK_OR_CANNOT_FULFILL',
  other: 'OUT_OF_STOCK_OR_CANNOT_FULFILL',
};
