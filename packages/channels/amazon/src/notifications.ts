import { fingerprint } from '@quartermaster/connector-kit';
import { instantSchema, type Instant, type WebhookVerdict } from '@quartermaster/domain';
import { timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/** One notification of Amazon, as far as we use it. */
export type AmazonNotification = {
  /** Amazon's own id: deliveries come at least once, and a repetition has the same. */
  readonly id: string;
  /** Amazon's type, such as `ORDER_CHANGE`. */
  readonly type: string;
  readonly happenedAt: Instant | null;
  /** The order to be read again; null where it is about none, or about one that Amazon ships itself. */
  readonly orderId: string | null;
  /** The listing whose quantity changed there, of LISTINGS_ITEM_MFN_QUANTITY_CHANGE. */
  readonly stock: { readonly sku: string; readonly quantity: number } | null;
  /** The feed that is through, of FEED_PROCESSING_FINISHED. */
  readonly feedId: string | null;
};

/** One message of a queue, as every client of SQS gives it. */
export type QueueMessage = { readonly body: string; readonly receipt: string };

/** A queue that Amazon delivers to, behind whatever client of SQS the house has: `receive` waits for messages and hides them for a while, `remove` forgets one. */
export type NotificationQueue = {
  receive(): Promise<readonly QueueMessage[]>;
  remove(receipt: string): Promise<void>;
};

/**
 * Takes what waits in the queue to `handle`, each notification once among `recent` ones, and removes a message when it is handled: what fails stays and comes again. A message that is
 * no notification is handed to `strange`, and removed. Gives the number of messages taken.
 */
export async function takeNotifications(given: {
  readonly queue: NotificationQueue;
  /** Ids seen lately; new ones are added. The journal's inbox may be it. */
  readonly recent: { has(id: string): boolean; add(id: string): unknown };
  handle(notification: AmazonNotification): Promise<void>;
  strange?(reason: string): void;
}): Promise<number> {
  const messages = await given.queue.receive();
  for (const { body, receipt } of messages) {
    const notification = readNotification(body);
    if (notification === null) given.strange?.('a message that is no notification of Amazon');
    else if (!given.recent.has(notification.id)) {
      await given.handle(notification);
      given.recent.add(notification.id);
    }
    await given.queue.remove(receipt);
  }
  return messages.length;
}

/** Reads a notification as SQS delivers it (with capitals or, of newer types, without), or in the envelope of EventBridge. Null for what is none. */
export function readNotification(text: string): AmazonNotification | null {
  const body = jsonOf(text);
  const event = eventSchema.safeParse(body);
  const wire = wireSchema.safeParse(lowered(event.success ? event.data.detail : body));
  if (!wire.success) return null;
  const { notificationmetadata: metadata, notificationtype: type, eventtime, payload } = wire.data;
  const order = orderChangeSchema.safeParse(payload);
  const stock = stockChangeSchema.safeParse(payload);
  const feed = feedFinishedSchema.safeParse(payload);
  const ours = order.success && order.data.orderchangenotification.summary?.fulfillmenttype !== 'AFN';
  return {
    id: metadata.notificationid,
    type,
    happenedAt: eventtime ?? metadata.publishtime ?? null,
    orderId: type === 'ORDER_CHANGE' && ours ? order.data.orderchangenotification.amazonorderid : null,
    stock: type === 'LISTINGS_ITEM_MFN_QUANTITY_CHANGE' && stock.success ? { sku: stock.data.sku, quantity: stock.data.quantity } : null,
    feedId: type === 'FEED_PROCESSING_FINISHED' && feed.success ? feed.data.feedprocessingfinishednotification.feedid : null,
  };
}

/**
 * Checks a notification that EventBridge delivers to an address of ours (an API destination): nobody signs it, its connection carries a secret in the `authorization` header instead.
 * Without such a secret all are rejected, and Amazon is read through a queue. An event that is about no order is genuine and leads nowhere.
 */
export function verifyNotification(
  rawBody: Uint8Array,
  headers: Readonly<Record<string, string>>,
  authorizations: readonly string[],
): WebhookVerdict {
  if (authorizations.length === 0)
    return { kind: 'rejected', reason: 'no secret is set for notifications: Amazon is read through a queue' };
  if (!authorizations.some((expected) => sameText(expected, headers['authorization'] ?? ''))) {
    return { kind: 'rejected', reason: 'the secret of the connection is not there, or another one' };
  }
  const notification = readNotification(Buffer.from(rawBody).toString('utf8'));
  if (notification === null) return { kind: 'rejected', reason: 'not a notification of Amazon' };
  const { id, type, orderId, happenedAt } = notification;
  return { kind: 'genuine', deliveryId: id, topic: type, orderId, triggeredAt: happenedAt };
}

/** Names of a notification in lower case: older types begin theirs with capitals, newer ones do not. Values stay as they are. */
function lowered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name.toLowerCase(), lowered(inner)]));
}

const eventSchema = z.object({ 'detail-type': z.string(), source: z.string(), detail: z.record(z.string(), z.unknown()) });

const wireSchema = z.object({
  notificationtype: z.string(),
  eventtime: instantSchema.nullish(),
  payload: z.unknown(),
  notificationmetadata: z.object({ notificationid: z.string().min(1), publishtime: instantSchema.nullish() }),
});

const orderChangeSchema = z.object({
  orderchangenotification: z.object({
    amazonorderid: z.string().min(1),
    summary: z.object({ fulfillmenttype: z.string().nullish() }).nullish(),
  }),
});

const stockChangeSchema = z.object({ sku: z.string(), quantity: z.int() });

const feedFinishedSchema = z.object({ feedprocessingfinishednotification: z.object({ feedid: z.string() }) });

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Compares secrets in constant time: their fingerprints have one length. */
function sameText(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(fingerprint(one)), Buffer.from(fingerprint(other)));
}
