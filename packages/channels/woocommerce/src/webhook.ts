import { fingerprint, signedWithHmac } from '@quartermaster/connector-kit';
import type { WebhookVerdict } from '@quartermaster/domain';
import { z } from 'zod';

const bodySchema = z.object({ id: z.number().int() });

/**
 * Checks a webhook: HMAC-SHA256 of the body's bytes, base64. When a webhook is made the shop tries the address with an unsigned form that holds `webhook_id` alone: that is a `ping`.
 *
 * The shop's delivery id is a hash of the webhook and the second, so two orders of one second share it; with a fingerprint of the body two deliveries have two ids.
 */
export function verifyWebhook(rawBody: Uint8Array, headers: Readonly<Record<string, string>>, secrets: readonly string[]): WebhookVerdict {
  const text = new TextDecoder().decode(rawBody);
  const signature = headers['x-wc-webhook-signature'];
  if (signature === undefined) return /^webhook_id=\d+$/.test(text) ? { kind: 'ping' } : { kind: 'rejected', reason: 'no signature' };
  if (!signedWithHmac({ rawBody, secrets, claimed: signature, encoding: 'base64' }))
    return { kind: 'rejected', reason: 'the signature does not fit the body' };
  const topic = headers['x-wc-webhook-topic'];
  const deliveryId = headers['x-wc-webhook-delivery-id'];
  if (topic === undefined || deliveryId === undefined) return { kind: 'rejected', reason: 'no topic or no delivery id' };
  const order = topic.startsWith('order.') ? bodySchema.safeParse(jsonOf(text)) : null;
  return {
    kind: 'genuine',
    deliveryId: `${deliveryId}-${fingerprint(text).slice(0, 16)}`,
    topic,
    orderId: order?.success === true ? String(order.data.id) : null,
    triggeredAt: null,
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
