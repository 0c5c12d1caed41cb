import { signedWithHmac } from '@quartermaster/connector-kit';
import type { CarrierWebhookVerdict } from '@quartermaster/domain';
import { answerOf } from './tracking.ts';
import { wireEventSchema, wireTrackerSchema } from './wire.ts';

const prefix = 'hmac-sha256-hex=';

/**
 * Checks an EasyPost webhook by its raw body: header `X-Hmac-Signature`, HMAC-SHA256 with the secret in Unicode form NFKD. The body must be the very bytes that came: written
 * anew it loses floats such as `1.0`. Header names are in lower case. An event of a tracker is genuine; events of batches, refunds and the like are a `ping`.
 */
export function verifyEasyPostWebhook(
  rawBody: Uint8Array,
  headers: Readonly<Record<string, string>>,
  secret: string,
): CarrierWebhookVerdict {
  const signature = headers['x-hmac-signature'];
  if (signature === undefined) return rejected('it carries no X-Hmac-Signature');
  const claimed = signature.startsWith(prefix) ? signature.slice(prefix.length) : '';
  if (!/^[0-9a-f]{64}$/.test(claimed) || !signedWithHmac({ rawBody, secrets: [secret.normalize('NFKD')], claimed, encoding: 'hex' }))
    return rejected('its signature does not fit its body and our secret');
  const event = wireEventSchema.safeParse(parsed(Buffer.from(rawBody).toString('utf8')));
  if (!event.success) return rejected('it is signed, but it is no event of EasyPost');
  if (!event.data.description.startsWith('tracker.')) return { kind: 'ping' };
  const tracker = wireTrackerSchema.safeParse(event.data.result);
  if (!tracker.success) return rejected('it is signed, but its tracker cannot be read');
  return { kind: 'genuine', deliveryId: event.data.id, tracking: [answerOf(tracker.data)] };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function rejected(reason: string): CarrierWebhookVerdict {
  return { kind: 'rejected', reason };
}
