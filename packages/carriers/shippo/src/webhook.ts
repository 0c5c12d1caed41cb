import { signedWithHmac } from '@quartermaster/connector-kit';
import { epochMs, type CarrierWebhookVerdict, type Instant } from '@quartermaster/domain';
import { createHash } from 'node:crypto';
import { webhookAgeMs } from './limits.ts';
import { answerOf } from './tracking.ts';
import { wireTrackSchema, wireWebhookSchema } from './wire.ts';

/**
 * Checks a Shippo webhook by its raw body: header `Shippo-Auth-Signature: t=<seconds since 1970>,v1=<hex>`, HMAC-SHA256 over the time, a dot and the body, with the secret that Shippo hands out on
 * request (its webhook security, 2026-11). Header names are in lower case. `track_updated` is genuine; what is about purchases and batches is a `ping`. A webhook has no id; copies of one have the
 * same body, so that is what a delivery is known by.
 */
export function verifyShippoWebhook(
  rawBody: Uint8Array,
  headers: Readonly<Record<string, string>>,
  given: { readonly secret: string; readonly now: Instant },
): CarrierWebhookVerdict {
  const header = headers['shippo-auth-signature'];
  if (header === undefined) return rejected('it carries no Shippo-Auth-Signature');
  const parts = header.split(',').map((part) => part.trim());
  const seconds = parts.map((part) => /^t=(\d{9,11})$/.exec(part)?.[1]).find((text) => text !== undefined);
  const claims = parts.flatMap((part) => /^v1=([0-9a-f]{64})$/.exec(part)?.[1] ?? []);
  if (seconds === undefined || claims.length === 0) return rejected('its signature is not of the form that Shippo writes');
  const ageMs = epochMs(given.now) - Number(seconds) * 1_000;
  if (ageMs > webhookAgeMs.before || ageMs < -webhookAgeMs.ahead) return rejected('its time is too far off');
  const signed = Buffer.concat([Buffer.from(`${seconds}.`), rawBody]);
  if (!claims.some((claimed) => signedWithHmac({ rawBody: signed, secrets: [given.secret], claimed, encoding: 'hex' })))
    return rejected('its signature does not fit its body and our secret');
  return verdictOf(rawBody);
}

function verdictOf(rawBody: Uint8Array): CarrierWebhookVerdict {
  const webhook = wireWebhookSchema.safeParse(parsed(rawBody));
  if (!webhook.success) return rejected('it is signed, but it is no webhook of Shippo');
  if (webhook.data.event !== 'track_updated') return { kind: 'ping' };
  const track = wireTrackSchema.safeParse(webhook.data.data);
  if (!track.success) return rejected('it is signed, but it tells of no parcel');
  return { kind: 'genuine', deliveryId: createHash('sha256').update(rawBody).digest('base64url'), tracking: [answerOf(track.data)] };
}

function parsed(rawBody: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(rawBody).toString('utf8'));
  } catch {
    return undefined;
  }
}

function rejected(reason: string): CarrierWebhookVerdict {
  return { kind: 'rejected', reason };
}
