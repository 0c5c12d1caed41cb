import { seededRandom } from '@quartermaster/connector-kit/sandbox';
import { createHmac } from 'node:crypto';
import { orderAmounts, shopifyDecimal } from './amounts.ts';
import type { OrderState, ShopState, WebhookEvent } from './state.ts';

/** A webhook as it goes over the wire: hand body and headers to `verifyWebhook`, or post them. Header names are lower case. */
export type SignedWebhook = {
  readonly topic: string;
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
};

/** How badly the deliveries behave. Shopify promises neither order nor uniqueness. */
export type WebhookDelivery = {
  /** About half of the deliveries come a second time. */
  readonly duplicate?: boolean;
  /** They come in any order. */
  readonly reorder?: boolean;
  /** Decides which and how, default 1. */
  readonly seed?: number;
};

/** Writes down that an order's webhook is due. */
export function announce(state: ShopState, topic: string, order: OrderState, at: string): void {
  const count = (state.counters.get('Webhook') ?? 0) + 1;
  state.counters.set('Webhook', count);
  state.webhooks.push({
    id: `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`,
    topic,
    triggeredAt: at,
    body: JSON.stringify(webhookBody(state, topic, order)),
  });
}

/** Takes all webhooks that are due, signed. */
export function takeWebhooks(state: ShopState, secret: string, apiVersion: string, given: WebhookDelivery): SignedWebhook[] {
  const random = seededRandom(given.seed ?? 1);
  const due = state.webhooks.splice(0);
  const deliveries = due.flatMap((event) => (given.duplicate === true && random() < 0.5 ? [event, event] : [event]));
  const ordered = given.reorder === true ? shuffled(deliveries, random) : deliveries;
  return ordered.map((event) => signed(state, secret, apiVersion, event));
}

function signed(state: ShopState, secret: string, apiVersion: string, event: WebhookEvent): SignedWebhook {
  return {
    topic: event.topic,
    body: new TextEncoder().encode(event.body),
    headers: {
      'content-type': 'application/json',
      'x-shopify-topic': event.topic,
      'x-shopify-hmac-sha256': createHmac('sha256', secret).update(event.body).digest('base64'),
      'x-shopify-shop-domain': state.domain,
      'x-shopify-api-version': apiVersion,
      'x-shopify-webhook-id': event.id,
      'x-shopify-triggered-at': event.triggeredAt,
    },
  };
}

function webhookBody(state: ShopState, topic: string, order: OrderState): Record<string, unknown> {
  const admin = { admin_graphql_api_id: `gid://shopify/Order/${order.id}` };
  if (topic === 'orders/edited') return { order_edit: { id: order.id * 10 + 2, order_id: order.id } };
  if (topic.startsWith('returns/')) return { id: order.id * 10 + 3, order: { id: order.id, ...admin } };
  if (!topic.startsWith('orders/')) return { id: order.id * 10 + 1, order_id: order.id };
  return {
    id: order.id,
    ...admin,
    name: order.name,
    created_at: order.createdAt,
    updated_at: order.updatedAt,
    cancelled_at: order.cancelledAt,
    financial_status: order.financialStatus?.toLowerCase() ?? null,
    currency: state.currency,
    total_price: shopifyDecimal(orderAmounts(order, state.taxesIncluded, 'current').total, state.currency),
  };
}

function shuffled<T>(values: readonly T[], random: () => number): T[] {
  const left = [...values];
  const taken: T[] = [];
  while (left.length > 0) taken.push(...left.splice(Math.floor(random() * left.length), 1));
  return taken;
}
