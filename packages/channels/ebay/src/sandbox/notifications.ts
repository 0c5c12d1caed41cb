import { seededRandom } from '@quartermaster/connector-kit/sandbox';
import { createHash, sign } from 'node:crypto';
import { z } from 'zod';
import { bodyOf, EbayRefusal, type Answer, type Asked } from './answers.ts';
import { nextNumber, type DestinationState, type EbayState, type NotificationState, type SubscriptionState } from './state.ts';

/** What an address answers to eBay's challenge; null where nobody is there. */
export type Endpoint = (url: string) => Promise<string | null>;

/** A notification as it goes over the wire: hand body and headers to `verifyWebhook`, or post them. Header names are lower case. */
export type SignedNotification = { readonly topic: string; readonly body: Uint8Array; readonly headers: Readonly<Record<string, string>> };

/** How badly deliveries behave: eBay promises neither order nor uniqueness. */
export type NotificationDelivery = { readonly duplicate?: boolean; readonly reorder?: boolean; readonly seed?: number };

const topicsOf = { ORDER_CONFIRMATION: 'seller', MARKETPLACE_ACCOUNT_DELETION: 'application', ITEM_MARKED_SHIPPED: 'seller' } as const;

/** The Notification API, as far as it is needed: config, destinations with their challenge, subscriptions, topics, public keys. */
export async function notificationApi(state: EbayState, asked: Asked, endpoint: Endpoint): Promise<Answer> {
  const [kind = '', id, action] = asked.path.replace('/commerce/notification/v1/', '').split('/');
  switch (`${asked.method} ${kind}`) {
    case 'GET public_key':
      return publicKey(state, id ?? '');
    case 'GET config':
      if (state.alertEmail === null) throw refused(404, 195_026, 'Configuration Not Found.');
      return { status: 200, body: { alertEmail: state.alertEmail } };
    case 'PUT config':
      state.alertEmail = bodyOf(asked, z.strictObject({ alertEmail: z.email() }), refused(400, 195_002, 'Invalid alert email')).alertEmail;
      return { status: 204 };
    case 'GET destination':
      return {
        status: 200,
        body: { total: state.destinations.size, limit: 100, destinations: [...state.destinations.values()].map(destinationView) },
      };
    case 'POST destination':
      return createDestination(state, asked, endpoint);
    case 'PUT destination':
      return updateDestination(state, asked, endpoint, id ?? '');
    case 'GET subscription': {
      const own = [...state.subscriptions.values()].filter(({ owner }) => owner === asked.as);
      return { status: 200, body: { total: own.length, limit: 100, subscriptions: own.map(subscriptionView) } };
    }
    case 'POST subscription':
      return action === 'enable' ? enable(state, asked, id ?? '') : subscribe(state, asked);
    case 'GET topic':
      return topic(id ?? '');
    default:
      throw refused(404, 2_002, 'Resource not found');
  }
}

/** Takes all notifications that are due, signed. `publishAttemptCount` tells a repetition; its id is the same. */
export function takeNotifications(state: EbayState, given: NotificationDelivery): SignedNotification[] {
  const random = seededRandom(given.seed ?? 1);
  const due = state.notifications.splice(0);
  const deliveries = due.flatMap((one) =>
    given.duplicate === true && random() < 0.6
      ? [
          { one, attempt: 1 },
          { one, attempt: 2 },
        ]
      : [{ one, attempt: 1 }],
  );
  const ordered = given.reorder === true ? shuffled(deliveries, random) : deliveries;
  return ordered.map(({ one, attempt }) => signed(state, one, attempt));
}

function signed(state: EbayState, given: NotificationState, attempt: number): SignedNotification {
  const body = JSON.stringify({
    metadata: { topic: given.topic, schemaVersion: '1.0', deprecated: false },
    notification: {
      notificationId: given.id,
      eventDate: given.at,
      publishDate: given.at,
      publishAttemptCount: attempt,
      data: given.data,
    },
  });
  const { id, privateKey } = state.notificationKey;
  const signature = sign('sha1', Buffer.from(body), { key: privateKey, dsaEncoding: 'der' }).toString('base64');
  const header = Buffer.from(JSON.stringify({ alg: 'ecdsa', kid: id, signature, digest: 'SHA1' })).toString('base64');
  return {
    topic: given.topic,
    body: new TextEncoder().encode(body),
    headers: { 'content-type': 'application/json', 'x-ebay-signature': header },
  };
}

function publicKey(state: EbayState, id: string): Answer {
  if (id !== state.notificationKey.id) throw refused(404, 195_001, 'The specified key id is invalid.');
  const pem = state.notificationKey.publicKey.export({ format: 'pem', type: 'spki' }).toString().replaceAll('\n', '');
  return { status: 200, body: { algorithm: 'ECDSA', digest: 'SHA1', key: pem } };
}

const destinationSchema = z.strictObject({
  name: z.string(),
  status: z.enum(['ENABLED', 'DISABLED']),
  deliveryConfig: z.strictObject({ endpoint: z.string(), verificationToken: z.string() }),
});

async function createDestination(state: EbayState, asked: Asked, endpoint: Endpoint): Promise<Answer> {
  const { name, status, deliveryConfig } = await checked(asked, endpoint, state);
  if ([...state.destinations.values()].some((one) => one.endpoint === deliveryConfig.endpoint))
    throw refused(409, 195_021, 'Destination exists for this endpoint');
  const id = `destination-${nextNumber(state, 'destination')}`;
  state.destinations.set(id, { id, name, endpoint: deliveryConfig.endpoint, status });
  return { status: 201, body: {}, location: `https://${asked.host}${asked.path}/${id}` };
}

async function updateDestination(state: EbayState, asked: Asked, endpoint: Endpoint, id: string): Promise<Answer> {
  const found = state.destinations.get(id);
  if (found === undefined) throw refused(404, 195_022, 'The destination id does not exist.');
  const { name, status, deliveryConfig } = await checked(asked, endpoint, state);
  Object.assign(found, { name, status, endpoint: deliveryConfig.endpoint });
  return { status: 204 };
}

/** An endpoint is tried before it is taken: it must answer the hash of challenge, token and address. */
async function checked(asked: Asked, endpoint: Endpoint, state: EbayState) {
  const body = bodyOf(asked, destinationSchema, refused(400, 195_017, 'Invalid or missing endpoint.'));
  if (state.alertEmail === null) throw refused(409, 195_003, 'Please provide configurations required for notifications. Refer to /config');
  const { endpoint: address, verificationToken } = body.deliveryConfig;
  if (body.name.length > 64) throw refused(400, 195_016, 'Invalid name. Markups or lengths greater than 64 not supported');
  if (!/^https:\/\/(?!localhost|127\.|10\.|192\.168\.)/.test(address)) throw refused(400, 195_017, 'Invalid or missing endpoint.');
  if (!/^[\w-]{32,80}$/.test(verificationToken)) throw refused(400, 195_019, 'Invalid or missing verification token for this endpoint.');
  const challenge = `challenge-${nextNumber(state, 'challenge')}`;
  const url = new URL(address);
  url.searchParams.set('challenge_code', challenge);
  const expected = createHash('sha256').update(challenge).update(verificationToken).update(address).digest('hex');
  if ((await endpoint(url.href)) !== expected) throw refused(409, 195_020, 'Challenge verification failed for requested endpoint');
  return body;
}

const subscriptionSchema = z.strictObject({
  topicId: z.string(),
  status: z.enum(['ENABLED', 'DISABLED']),
  destinationId: z.string(),
  payload: z.strictObject({ format: z.literal('JSON'), deliveryProtocol: z.literal('HTTPS'), schemaVersion: z.literal('1.0') }),
});

function subscribe(state: EbayState, asked: Asked): Answer {
  const body = bodyOf(asked, subscriptionSchema, refused(400, 195_008, 'Invalid or missing schema version.'));
  const owner = ownerOf(body.topicId);
  if (owner === null) throw refused(400, 195_027, 'Invalid or missing topic id.');
  if (owner !== asked.as) throw refused(403, 195_011, 'Not authorized for this topic.');
  const destination = state.destinations.get(body.destinationId);
  if (destination === undefined) throw refused(400, 195_007, 'Invalid or missing destination id.');
  if (destination.status !== 'ENABLED')
    throw refused(409, 195_015, 'The subscription cannot be enabled since the destination is not enabled.');
  if ([...state.subscriptions.values()].some((one) => one.topic === body.topicId))
    throw refused(409, 195_012, 'Subscription already exists');
  const id = `subscription-${nextNumber(state, 'subscription')}`;
  state.subscriptions.set(id, { id, topic: body.topicId, destinationId: body.destinationId, owner, status: body.status });
  return { status: 201, body: {}, location: `https://${asked.host}${asked.path}/${id}` };
}

function enable(state: EbayState, asked: Asked, id: string): Answer {
  const found = state.subscriptions.get(id);
  if (found === undefined || found.owner !== asked.as) throw refused(404, 195_013, 'The subscription id does not exist.');
  if (state.destinations.get(found.destinationId)?.status !== 'ENABLED')
    throw refused(409, 195_015, 'The subscription cannot be enabled since the destination is not enabled.');
  found.status = 'ENABLED';
  return { status: 204 };
}

function topic(id: string): Answer {
  if (ownerOf(id) === null) throw refused(404, 195_023, 'The topic id does not exist.');
  const payload = (schemaVersion: string, deprecated: boolean) => ({
    format: ['JSON'],
    deliveryProtocol: 'HTTPS',
    schemaVersion,
    deprecated,
  });
  return { status: 200, body: { topicId: id, status: 'ENABLED', supportedPayloads: [payload('0.9', true), payload('1.0', false)] } };
}

function ownerOf(id: string): SubscriptionState['owner'] | null {
  return Object.entries(topicsOf).find(([name]) => name === id)?.[1] ?? null;
}

function destinationView({ id, name, endpoint, status }: DestinationState) {
  return { destinationId: id, name, status, deliveryConfig: { endpoint } };
}

function subscriptionView({ id, topic: topicId, destinationId, status }: SubscriptionState) {
  return { subscriptionId: id, topicId, destinationId, status };
}

function refused(status: number, errorId: number, message: string): EbayRefusal {
  return new EbayRefusal(status, errorId, message, 'API_NOTIFICATION');
}

function shuffled<T>(values: readonly T[], random: () => number): T[] {
  const left = [...values];
  const taken: T[] = [];
  while (left.length > 0) taken.push(...left.splice(Math.floor(random() * left.length), 1));
  return taken;
}
