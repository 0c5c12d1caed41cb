import type { GraphQLResolveInfo } from 'graphql';
import { startBulkQuery } from './bulk.ts';
import { beginCancelling, beginEdit, commitEdit, stageQuantity, type OrderCancelGiven } from './cancelling.ts';
import { gid, idOf } from './gid.ts';
import { liftHolds, placeHold } from './holding.ts';
import {
  bulkOperationView,
  editView,
  holdView,
  metafieldView,
  refundView,
  returnView,
  subscriptionView,
  transactionView,
} from './operation-views.ts';
import { fulfillmentOrderView, orderView } from './order-views.ts';
import { page, type PageArguments } from './paging.ts';
import { capture, createRefund, type RefundInput } from './refunding.ts';
import { nextId, now, type UserErrorState } from './state.ts';
import { idempotently, plainKeyErrors, type RequestScope } from './stock-mutations.ts';
import { changeSubscription, subscribe, type SubscriptionInput } from './subscriptions.ts';

// The resolvers of what is done to orders beyond shipping them, and of subscriptions and bulk operations.

export function operationQueries({ state, storageOrigin }: RequestScope) {
  return {
    job: ({ id }: { id: string }) => {
      const job = state.jobs.get(idOf('Job', id));
      return job === undefined ? null : { id, done: job.done };
    },
    return: ({ id }: { id: string }) => {
      const one = state.returns.get(idOf('Return', id));
      const order = one === undefined ? undefined : state.orders.get(one.orderId);
      return one === undefined || order === undefined ? null : { ...returnView(state, one), order: () => orderView(state, order) };
    },
    refund: ({ id }: { id: string }) => {
      const one = state.refunds.get(idOf('Refund', id));
      return one === undefined ? null : refundView(state, one);
    },
    bulkOperation: ({ id }: { id: string }) => {
      const one = state.bulkOperations.get(idOf('BulkOperation', id));
      return one === undefined ? null : bulkOperationView(state, one, storageOrigin);
    },
    webhookSubscriptions: (given: PageArguments & { topics?: readonly string[] | null; uri?: string | null }) =>
      page(
        [...state.subscriptions.values()].filter(
          (one) => (given.uri == null || one.uri === given.uri) && (given.topics == null || given.topics.includes(one.topic)),
        ),
        given,
        (one) => ['', one.id],
        subscriptionView,
      ),
  };
}

export function operationMutations(request: RequestScope, queries: unknown) {
  const { state, storageOrigin } = request;
  return {
    orderCancel: ({ orderId, ...given }: OrderCancelGiven & { orderId: string }) => {
      const made = beginCancelling(state, state.orders.get(idOf('Order', orderId)), given);
      return {
        job: made.result === null ? null : { id: gid('Job', made.result.id), done: made.result.done },
        orderCancelUserErrors: made.userErrors,
      };
    },
    orderEditBegin: ({ id }: { id: string }) => {
      const made = beginEdit(state, state.orders.get(idOf('Order', id)));
      return { calculatedOrder: made.result === null ? null : editView(state, made.result), userErrors: made.userErrors };
    },
    orderEditSetQuantity: (given: { id: string; lineItemId: string; quantity: number; restock?: boolean | null }) => {
      const edit = state.edits.get(idOf('CalculatedOrder', given.id));
      const made = stageQuantity(state, edit, idOf('CalculatedLineItem', given.lineItemId), given.quantity, given.restock ?? false);
      return { calculatedLineItem: null, userErrors: made.userErrors };
    },
    orderEditCommit: ({ id }: { id: string }) => {
      const made = commitEdit(state, state.edits.get(idOf('CalculatedOrder', id)));
      return { order: made.result === null ? null : orderView(state, made.result), userErrors: made.userErrors };
    },
    refundCreate: ({ input }: { input: RefundInput }, _context: unknown, info: GraphQLResolveInfo) =>
      idempotently(state, info, input, plainKeyErrors, () => {
        const made = createRefund(state, input);
        return { refund: made.result === null ? null : refundView(state, made.result), order: null, userErrors: made.userErrors };
      }),
    orderCapture: ({ input }: { input: Parameters<typeof capture>[1] }) => {
      const made = capture(state, input);
      const order = state.orders.get(idOf('Order', input.id));
      const transaction = made.result === null || order === undefined ? null : transactionView(state, order, made.result);
      return { transaction, userErrors: made.userErrors };
    },
    metafieldsSet: ({ metafields }: { metafields: readonly MetafieldInput[] }) => setMetafields(request, metafields),
    fulfillmentOrderHold: ({ id, fulfillmentHold }: { id: string; fulfillmentHold: HoldInput }) => {
      const made = placeHold(state, idOf('FulfillmentOrder', id), {
        handle: fulfillmentHold.handle ?? '',
        reason: fulfillmentHold.reason,
        reasonNotes: fulfillmentHold.reasonNotes ?? null,
        lines: (fulfillmentHold.fulfillmentOrderLineItems ?? []).map((line) => ({
          id: idOf('FulfillmentOrderLineItem', line.id),
          quantity: line.quantity,
        })),
      });
      return {
        fulfillmentHold: made.result === null ? null : holdView(made.result.hold),
        fulfillmentOrder: made.result === null ? null : fulfillmentOrderView(state, made.result.held),
        remainingFulfillmentOrder: made.result?.remaining == null ? null : fulfillmentOrderView(state, made.result.remaining),
        userErrors: made.userErrors,
      };
    },
    fulfillmentOrderReleaseHold: ({ id, holdIds }: { id: string; holdIds?: readonly string[] | null }) => {
      const made = liftHolds(state, idOf('FulfillmentOrder', id), holdIds?.map((hold) => idOf('FulfillmentHold', hold)) ?? null);
      return { fulfillmentOrder: made.result === null ? null : fulfillmentOrderView(state, made.result), userErrors: made.userErrors };
    },
    webhookSubscriptionCreate: ({ topic, webhookSubscription }: { topic: string; webhookSubscription: SubscriptionInput }) => {
      const made = subscribe(state, topic, webhookSubscription);
      return { webhookSubscription: made.result === null ? null : subscriptionView(made.result), userErrors: made.userErrors };
    },
    webhookSubscriptionUpdate: ({ id, webhookSubscription }: { id: string; webhookSubscription: SubscriptionInput }) => {
      const made = changeSubscription(state, idOf('WebhookSubscription', id), webhookSubscription);
      return { webhookSubscription: made.result === null ? null : subscriptionView(made.result), userErrors: made.userErrors };
    },
    bulkOperationRunQuery: (given: { query: string; groupObjects: boolean }) => {
      const made = startBulkQuery(state, queries, given);
      return {
        bulkOperation: made.result === null ? null : bulkOperationView(state, made.result, storageOrigin),
        userErrors: made.userErrors,
      };
    },
  };
}

type MetafieldInput = {
  readonly ownerId: string;
  readonly namespace?: string | null;
  readonly key: string;
  readonly type?: string | null;
  readonly value: string;
};
type HoldInput = {
  readonly handle?: string | null;
  readonly reason: string;
  readonly reasonNotes?: string | null;
  readonly fulfillmentOrderLineItems?: readonly { readonly id: string; readonly quantity: number }[] | null;
};

/** Sets metafields of orders, all or none. */
function setMetafields({ state }: RequestScope, metafields: readonly MetafieldInput[]) {
  const userErrors: UserErrorState[] = [];
  const bad = (index: number, field: string, code: string, message: string) =>
    userErrors.push({ field: ['metafields', String(index), field], code, message });
  if (metafields.length > 25) bad(0, 'key', 'TOO_LONG', 'Exceeded the maximum of 25 metafields.');
  for (const [index, { ownerId, key, value, namespace, type }] of metafields.entries()) {
    if (!state.orders.has(idOf('Order', ownerId))) bad(index, 'ownerId', 'INVALID', 'Owner does not exist.');
    if (value === '') bad(index, 'value', 'BLANK', "Value can't be blank.");
    if (key.length < 2 || key.length > 64) bad(index, 'key', 'TOO_LONG', 'Key must be between 2 and 64 characters.');
    if (namespace != null && (namespace.length < 3 || namespace.length > 255))
      bad(index, 'namespace', 'TOO_SHORT', 'Namespace is too short.');
    if (type !== 'single_line_text_field' || value.includes('\n')) bad(index, 'type', 'INVALID_TYPE', 'Type is not known to the sandbox.');
  }
  if (userErrors.length > 0) return { metafields: null, userErrors };
  const set = metafields.map(({ ownerId, key, value, namespace, type }) => {
    const order = state.orders.get(idOf('Order', ownerId));
    const name = `${namespace ?? 'app--1'}.${key}`;
    const id = order?.metafields.get(name)?.id ?? nextId(state, 'Metafield');
    order?.metafields.set(name, { id, type: type ?? '', value });
    if (order !== undefined && now(state) > order.updatedAt) order.updatedAt = now(state);
    return order === undefined ? null : metafieldView(order, namespace ?? 'app--1', key);
  });
  return { metafields: set, userErrors };
}
