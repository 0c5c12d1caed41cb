import type { WebhookVerdict } from '@quartermaster/domain';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { wireEventSchema } from './wire.ts';

const prefix = 'hmac-sha256-hex=';

/**
 * Checks an EasyPost webhook by its raw body: header `X-Hmac-Signature`, HMAC-SHA256 with the secret in Unicode form NFKD. The body must be the very bytes that came: written
 * anew it loses floats such as `1.0`. Header names are in lower case. `topic` is EasyPost's description, such as `tracker.updated`.
 */
export function verifyEasyPostWebhook(rawBody: Uint8Array, headers: Readonly<Record<string, string>>, secret: string): WebhookVerdict {
  const signature = headers['x-hmac-signature'];
  if (signature === undefined) return rejected('it carries no X-Hmac-Signature');
  const expected = `${prefix}${createHmac('sha256', secret.normalize('NFKD')).update(rawBody).digest('hex')}`;
  if (!sameText(signature, expected)) return rejected('its signature does not fit its body and our secret');
  const event = wireEventSchema.safeParse(parsed(Buffer.from(rawBody).toString('utf8')));
  if (!event.success) return rejected('it is signed, but it is no event of EasyPost');
  return {
    kind: 'genuine',
    deliveryId: event.data.id,
    topic: event.data.description,
    orderId: null,
    triggeredAt: event.data.created_at ?? null,
  };
}

function sameText(given: string, expected: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function rejected(reason: string): WebhookVerdict {
  return { kind: 'rejected', reason };
}
