import {
  InvariantError,
  type Acknowledgement,
  type Cancellation,
  type Cancelled,
  type Capture,
  type Channel,
  type ConnectorOperation,
  type Reconciled,
  type Refund,
} from '@quartermaster/domain';
import type { OrderCase } from '@quartermaster/fulfilment';
import type { FlowContext } from './context.ts';
import { anyEffect, type Achieved, type AnyEffect, type UnderWay } from './effect.ts';
import { commandPayloadSchema, type CommandPayload } from './intents.ts';
import { getCase } from './order-cases.ts';
import { jsonOf } from './plain-json.ts';
import { doubtLevels } from './stock/known-levels.ts';

/** How a command of an order becomes a request to something that a channel may have or not, and what its answer means. */
type Asking<Request, Result> = {
  /** What the channel is asked to do, as the end of a sentence. */
  readonly what: string;
  facet(channel: Channel): ConnectorOperation<Request, Result> | null;
  requestOf(order: OrderCase, payload: CommandPayload, settings: FlowContext['settings']): Request;
  meaning(result: Result, payload: CommandPayload): Achieved['event'];
  /** The channel may have put units on sale again by itself. */
  readonly touchesStock: boolean;
  /** The channel is still at it: look again after so long. Left out where an answer is the end. */
  underWayMs?(result: Result): number | null;
};

type Prepared<Request, Result> = {
  readonly operation: ConnectorOperation<Request, Result>;
  readonly request: Request;
  readonly order: OrderCase;
  readonly payload: CommandPayload;
};

function asking<Request, Result>(given: Asking<Request, Result>): AnyEffect {
  const achieved = (context: FlowContext, { order, payload }: Prepared<Request, Result>, result: Result): Achieved => {
    const skus = order.order.lines.flatMap(({ sku }) => sku ?? []);
    return {
      result: jsonOf(result),
      event: given.meaning(result, payload),
      ...(given.touchesStock ? { keep: (tx) => doubtLevels(tx, context, order.scope.connection, skus) } : {}),
    };
  };
  return anyEffect<Prepared<Request, Result>>({
    async prepare(tx, context, intent) {
      const payload = commandPayloadSchema.parse(intent.payload);
      const order = await getCase(tx, payload.order);
      const { connection } = order.scope;
      const channel = context.channels.get(connection);
      if (channel === undefined) return { kind: 'refuse', reason: `the channel ${connection} is not in the config any more` };
      const operation = given.facet(channel);
      if (operation === null) return { kind: 'refuse', reason: `the channel ${connection} cannot ${given.what}` };
      return { kind: 'go', request: { operation, order, payload, request: given.requestOf(order, payload, context.settings) } };
    },
    async perform(context, prepared, memo): Promise<Achieved | UnderWay> {
      const result = await prepared.operation.make(prepared.request, memo);
      const underWayMs = given.underWayMs?.(result) ?? null;
      return underWayMs === null ? achieved(context, prepared, result) : { underWayMs };
    },
    async lookUp(context, prepared, _refs, memo): Promise<Reconciled<Achieved>> {
      const seen = await prepared.operation.find(prepared.request, memo);
      if (seen.kind !== 'found') return seen;
      const afterMs = given.underWayMs?.(seen.result) ?? null;
      return afterMs === null ? { kind: 'found', result: achieved(context, prepared, seen.result) } : { kind: 'pending', afterMs };
    },
  });
}

/** Our name of an order, as `qm explain` takes it: the ERP has none of it yet when the channel is told that we have it. */
function ourName({ scope, order }: OrderCase): string {
  return `${scope.connection}/${order.id}`;
}

const acknowledge = asking<Acknowledgement, unknown>({
  what: 'be told that an order was taken on',
  facet: ({ acknowledgement }) => acknowledgement,
  requestOf: (order) => ({ orderId: order.order.id, ourRef: ourName(order) }),
  meaning: () => ({ kind: 'acknowledged' }),
  touchesStock: false,
});

const capture = asking<Capture, { readonly amount: Capture['amount'] }>({
  what: 'take authorized money',
  facet: (channel) => channel.capture,
  requestOf(order, { amount }) {
    if (amount === null) throw new InvariantError(`the capture of order ${order.key} has no amount`);
    return { orderId: order.order.id, amount };
  },
  meaning: ({ amount }) => ({ kind: 'captured', amount }),
  touchesStock: false,
});

const cancelInChannel = asking<Cancellation, Cancelled>({
  what: 'cancel an order',
  facet: ({ cancellation }) => cancellation,
  requestOf(order, { request }, settings) {
    const asked = order.cancellations.find(({ id }) => id === request);
    if (asked === undefined) throw new InvariantError(`order ${order.key} has no cancellation ${request}`);
    return {
      orderId: order.order.id,
      lines: asked.lines?.map(({ lineId, units }) => ({ lineId, units })) ?? null,
      reason: asked.reason,
      restock: false,
      notifyCustomer: notifies(order, settings),
    };
  },
  meaning: (_result, { request }) => ({ kind: 'cancelled-in-channel', id: request ?? '' }),
  touchesStock: true,
  underWayMs: ({ state }) => (state === 'requested' ? lookAgainMs : null),
});

const refund = asking<Refund, { readonly amount: Capture['amount']; readonly state: 'done' | 'pending' }>({
  what: 'give money back',
  facet: (channel) => channel.refund,
  requestOf(order, { request }, settings) {
    const asked = order.refunds.find(({ id }) => id === request);
    if (asked === undefined) throw new InvariantError(`order ${order.key} has no refund ${request}`);
    const { id, lines, shipping, adjustment, reason } = asked;
    const said = { note: null, restockAt: null, notifyCustomer: notifies(order, settings) };
    return { orderId: order.order.id, refundId: id, lines, shipping, adjustment, reason, ...said };
  },
  // Money that is not on its way yet has left our hands: nothing waits for it here.
  meaning: ({ amount, state }, { request }) => ({ kind: 'refunded', id: request ?? '', amount, state }),
  touchesStock: true,
});

/** How soon to look again at something that a channel is still doing. */
const lookAgainMs = 30_000;

export const channelOperations: Readonly<Record<'acknowledge' | 'capture' | 'cancel-in-channel' | 'refund', AnyEffect>> = {
  acknowledge,
  capture,
  'cancel-in-channel': cancelInChannel,
  refund,
};

function notifies({ scope }: OrderCase, settings: FlowContext['settings']): boolean {
  return settings.channels.find(({ connection }) => connection === scope.connection)?.notifyCustomer ?? false;
}
