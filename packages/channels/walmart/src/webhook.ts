import { fingerprint, signedWithHmac } from '@quartermaster/connector-kit';
import { instantSchema, type WebhookVerdict } from '@quartermaster/domain';
import { notificationSchema } from './wire-webhooks.ts';

/** Header that the HMAC comes in, unless named otherwise at subscribing: the subscriber chooses it. */
export const defaultSignatureHeader = 'x-walmart-signature';

/**
 * Checks notifications: HMAC-SHA256 of the whole body under the secret that was given at subscribing (Notifications API, `authMethod: HMAC`). Whether it is written in base64 or in
 * hexadecimal Walmart does not say, so both are taken.
 */
export function webhookVerifying(given: { readonly secrets: readonly string[]; readonly header: string }) {
  return function verifyWebhook(rawBody: Uint8Array, headers: Readonly<Record<string, string>>): Promise<WebhookVerdict> {
    return Promise.resolve(verdictOf(rawBody, headers));
  };

  function verdictOf(rawBody: Uint8Array, headers: Readonly<Record<string, string>>): WebhookVerdict {
    const claimed = headers[given.header.toLowerCase()];
    if (given.secrets.length === 0) return { kind: 'rejected', reason: 'there is no webhook secret' };
    if (claimed === undefined || claimed === '') return { kind: 'rejected', reason: 'no signature' };
    const { secrets } = given;
    const genuine = (['base64', 'hex'] as const).some((encoding) => signedWithHmac({ rawBody, secrets, claimed, encoding }));
    if (!genuine) return { kind: 'rejected', reason: 'the signature does not fit the body' };
    const parsed = notificationSchema.safeParse(jsonOf(rawBody));
    if (!parsed.success) return { kind: 'rejected', reason: 'no event type' };
    const { source, payload } = parsed.data;
    const triggeredAt = instantSchema.safeParse(source.eventTime);
    return {
      kind: 'genuine',
      deliveryId: source.eventId ?? fingerprint(new TextDecoder().decode(rawBody)),
      topic: source.eventType,
      orderId: orderIdIn(payload, 0),
      triggeredAt: triggeredAt.success ? triggeredAt.data : null,
    };
  }
}

/** Deeper than this no notification keeps its order. */
const deepest = 5;

/** The purchase order of a notification: where in the payload its id stands differs by event, and Walmart publishes it behind its sign-in only. */
function orderIdIn(value: unknown, depth: number): string | null {
  if (typeof value !== 'object' || value === null || depth > deepest) return null;
  for (const [name, one] of Object.entries(value))
    if (name === 'purchaseOrderId' && (typeof one === 'string' || typeof one === 'number') && String(one) !== '') return String(one);
  for (const one of Object.values(value)) {
    const found = orderIdIn(one, depth + 1);
    if (found !== null) return found;
  }
  return null;
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
