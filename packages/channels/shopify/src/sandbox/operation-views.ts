import { gid } from './gid.ts';
import { lineOf, unfulfilledUnits } from './orders.ts';
import { gateway, openAuthorizations } from './payments.ts';
import { page, type PageArguments } from './paging.ts';
import { bagOf } from './presentment.ts';
import { suggestRefund } from './refunding.ts';
import { returnStatus } from './returning.ts';
import type {
  BulkOperationState,
  EditState,
  FulfillmentState,
  HoldState,
  OrderState,
  RefundState,
  ReturnState,
  ShopState,
  SubscriptionState,
  TransactionState,
} from './state.ts';

// What GraphQL sees of payments, refunds, returns, edits, holds, subscriptions and bulk operations.

/** The fields of an order that are about what is done to it beyond shipping. `viewOfLine` shows a line of a fulfillment. */
export function orderOperationsView(state: ShopState, order: OrderState): Record<string, unknown> {
  return {
    cancelReason: order.cancelReason,
    cancellation: order.cancelledAt === null ? null : { staffNote: order.cancelNote },
    returnStatus: () => returnStatus(state, order),
    metafield: ({ namespace, key }: { namespace?: string | null; key: string }) => metafieldView(order, namespace ?? 'app--1', key),
    refunds: ({ first }: { first?: number | null }) =>
      refundsOf(state, order)
        .slice(0, first ?? undefined)
        .map((one) => refundView(state, one)),
    transactions: ({ first, capturable }: { first?: number | null; capturable?: boolean | null }) => {
      const open = new Set(openAuthorizations(order).map(({ authorization }) => authorization.id));
      return order.transactions
        .filter(({ id }) => capturable == null || open.has(id) === capturable)
        .slice(0, first ?? undefined)
        .map((one) => transactionView(state, order, one));
    },
    suggestedRefund: (given: Parameters<typeof suggestRefund>[2]) => {
      const bag = bagOf(state, order);
      const suggested = suggestRefund(state, order, given);
      return {
        amountSet: bag(suggested.amount),
        maximumRefundableSet: bag(suggested.maximum),
        shipping: { amountSet: bag(suggested.shipping), maximumRefundableSet: bag(suggested.most), taxSet: bag(suggested.shippingTax) },
        suggestedTransactions: suggested.transactions.map(({ payment, amount, maximum }) => ({
          amountSet: bag(amount),
          maximumRefundableSet: bag(maximum),
          gateway,
          kind: 'SUGGESTED_REFUND',
          parentTransaction: transactionView(state, order, payment),
        })),
      };
    },
    returns: (given: PageArguments) =>
      page(
        [...state.returns.values()].filter((one) => one.orderId === order.id),
        given,
        (one) => ['', one.id],
        (one) => ({ ...returnView(state, one), order: null }),
      ),
  };
}

export function metafieldView(order: OrderState, namespace: string, key: string): Record<string, unknown> | null {
  const found = order.metafields.get(`${namespace}.${key}`);
  return found === undefined
    ? null
    : { __typename: 'Metafield', id: gid('Metafield', found.id), namespace, key, type: found.type, value: found.value };
}

export function transactionView(state: ShopState, order: OrderState, one: TransactionState): Record<string, unknown> {
  const bag = bagOf(state, order);
  const parent = order.transactions.find(({ id }) => id === one.parentId);
  const open = openAuthorizations(order).find(({ authorization }) => authorization === one);
  return {
    __typename: 'OrderTransaction',
    id: gid('OrderTransaction', one.id),
    kind: one.kind,
    status: one.settledAt > state.clock.now() ? 'PENDING' : 'SUCCESS',
    gateway,
    amountSet: bag(one.amount),
    totalUnsettledSet: open === undefined ? null : bag(open.left),
    createdAt: one.createdAt,
    parentTransaction: () => (parent === undefined ? null : transactionView(state, order, parent)),
  };
}

export function refundView(state: ShopState, one: RefundState): Record<string, unknown> {
  const order = state.orders.get(one.orderId);
  return {
    __typename: 'Refund',
    id: gid('Refund', one.id),
    legacyResourceId: String(one.id),
    note: one.note,
    createdAt: one.createdAt,
    totalRefundedSet: order === undefined ? null : bagOf(state, order)(one.amount),
    transactions: (given: PageArguments) =>
      page(
        order?.transactions.filter(({ id }) => one.transactionIds.includes(id)) ?? [],
        given,
        ({ id }) => ['', id],
        (row) => (order === undefined ? {} : transactionView(state, order, row)),
      ),
  };
}

export function returnView(state: ShopState, one: ReturnState): Record<string, unknown> {
  const order = state.orders.get(one.orderId);
  const fulfillmentLine = (lineItemId: number) =>
    [...state.fulfillments.values()].filter((row) => row.orderId === one.orderId).flatMap((row) => lineOfFulfillment(row, lineItemId))[0];
  return {
    __typename: 'Return',
    id: gid('Return', one.id),
    name: one.name,
    status: one.status,
    createdAt: one.createdAt,
    refunds: (given: PageArguments) =>
      page(
        [...state.refunds.values()].filter((row) => row.returnId === one.id),
        given,
        (row) => ['', row.id],
        (row) => refundView(state, row),
      ),
    returnLineItems: (given: PageArguments) =>
      page(
        one.lines,
        given,
        (line) => ['', line.id],
        (line) => {
          const sold = order === undefined ? undefined : lineOf(order, line.lineItemId);
          return {
            __typename: 'ReturnLineItem',
            id: gid('ReturnLineItem', line.id),
            quantity: line.quantity,
            processedQuantity: line.processed,
            returnReasonDefinition: { id: gid('ReturnReasonDefinition', 1), handle: line.reason, name: line.reason },
            fulfillmentLineItem: {
              __typename: 'FulfillmentLineItem',
              id: gid('FulfillmentLineItem', fulfillmentLine(line.lineItemId)?.id ?? 0),
              quantity: fulfillmentLine(line.lineItemId)?.quantity ?? null,
              lineItem: { __typename: 'LineItem', id: gid('LineItem', line.lineItemId), sku: sold?.sku ?? null, title: sold?.title ?? '' },
            },
          };
        },
      ),
    reverseFulfillmentOrders: (given: PageArguments) =>
      page(
        one.trackingNumbers.length === 0 ? [] : [one],
        given,
        (row) => ['', row.id],
        (row) => ({
          __typename: 'ReverseFulfillmentOrder',
          id: gid('ReverseFulfillmentOrder', row.id),
          reverseDeliveries: (inner: PageArguments) =>
            page(
              row.trackingNumbers.map((number, index) => ({ number, index })),
              inner,
              ({ index }) => ['', index],
              ({ number, index }) => ({
                __typename: 'ReverseDelivery',
                id: gid('ReverseDelivery', row.id * 10 + index),
                deliverable: { __typename: 'ReverseDeliveryShippingDeliverable', tracking: { carrierName: null, number } },
              }),
            ),
        }),
      ),
  };
}

export function editView(state: ShopState, edit: EditState): Record<string, unknown> {
  const order = state.orders.get(edit.orderId);
  return {
    __typename: 'CalculatedOrder',
    id: gid('CalculatedOrder', edit.id),
    lineItems: (given: PageArguments) =>
      page(
        order?.lines ?? [],
        given,
        (line) => ['', line.id],
        (line) => ({
          id: gid('CalculatedLineItem', line.id),
          quantity: edit.staged.get(line.id)?.quantity ?? line.quantity - line.removed,
          editableQuantity: order === undefined ? 0 : unfulfilledUnits(state, order, line.id),
          sku: line.sku,
          title: line.title,
        }),
      ),
  };
}

export function holdView(one: HoldState): Record<string, unknown> {
  return {
    __typename: 'FulfillmentHold',
    id: gid('FulfillmentHold', one.id),
    handle: one.handle,
    reason: one.reason,
    reasonNotes: one.reasonNotes,
    heldByRequestingApp: one.ours,
  };
}

export function subscriptionView(one: SubscriptionState): Record<string, unknown> {
  return { __typename: 'WebhookSubscription', ...one, id: gid('WebhookSubscription', one.id) };
}

export function bulkOperationView(state: ShopState, one: BulkOperationState, storageOrigin: string): Record<string, unknown> {
  const now = state.clock.now();
  const status = now < one.runsAt ? 'CREATED' : now < one.doneAt ? 'RUNNING' : now < one.expiresAt ? 'COMPLETED' : 'EXPIRED';
  const file = one.result.lines.join('\n');
  const there = status === 'COMPLETED' && one.result.lines.length > 0;
  return {
    __typename: 'BulkOperation',
    id: gid('BulkOperation', one.id),
    status,
    errorCode: null,
    query: one.query,
    createdAt: one.createdAt,
    completedAt: now < one.doneAt ? null : one.doneAt,
    objectCount: now < one.doneAt ? '0' : String(one.result.lines.length),
    rootObjectCount: now < one.doneAt ? '0' : String(one.result.roots),
    fileSize: there ? String(Buffer.byteLength(file)) : null,
    url: there ? `${storageOrigin}/bulk-${one.id}.jsonl?signature=sandbox` : null,
    partialDataUrl: null,
  };
}

function refundsOf(state: ShopState, order: OrderState): RefundState[] {
  return [...state.refunds.values()].filter((one) => one.orderId === order.id);
}

function lineOfFulfillment({ lines }: FulfillmentState, lineItemId: number) {
  return lines.filter((line) => line.lineItemId === lineItemId);
}
