import { seededRandom } from '@quartermaster/connector-kit/sandbox';
import { createHash, createHmac } from 'node:crypto';
import { orderView } from './order-views.ts';
import { nowSeconds, type OrderState, type ShopState, type WebhookState } from './state.ts';

/** A webhook as it goes over the wire. Header names are lower case. */
export type SandboxDelivery = {
  readonly topic: string;
  readonly url: string;
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
};

/** How badly deliveries behave. */
export type DeliveryOptions = { readonly duplicate?: boolean; readonly reorder?: boolean; readonly seed?: number };

/** Failed deliveries in a row that a webhook bears; the next one turns it off. */
const mostFailures = 6;

/** Writes down that an order's webhooks are due: one delivery for each webhook, however often the order changes before the shop's scheduler runs. */
export function announce(state: ShopState, topic: string, order: OrderState): void {
  for (const { id, topic: wanted, status } of state.webhooks.values())
    if (wanted === topic && status === 'active') state.pending.set(`${id}/${order.id}`, { webhook: id, order: order.id });
}

/** Lets the scheduler run: all deliveries that are due, with the orders as they are now, and the unsigned pings of new webhooks. */
export function takeDeliveries(state: ShopState, given: DeliveryOptions): SandboxDelivery[] {
  const random = seededRandom(given.seed ?? 1);
  const pings = state.pings.splice(0).flatMap((id) => pingOf(state.webhooks.get(id)));
  const due = [...state.pending.values()].flatMap((one) => {
    const [webhook, order] = [state.webhooks.get(one.webhook), state.orders.get(one.order)];
    return webhook === undefined || webhook.status !== 'active' ? [] : [deliveryOf(state, webhook, one.order, order)];
  });
  state.pending.clear();
  const all = [...pings, ...due].flatMap((one) => (given.duplicate === true && random() < 0.5 ? [one, one] : [one]));
  return given.reorder === true ? shuffled(all, random) : all;
}

/** One delivery to each active webhook fails; the seventh in a row turns it off, and nobody is told. */
export function failDeliveries(state: ShopState): void {
  for (const webhook of state.webhooks.values()) {
    if (webhook.status !== 'active') continue;
    if (webhook.failures >= mostFailures) webhook.status = 'disabled';
    else webhook.failures++;
  }
}

function deliveryOf(state: ShopState, webhook: WebhookState, orderId: number, order: OrderState | undefined): SandboxDelivery {
  const isGone = order === undefined || webhook.topic === 'order.deleted';
  const text = JSON.stringify(isGone ? { id: orderId } : orderView(state, order, state.decimals));
  const [resource = '', event = ''] = webhook.topic.split('.');
  return {
    topic: webhook.topic,
    url: webhook.deliveryUrl,
    body: new TextEncoder().encode(text),
    headers: {
      'content-type': 'application/json',
      'x-wc-webhook-source': `${state.origin}/`,
      'x-wc-webhook-topic': webhook.topic,
      'x-wc-webhook-resource': resource,
      'x-wc-webhook-event': event,
      'x-wc-webhook-signature': createHmac('sha256', webhook.secret).update(text).digest('base64'),
      'x-wc-webhook-id': String(webhook.id),
      // Of the webhook and the second: two orders of one second have the same.
      'x-wc-webhook-delivery-id': createHash('md5')
        .update(`${webhook.id}${nowSeconds(state)}`)
        .digest('hex'),
    },
  };
}

function pingOf(webhook: WebhookState | undefined): SandboxDelivery[] {
  if (webhook === undefined) return [];
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return [{ topic: webhook.topic, url: webhook.deliveryUrl, body: new TextEncoder().encode(`webhook_id=${webhook.id}`), headers }];
}

function shuffled<T>(values: readonly T[], random: () => number): T[] {
  const left = [...values];
  const taken: T[] = [];
  while (left.length > 0) taken.push(...left.splice(Math.floor(random() * left.length), 1));
  return taken;
}
