import { signedWithHmac } from '@quartermaster/connector-kit';
import { instantSchema, type WebhookVerdict } from '@quartermaster/domain';
import { z } from 'zod';
import { fromGid } from './identifiers.ts';

/**
 * Checks a webhook: HMAC-SHA256 of the body's bytes, base64, compared in constant time. One secret serves an app in all its shops, so the shop that is named must be ours as well.
 * During a change of secrets any of those given may have signed.
 */
export function verifyWebhook(
  rawBody: Uint8Array,
  headers: Readonly<Record<string, string>>,
  expected: { readonly secrets: readonly string[]; readonly domain: string },
): WebhookVerdict {
  const signature = headers['x-shopify-hmac-sha256'];
  if (signature === undefined) return { kind: 'rejected', reason: 'no signature' };
  const genuine = signedWithHmac({ rawBody, secrets: expected.secrets, claimed: signature, encoding: 'base64' });
  if (!genuine) return { kind: 'rejected', reason: 'the signature does not fit the body' };
  const domain = headers['x-shopify-shop-domain'];
  if (domain !== undefined && domain.toLowerCase() !== expected.domain)
    return { kind: 'rejected', reason: 'the webhook is of another shop' };
  const topic = headers['x-shopify-topic'];
  const deliveryId = headers['x-shopify-webhook-id'];
  if (topic === undefined || deliveryId === undefined) return { kind: 'rejected', reason: 'no topic or no webhook id' };
  const triggeredAt = instantSchema.safeParse(headers['x-shopify-triggered-at']?.replace(/(\.\d{3})\d+/, '$1'));
  return {
    kind: 'genuine',
    deliveryId,
    topic,
    orderId: orderIdIn(topic, rawBody),
    triggeredAt: triggeredAt.success ? triggeredAt.data : null,
  };
}

const idSchema = z.union([z.number().int().transform(String), z.string().min(1).transform(fromGid)]);

/** Where the topics that we know keep the order's id: at the top (`orders/*`), as `order_id` (fulfillments, refunds, risk), or inside (`order_edit`, `order`). */
const bodySchema = z.object({
  id: idSchema.optional(),
  order_id: idSchema.nullish(),
  order_edit: z.object({ order_id: idSchema }).optional(),
  order: z.object({ id: idSchema }).optional(),
});

function orderIdIn(topic: string, rawBody: Uint8Array): string | null {
  const body = bodySchema.safeParse(jsonOf(rawBody));
  if (!body.success) return null;
  const inside = body.data.order_id ?? body.data.order_edit?.order_id ?? body.data.order?.id;
  if (inside !== undefined && inside !== null) return inside;
  return topic.startsWith('orders/') ? (body.data.id ?? null) : null;
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
