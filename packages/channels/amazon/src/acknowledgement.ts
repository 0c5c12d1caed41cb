import {
  ConnectorFault,
  type Acknowledged,
  type Acknowledgement,
  type Cancellation,
  type Cancelled,
  type ConnectorOperation,
} from '@quartermaster/domain';
import { connectorName, notDone, type AmazonClient } from './client.ts';
import { stillWorking, type Feeds } from './feeds.ts';
import { acknowledgementFeed, processingErrors, type AcknowledgedOrder } from './order-feeds.ts';
import { orderWithoutPerson, readOrder } from './orders.ts';
import { stateOf } from './translate.ts';
import type { WireOrder } from './wire.ts';

/** Orders in one feed of acknowledgements. */
const mostOrders = 1_000;

/** Hands in what is acknowledged, and gives the feed's id once Amazon worked it through. */
export type AcknowledgementFeeds = (order: AcknowledgedOrder) => Promise<string>;

/** One feed after the other, since only one may be handed in every two minutes: what is asked for while one is under way goes together with the next. */
export function acknowledgementFeeds(feeds: Feeds, sellerId: string): AcknowledgementFeeds {
  type Caller = {
    readonly order: AcknowledgedOrder;
    readonly resolve: (feedId: string) => void;
    readonly reject: (fault: unknown) => void;
  };
  const waiting: Caller[] = [];
  let busy = false;

  async function work(): Promise<void> {
    while (waiting.length > 0) await handIn(waiting.splice(0, mostOrders));
    busy = false;
  }

  async function handIn(callers: readonly Caller[]): Promise<void> {
    try {
      const text = acknowledgementFeed(
        sellerId,
        callers.map(({ order }) => order),
      );
      const { feedId, errors } = await workedThrough(feeds, text);
      for (const [index, { resolve, reject }] of callers.entries()) {
        const error = errors.get(0) ?? errors.get(index + 1);
        if (error === undefined) resolve(feedId);
        else reject(notDone('refused', operation, error));
      }
    } catch (fault) {
      for (const { reject } of callers) reject(fault);
    }
  }

  return (order) =>
    new Promise((resolve, reject) => {
      waiting.push({ order, resolve, reject });
      if (busy) return;
      busy = true;
      setImmediate(() => void work());
    });
}

const operation = 'orders.acknowledge';

async function workedThrough(
  feeds: Feeds,
  text: string,
): Promise<{ readonly feedId: string; readonly errors: ReadonlyMap<number, string> }> {
  const documentId = await feeds.prepare('POST_ORDER_ACKNOWLEDGEMENT_DATA', text);
  const feedId = await feeds.submit('POST_ORDER_ACKNOWLEDGEMENT_DATA', documentId, 'repeatable-effect');
  const end = await feeds.settled(feedId);
  if (end === null) throw stillWorking(operation, feedId);
  if (end.kind !== 'done' || end.resultDocumentId === null) throw notDone('refused', operation, `Amazon gave up on feed ${feedId}`);
  const errors = processingErrors(await feeds.report(end.resultDocumentId));
  if (errors === null) throw unreadableReport(operation, feedId);
  return { feedId, errors };
}

/** Gives an order our own name of it, which stands among its aliases from then on. The same name twice is the same as once. */
export function acknowledging(client: AmazonClient, submit: AcknowledgementFeeds): ConnectorOperation<Acknowledgement, Acknowledged> {
  const named = async ({ orderId, ourRef }: Acknowledgement) => {
    const wire = await existing(client, orderId);
    return (wire.orderAliases ?? []).some(({ aliasId, aliasType }) => aliasType === 'SELLER_ORDER_ID' && aliasId === ourRef);
  };
  return {
    safety: 'natural',
    async make(request) {
      if (!(await named(request))) await submit({ orderId: request.orderId, status: 'Success', ourRef: request.ourRef });
      return { ref: request.ourRef };
    },
    async find(request) {
      return (await named(request)) ? { kind: 'found', result: { ref: request.ourRef } } : { kind: 'absent' };
    },
  };
}

/**
 * Cancels a whole order before anything of it shipped: an acknowledgement as failed, with a reason for each item. Amazon has no operation for it, and none for a part of an order; it tells
 * the customer by itself, and puts nothing back on sale.
 */
export function cancelling(client: AmazonClient, submit: AcknowledgementFeeds): ConnectorOperation<Cancellation, Cancelled> {
  const done = (orderId: string): Cancelled => ({ ref: orderId, state: 'done' });
  return {
    safety: 'natural',
    async make({ orderId, lines, reason }) {
      if (lines !== null)
        throw notDone('unsupported', 'orders.cancel', 'Amazon cancels whole orders only', 'Ship what there is and refund the rest.');
      const wire = await existing(client, orderId);
      if (stateOf(wire) === 'cancelled') return done(orderId);
      if (wire.orderItems.some(({ fulfillment }) => (fulfillment?.quantityFulfilled ?? 0) > 0)) {
        throw notDone('refused', 'orders.cancel', 'something of the order has shipped', 'Refund what does not ship.');
      }
      await submit({ orderId, status: 'Failure', itemIds: wire.orderItems.map(({ orderItemId }) => orderItemId), reason });
      return done(orderId);
    },
    async find({ orderId }) {
      const wire = await existing(client, orderId);
      return stateOf(wire) === 'cancelled' ? { kind: 'found', result: done(orderId) } : { kind: 'absent' };
    },
  };
}

async function existing(client: AmazonClient, orderId: string): Promise<WireOrder> {
  const wire = await readOrder(client, orderId, orderWithoutPerson);
  if (wire === null) throw notDone('not-found', 'orders.read', 'Amazon has no such order');
  return wire;
}

/** The feed is through and nobody can read what became of it. */
export function unreadableReport(operation: string, feedId: string): ConnectorFault {
  return new ConnectorFault('malformed-reply', {
    connector: connectorName,
    operation,
    outcome: 'unknown',
    retry: { kind: 'safely' },
    message: `the report of feed ${feedId} cannot be read`,
  });
}
