import { epochMs, type CarrierWebhookVerdict, type Clock } from '@quartermaster/domain';
import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';
import type { Redact, ShipEngineClient } from './client.ts';
import { keySetRestMs, webhookToleranceMs } from './limits.ts';
import { trackingAnswerOf } from './tracking.ts';
import { wireTrackingSchema, wireWebhookSchema } from './wire.ts';

type Verify = (rawBody: Uint8Array, headers: Readonly<Record<string, string>>) => Promise<CarrierWebhookVerdict>;

/**
 * Checks ShipEngine's webhooks: base64 of RSA-SHA256 over the timestamp, a dot and the raw body, by a key of the set that ShipEngine publishes at `/jwks`. The set is read when a key is named that
 * is not known, at most once a minute. Only `API_TRACK` matters to us. A webhook has no id; copies of one have the same body, so that is what a delivery is known by.
 */
export function webhookCheck(given: { readonly client: ShipEngineClient; readonly clock: Clock; readonly redact: Redact }): Verify {
  const { client, clock, redact } = given;
  let keys: ReadonlyMap<string, KeyObject> = new Map();
  let readAt: number | null = null;

  async function keyOf(kid: string): Promise<KeyObject | undefined> {
    const known = keys.get(kid);
    const now = epochMs(clock.now());
    if (known !== undefined || (readAt !== null && now - readAt < keySetRestMs)) return known;
    const set = await client.keySet(redact);
    readAt = now;
    keys = new Map(
      set.flatMap((one): [string, KeyObject][] => {
        const key = readKey(one);
        return key === null ? [] : [[one.kid, key]];
      }),
    );
    return keys.get(kid);
  }

  return async (rawBody, headers) => {
    const kid = headers['x-shipengine-rsa-sha256-key-id'];
    const signature = headers['x-shipengine-rsa-sha256-signature'];
    const timestamp = headers['x-shipengine-timestamp'];
    if (!kid || !signature || !timestamp) return rejected('it carries no signature of ShipEngine');
    const sentAt = momentOf(timestamp);
    if (sentAt === null || Math.abs(epochMs(clock.now()) - sentAt) > webhookToleranceMs) return rejected('its timestamp is too far off');
    const key = await keyOf(kid);
    if (key === undefined) return rejected('it is signed with a key that ShipEngine does not publish');
    const signed = Buffer.concat([Buffer.from(`${timestamp}.`), rawBody]);
    if (!verify('RSA-SHA256', signed, key, Buffer.from(signature, 'base64'))) return rejected('its signature does not fit its body');
    return verdictOf(rawBody);
  };
}

/** A key that cannot be read is none: it must not hide the others. */
function readKey({ kty, n, e }: { readonly kty: string; readonly n: string; readonly e: string }): KeyObject | null {
  try {
    return createPublicKey({ key: { kty, n, e }, format: 'jwk' });
  } catch {
    return null;
  }
}

function verdictOf(rawBody: Uint8Array): CarrierWebhookVerdict {
  const webhook = wireWebhookSchema.safeParse(parsed(rawBody));
  if (!webhook.success) return rejected('it is signed, but it is no webhook of ShipEngine');
  if (webhook.data.resource_type !== 'API_TRACK') return { kind: 'ping' };
  const tracking = wireTrackingSchema.safeParse(webhook.data.data);
  if (!tracking.success) return rejected('it is signed, but it tells of no parcel');
  return {
    kind: 'genuine',
    deliveryId: createHash('sha256').update(rawBody).digest('base64url'),
    tracking: [trackingAnswerOf(tracking.data)],
  };
}

/** ShipEngine writes an ISO time; seconds since 1970 are understood as well. */
function momentOf(timestamp: string): number | null {
  const ms = /^\d{9,11}$/.test(timestamp) ? Number(timestamp) * 1_000 : Date.parse(timestamp);
  return Number.isNaN(ms) ? null : ms;
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
