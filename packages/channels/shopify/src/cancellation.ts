import { beforeTheEffect } from '@quartermaster/connector-kit';
import type { CancelReason, Cancellation, Cancelled, ConnectorOperation, EffectMemo, EffectRefs, Reconciled } from '@quartermaster/domain';
import type { ShopifyClient } from './client.ts';
import { fromGid, toGid } from './identifiers.ts';
import {
  beginEditDocument,
  cancelDocument,
  cancellableDocument,
  cancelledDocument,
  commitEditDocument,
  editQuantityDocument,
  jobDocument,
} from './operation-documents.ts';
import {
  beginEditSchema,
  cancellableSchema,
  cancelledSchema,
  cancelSchema,
  commitEditSchema,
  editQuantitySchema,
  jobSchema,
} from './operation-wire.ts';
import { namelessAnswer, notDone, throwRefusal } from './refusals.ts';

const operation = 'orders.cancel';
/** Lines in one page of an order that is to be cancelled. */
export const cancellableLinesPerPage = 250;
/** How soon to look again at an order that Shopify is still cancelling. */
const jobMs = 2_000;

type Line = { readonly id: string; readonly currentQuantity: number; readonly unfulfilledQuantity: number };
type Cancellable = { readonly cancelled: boolean; readonly shipped: boolean; readonly lines: readonly Line[] };

/**
 * Cancels orders. A whole order that nothing shipped of is cancelled as such: Shopify does it as a job, and it cannot be undone. Single units, and what is left of an order that shipped in part
 * (which Shopify does not cancel), are taken out by an order edit: a refund would put them on sale again at once, which is wrong for what is out of stock.
 *
 * Safe by reading back: a cancelled order cannot be cancelled again, and an edit sets each line to a number of units that was written down before.
 */
export function cancelling(
  client: ShopifyClient,
  options: { readonly refundOnCancel: boolean },
): ConnectorOperation<Cancellation, Cancelled> {
  async function make(request: Cancellation, memo: EffectMemo): Promise<Cancelled> {
    const order = await beforeTheEffect(() => read(request.orderId));
    if (order === null) throw notDone('not-found', operation, 'the shop has no such order');
    const begun = targetsIn(memo.refs);
    if (begun !== null) return edit(request, memo, order, begun);
    if (request.lines !== null) return edit(request, memo, order, targetsOf(order, request.lines));
    if (order.cancelled) return { ref: request.orderId, state: 'done' };
    if (order.shipped) return edit(request, memo, order, targetsOf(order, null));
    return cancelWhole(request, memo);
  }

  async function cancelWhole(request: Cancellation, memo: EffectMemo): Promise<Cancelled> {
    const earlier = memo.refs['job'];
    if (earlier !== undefined && (await beforeTheEffect(() => isRunning(earlier)))) return { ref: fromGid(earlier), state: 'requested' };
    const reply = await client({
      operation,
      document: cancelDocument,
      variables: {
        orderId: toGid('Order', request.orderId),
        reason: reasons[request.reason],
        restock: request.restock,
        notifyCustomer: request.notifyCustomer,
        refundMethod: { originalPaymentMethodsRefund: options.refundOnCancel },
        staffNote: `Cancelled by Quartermaster: ${request.reason}`,
      },
      schema: cancelSchema,
      kind: 'effect',
    });
    const answer = reply.data.orderCancel;
    throwRefusal(operation, answer?.orderCancelUserErrors ?? []);
    const job = answer?.job;
    if (job == null) throw namelessAnswer(operation, 'job');
    await memo.saveRefs({ job: job.id });
    return job.done && (await isCancelled(request.orderId))
      ? { ref: request.orderId, state: 'done' }
      : { ref: fromGid(job.id), state: 'requested' };
  }

  /** Sets lines to their targets. The commit is the effect; an edit that is not committed is forgotten by Shopify. */
  async function edit(request: Cancellation, memo: EffectMemo, order: Cancellable, targets: Targets): Promise<Cancelled> {
    const tooMany = order.lines.filter((line) => targets.has(line.id)).filter((line) => line.currentQuantity > (targets.get(line.id) ?? 0));
    if (order.cancelled || tooMany.length === 0) return { ref: memo.refs['edit'] ?? request.orderId, state: 'done' };
    await memo.saveRefs(refsOf(targets));
    const id = await beforeTheEffect(() => prepareEdit(request, tooMany, targets));
    await memo.saveRefs({ edit: fromGid(id) });
    const staffNote = `Cancelled by Quartermaster: ${request.reason}`;
    const reply = await client({
      operation,
      document: commitEditDocument,
      variables: { id, notifyCustomer: request.notifyCustomer, staffNote },
      schema: commitEditSchema,
      kind: 'effect',
    });
    throwRefusal(operation, reply.data.orderEditCommit?.userErrors ?? []);
    return { ref: fromGid(id), state: 'done' };
  }

  async function prepareEdit(request: Cancellation, lines: readonly Line[], targets: Targets): Promise<string> {
    const variables = { id: toGid('Order', request.orderId) };
    const begun = await client({ operation, document: beginEditDocument, variables, schema: beginEditSchema, kind: 'repeatable-effect' });
    throwRefusal(operation, begun.data.orderEditBegin?.userErrors ?? []);
    const id = begun.data.orderEditBegin?.calculatedOrder?.id;
    if (id === undefined) throw namelessAnswer(operation, 'edit');
    for (const line of lines) {
      const reply = await client({
        operation,
        document: editQuantityDocument,
        variables: {
          id,
          lineItemId: toGid('CalculatedLineItem', fromGid(line.id)),
          quantity: targets.get(line.id) ?? 0,
          restock: request.restock,
        },
        schema: editQuantitySchema,
        kind: 'repeatable-effect',
      });
      throwRefusal(operation, reply.data.orderEditSetQuantity?.userErrors ?? []);
    }
    return id;
  }

  async function find(request: Cancellation, memo: EffectMemo): Promise<Reconciled<Cancelled>> {
    const targets = targetsIn(memo.refs);
    if (targets !== null) {
      const order = await read(request.orderId);
      const done = order !== null && order.lines.every((line) => line.currentQuantity <= (targets.get(line.id) ?? line.currentQuantity));
      return done ? { kind: 'found', result: { ref: memo.refs['edit'] ?? request.orderId, state: 'done' } } : { kind: 'absent' };
    }
    if (request.lines !== null) return { kind: 'absent' };
    if (await isCancelled(request.orderId)) return { kind: 'found', result: { ref: request.orderId, state: 'done' } };
    const { job } = memo.refs;
    if (job === undefined || !(await isRunning(job))) return { kind: 'absent' };
    return { kind: 'pending', afterMs: jobMs };
  }

  async function read(orderId: string): Promise<Cancellable | null> {
    const lines: Line[] = [];
    for (let after: string | null = null; ;) {
      const page: Awaited<ReturnType<typeof readPage>> = await readPage(orderId, after);
      if (page === null) return null;
      lines.push(...page.lineItems.nodes);
      if (!page.lineItems.pageInfo.hasNextPage || page.lineItems.pageInfo.endCursor === null) {
        const shipped = page.fulfillments.some(({ status }) => status !== 'CANCELLED' && status !== 'ERROR' && status !== 'FAILURE');
        return { cancelled: page.cancelledAt !== null, shipped, lines };
      }
      after = page.lineItems.pageInfo.endCursor;
    }
  }

  async function readPage(orderId: string, after: string | null) {
    const variables = { id: toGid('Order', orderId), first: cancellableLinesPerPage, after };
    const reply = await client({
      operation: 'orders.cancellable',
      document: cancellableDocument,
      variables,
      schema: cancellableSchema,
      kind: 'read',
    });
    return reply.data.order;
  }

  async function isCancelled(orderId: string): Promise<boolean> {
    const variables = { id: toGid('Order', orderId) };
    const reply = await client({
      operation: 'orders.cancelled',
      document: cancelledDocument,
      variables,
      schema: cancelledSchema,
      kind: 'read',
    });
    return reply.data.order?.cancelledAt != null;
  }

  async function isRunning(job: string): Promise<boolean> {
    const reply = await client({ operation: 'jobs.read', document: jobDocument, variables: { id: job }, schema: jobSchema, kind: 'read' });
    return reply.data.job !== null && !reply.data.job.done;
  }

  return { safety: 'read-back', make, find };
}

/** Units that lines are to have left, by the line's global id. */
type Targets = ReadonlyMap<string, number>;

function targetsOf(order: Cancellable, wanted: Cancellation['lines']): Targets {
  if (wanted === null) {
    const open = order.lines.filter((line) => line.unfulfilledQuantity > 0);
    if (open.length === 0) throw notDone('refused', operation, 'all of the order has shipped');
    return new Map(open.map((line) => [line.id, line.currentQuantity - line.unfulfilledQuantity]));
  }
  const targets = new Map<string, number>();
  for (const { lineId, units } of wanted) {
    const id = toGid('LineItem', lineId);
    const line = order.lines.find((one) => one.id === id);
    if (line === undefined) throw notDone('not-found', operation, `the order has no line ${lineId}`);
    const left = (targets.get(id) ?? line.currentQuantity) - units;
    if (units <= 0) throw notDone('invalid-request', operation, `${units} units of line ${lineId} are to be cancelled`);
    if (left < line.currentQuantity - line.unfulfilledQuantity)
      throw notDone(
        'refused',
        operation,
        `${line.unfulfilledQuantity} units of line ${lineId} have not shipped, and more are to be cancelled`,
      );
    targets.set(id, left);
  }
  if (targets.size === 0) throw notDone('invalid-request', operation, 'no lines to cancel');
  return targets;
}

const linePrefix = 'line ';

function refsOf(targets: Targets): EffectRefs {
  return Object.fromEntries([...targets].map(([id, units]) => [`${linePrefix}${fromGid(id)}`, String(units)]));
}

/** The targets that an earlier attempt of the same intent wrote down; null where none came so far. */
function targetsIn(refs: EffectRefs): Targets | null {
  const saved = Object.entries(refs).filter(([name]) => name.startsWith(linePrefix));
  if (saved.length === 0) return null;
  return new Map(saved.map(([name, units]) => [toGid('LineItem', name.slice(linePrefix.length)), Number(units)]));
}

const reasons: Readonly<Record<CancelReason, string>> = {
  customer: 'CUSTOMER',
  'out-of-stock': 'INVENTORY',
  fraud: 'FRAUD',
  address: 'OTHER',
  price: 'STAFF',
  other: 'OTHER',
};
