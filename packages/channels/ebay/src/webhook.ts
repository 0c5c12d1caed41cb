import { epochMs, instantSchema, isFault, type Clock, type ConnectionId, type SubjectId, type WebhookVerdict } from '@quartermaster/domain';
import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { subjectOfBuyer } from './buyer.ts';
import type { EbayClient } from './client.ts';
import { accountDeletionSchema, notificationSchema, publicKeySchema } from './wire-application.ts';

/** eBay recommends to keep a public key for an hour, and not to ask for it with each notification (Notification API 1.6, getPublicKey). */
const keyLifeMs = 3_600_000;

/** Keys that eBay did not know, per hour: whoever sends us made-up key ids must not use up our quota. */
const strangeKeysPerHour = 20;

/** Topics that matter here. Orders change without a notification: polling finds that. */
export const topics = { order: 'ORDER_CONFIRMATION', deletion: 'MARKETPLACE_ACCOUNT_DELETION' } as const;

/**
 * The answer that eBay wants of an endpoint before it sends notifications there (GET with `challenge_code`): to be sent as `{"challengeResponse": "…"}`. `endpoint` is the address exactly as
 * it was registered.
 */
export function ebayChallengeResponse(given: {
  readonly challengeCode: string;
  readonly verificationToken: string;
  readonly endpoint: string;
}): string {
  return createHash('sha256').update(given.challengeCode).update(given.verificationToken).update(given.endpoint).digest('hex');
}

/**
 * Whose personal data eBay wants erased by this notification, by all names that we may know the person by; none of a notification about anything else. To be asked of a genuine one only.
 */
export function ebayErasure(rawBody: Uint8Array, connection: ConnectionId): readonly SubjectId[] {
  const parsed = notificationSchema.safeParse(jsonOf(rawBody));
  if (!parsed.success || parsed.data.metadata.topic !== topics.deletion) return [];
  const person = accountDeletionSchema.safeParse(parsed.data.notification.data);
  if (!person.success) return [];
  const names = [person.data.username, person.data.userId].filter((name) => name !== undefined && name !== null && name !== '');
  return [...new Set(names.flatMap((name) => (name == null ? [] : [subjectOfBuyer(connection, name)])))];
}

type HeldKey = { readonly key: KeyObject; readonly digest: 'sha1' | 'sha256'; readonly until: number };

/**
 * Checks notifications: the header names a public key of eBay's, and holds an ECDSA signature of the body's bytes. Keys are fetched once an hour. Throws where eBay cannot be asked for the
 * key: then the notification is to be answered with an error, and comes again.
 */
export function webhookVerifying(client: EbayClient, clock: Clock, connection: ConnectionId) {
  const keys = new Map<string, HeldKey>();
  const asking = new Map<string, Promise<HeldKey | null>>();
  let strange: number[] = [];

  return async function verifyWebhook(rawBody: Uint8Array, headers: Readonly<Record<string, string>>): Promise<WebhookVerdict> {
    const header = headers['x-ebay-signature'];
    if (header === undefined) return { kind: 'rejected', reason: 'no signature' };
    const claim = signatureSchema.safeParse(jsonOf(Buffer.from(header, 'base64')));
    if (!claim.success) return { kind: 'rejected', reason: 'the signature is not of the expected form' };
    const held = await keyOf(claim.data.kid);
    if (held === null) return { kind: 'rejected', reason: 'eBay does not know the key of the signature' };
    const genuine = verify(held.digest, rawBody, { key: held.key, dsaEncoding: 'der' }, Buffer.from(claim.data.signature, 'base64'));
    if (!genuine) return { kind: 'rejected', reason: 'the signature does not fit the body' };
    return verdictOf(rawBody, connection);
  };

  async function keyOf(kid: string): Promise<HeldKey | null> {
    const now = epochMs(clock.now());
    const held = keys.get(kid);
    if (held !== undefined && now < held.until) return held;
    strange = strange.filter((at) => at > now - keyLifeMs);
    if (strange.length >= strangeKeysPerHour && held === undefined) return null;
    const asked = asking.get(kid) ?? fetchKey(kid).finally(() => asking.delete(kid));
    asking.set(kid, asked);
    const found = await asked;
    if (found === null) strange.push(now);
    else keys.set(kid, found);
    return found;
  }

  async function fetchKey(kid: string): Promise<HeldKey | null> {
    try {
      const reply = await client.call({
        operation: 'webhooks.key',
        api: 'notification',
        method: 'GET',
        path: `/commerce/notification/v1/public_key/${encodeURIComponent(kid)}`,
        schema: publicKeySchema,
        kind: 'read',
        as: 'application',
      });
      return heldKey(reply.data, epochMs(clock.now()) + keyLifeMs);
    } catch (error) {
      if (isFault(error) && (error.code === 'not-found' || error.code === 'invalid-request')) return null;
      throw error;
    }
  }
}

const signatureSchema = z.object({ kid: z.string().regex(/^[\w-]{1,64}$/), signature: z.string().min(1) });

/** eBay writes the key as PEM without line breaks. Only keys on elliptic curves are taken, and only the digests that eBay uses. */
function heldKey(wire: z.infer<typeof publicKeySchema>, until: number): HeldKey | null {
  const der = wire.key.replaceAll(/-----(BEGIN|END) PUBLIC KEY-----|\s/g, '');
  const digest = { SHA1: 'sha1', SHA256: 'sha256' }[wire.digest.toUpperCase().replaceAll('-', '')];
  if (digest !== 'sha1' && digest !== 'sha256') return null;
  try {
    const key = createPublicKey({ key: Buffer.from(der, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ec' ? { key, digest, until } : null;
  } catch {
    return null;
  }
}

function verdictOf(rawBody: Uint8Array, connection: ConnectionId): WebhookVerdict {
  const parsed = notificationSchema.safeParse(jsonOf(rawBody));
  if (!parsed.success) return { kind: 'rejected', reason: 'no topic or no notification id' };
  const { metadata, notification } = parsed.data;
  const triggeredAt = instantSchema.safeParse(notification.eventDate);
  const erase = ebayErasure(rawBody, connection);
  return {
    kind: 'genuine',
    deliveryId: notification.notificationId,
    topic: metadata.topic,
    orderId: orderIdIn(notification.data),
    triggeredAt: triggeredAt.success ? triggeredAt.data : null,
    ...(erase.length === 0 ? {} : { erase }),
  };
}

/** Topics keep the order's id at the top of their data, or in an order or a line of it. */
const orderDataSchema = z.object({
  orderId: z.string().min(1).optional(),
  order: z.object({ orderId: z.string().min(1).optional() }).optional(),
  orderLineItem: z.object({ orderId: z.string().min(1).optional() }).optional(),
});

function orderIdIn(data: unknown): string | null {
  const parsed = orderDataSchema.safeParse(data);
  if (!parsed.success) return null;
  return parsed.data.orderId ?? parsed.data.order?.orderId ?? parsed.data.orderLineItem?.orderId ?? null;
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
