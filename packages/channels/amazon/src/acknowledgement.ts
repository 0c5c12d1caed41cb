import { gathering, type Gathered } from '@quartermaster/connector-kit';
import {
  ConnectorFault,
  type Acknowledged,
  type Acknowledgement,
  type Cancellation,
  type Cancelled,
  type ChannelOperation,
} from '@quartermaster/domain';
import { connectorName, refused, type AmazonClient } from './client.ts';
import { stillWorking, type Feeds } from './feeds.ts';
import { acknowledgementFeed, processingErrors, type AcknowledgedOrder } from './order-feeds.ts';
import { orderWithoutPerson, readOrder } from './orders.ts';
import { stateOf } from './translate.ts';
import type { WireOrder } from './wire.ts';

/** Orders in one feed of acknowledgements. */
const mostOrders = 1_000;

/** Hands in what is acknowledged, and waits until Amazon worked it through. Those that are asked for at the same time go as one feed: only one may be handed in every two minutes. */
export type AcknowledgementFeeds = (order: AcknowledgedOrder) => Promise<string>;

export function acknowledgementFeeds(feeds: Feeds, sellerId: string): AcknowledgementFeeds {
  return gathering(together, { atMost: mostOrders });

  async function together(orders: readonly AcknowledgedOrder[]): Promise<readonly Gathered<string>[]> {
    const documentId = await feeds.prepare('POST_ORDER_ACKNOWLEDGEMENT_DATA', acknowledgementFeed(sellerId, orders));
    const feedId = await feeds.submit('POST_ORDER_ACKNOWLEDGEMENT_DATA', documentId, 'repeatable-effect');
    const end = await feeds.settled(feedId);
    if (end === null) throw stillWorking('orders.acknowledge', feedId);
    if (end.kind !== 'done' || end.resultDocumentId === null)
      throw refused('orders.acknowledge', 'refused', `Amazon gave up on feed ${feedId}`);
    const errors = processingErrors(await feeds.report(end.resultDocumentId));
    if (errors === null) throw unreadableReport('orders.acknowledge', feedId);
    const fatal = errors.get(0);
    return orders.map((_order, index) => {
      const error = fatal ?? errors.get(index + 1);
      return error === undefined
        ? { kind: 'result', result: feedId }
        : { kind: 'fault', fault: refused('orders.acknowledge', 'refused', error) };
    });
  }
}

/** Gives an order our own name of it, which stands among its aliases from then on. The same name twice is the same as once. */
export function acknowledging(client: AmazonClient, submit: AcknowledgementFeeds): ChannelOperation<Acknowledgement, Acknowledged> {
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
export function cancelling(client: AmazonClient, submit: AcknowledgementFeeds): ChannelOperation<Cancellation, Cancelled> {
  const done = (orderId: string): Cancelled => ({ ref: orderId, state: 'done' });
  return {
    safety: 'natural',
    async make({ orderId, lines, reason }) {
      if (lines !== null)
        throw refused('orders.cancel', 'unsupported', 'Amazon cancels whole orders only', 'Ship what there is and refund the rest.');
      const wire = await existing(client, orderId);
      if (stateOf(wire) === 'cancelled') return done(orderId);
      if (wire.orderItems.some(({ fulfillment }) => (fulfillment?.quantityFulfilled ?? 0) > 0)) {
        throw refused('orders.cancel', 'refused', 'something of the order has shipped', 'Refund what does not ship.');
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
  if (wire === null) throw refused('orders.read', 'not-found', 'Amazon has no such order');
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
