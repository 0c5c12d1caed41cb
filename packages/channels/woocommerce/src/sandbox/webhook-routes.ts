import { invalidParameter, oneOf, paged, RestError, textIn, withFields, type Answer, type Asked } from './answers.ts';
import { times } from './order-views.ts';
import { nextId, nowSeconds, type ShopState, type WebhookState } from './state.ts';

const statuses = ['active', 'paused', 'disabled'];

export function listWebhooks(state: ShopState, asked: Asked): Answer {
  const status = oneOf(asked.query, 'status', ['all', ...statuses], 'all');
  const direction = oneOf(asked.query, 'order', ['asc', 'desc'], 'desc') === 'asc' ? 1 : -1;
  const found = [...state.webhooks.values()].filter((webhook) => status === 'all' || webhook.status === status);
  return paged(
    asked,
    found.toSorted((a, b) => (a.id - b.id) * direction),
    (webhook) => webhookView(state, webhook),
  );
}

/** `POST webhooks`: the address is tried at once, unsigned; what it answers changes nothing. The secret is never shown again. */
export function addWebhook(state: ShopState, asked: Asked): Answer {
  const { name, topic, delivery_url: url, secret, status = 'active' } = asked.body;
  const missing = [topic === undefined ? 'topic' : '', url === undefined ? 'delivery_url' : ''].filter((part) => part !== '');
  if (missing.length > 0) throw new RestError(400, 'rest_missing_callback_param', `Missing parameter(s): ${missing.join(', ')}`);
  if (typeof topic !== 'string' || !/^(order|product|customer|coupon)\.(created|updated|deleted|restored)$/.test(topic))
    throw new RestError(400, 'woocommerce_rest_shop_webhook_invalid_topic', 'Webhook topic must be valid.');
  if (typeof url !== 'string' || !/^https?:\/\//.test(url))
    throw new RestError(
      400,
      'woocommerce_rest_shop_webhook_invalid_delivery_url',
      'Webhook delivery URL must be a valid URL starting with http:// or https://.',
    );
  const made: WebhookState = {
    id: nextId(state, 'webhook'),
    name: textIn(name),
    topic,
    deliveryUrl: url,
    secret: textIn(secret),
    status: statusIn(status),
    failures: 0,
    createdAt: nowSeconds(state),
  };
  state.webhooks.set(made.id, made);
  state.pings.push(made.id);
  return { status: 201, body: withFields(asked, webhookView(state, made)) };
}

/** `PUT webhooks/{id}`: one that is turned on again keeps its count of failures. */
export function changeWebhook(state: ShopState, asked: Asked, id: number): Answer {
  const webhook = webhookOf(state, id);
  const { status, secret, delivery_url: url } = asked.body;
  if (status !== undefined) webhook.status = statusIn(status);
  if (typeof secret === 'string') webhook.secret = secret;
  if (typeof url === 'string') webhook.deliveryUrl = url;
  return { status: 200, body: withFields(asked, webhookView(state, webhook)) };
}

export function removeWebhook(state: ShopState, asked: Asked, id: number): Answer {
  if (asked.query.get('force') !== 'true')
    throw new RestError(501, 'woocommerce_rest_trash_not_supported', 'Webhooks do not support trashing.');
  const webhook = webhookOf(state, id);
  state.webhooks.delete(id);
  return { status: 200, body: withFields(asked, webhookView(state, webhook)) };
}

export function readWebhook(state: ShopState, asked: Asked, id: number): Answer {
  return { status: 200, body: withFields(asked, webhookView(state, webhookOf(state, id))) };
}

function statusIn(status: unknown): string {
  if (typeof status !== 'string' || !statuses.includes(status))
    throw invalidParameter('status', `status is not one of ${statuses.join(', ')}.`);
  return status;
}

function webhookOf(state: ShopState, id: number): WebhookState {
  const webhook = state.webhooks.get(id);
  if (webhook === undefined) throw new RestError(404, 'woocommerce_rest_shop_webhook_invalid_id', 'Invalid ID.');
  return webhook;
}

function webhookView(state: ShopState, { id, name, topic, status, deliveryUrl, createdAt }: WebhookState): object {
  const [resource, event] = topic.split('.');
  return {
    id,
    name,
    status,
    topic,
    resource,
    event,
    hooks: [],
    delivery_url: deliveryUrl,
    ...times(state, 'date_created', createdAt),
    ...times(state, 'date_modified', null),
  };
}
