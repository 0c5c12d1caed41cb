import { seededRandom } from '@quartermaster/connector-kit/sandbox';
import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { absent, bodyOf, invalid, type Asked } from './answers.ts';
import { nextNumber, type NotificationState, type SubscriptionState, type WalmartState } from './state.ts';

const eventTypes = [
  ['ITEM', 'OFFER_UNPUBLISHED'],
  ['PRICE', 'BUY_BOX_CHANGED'],
  ['ORDER', 'PO_CREATED'],
  ['ORDER', 'PO_LINE_AUTOCANCELLED'],
  ['ORDER', 'ORDER_INTENT_TO_CANCEL'],
  ['RETURNS', 'RETURN_NOTIFICATIONS'],
] as const;

export type NotificationDelivery = { readonly duplicate?: boolean; readonly reorder?: boolean; readonly seed?: number };
export type SignedNotification = { readonly topic: string; readonly body: Uint8Array; readonly headers: Readonly<Record<string, string>> };

const authSchema = z.strictObject({
  authMethod: z.enum(['BASIC_AUTH', 'OAUTH', 'HMAC']),
  userName: z.string().optional(),
  password: z.string().optional(),
  authHeaderName: z.string().min(1),
  authUrl: z.string().optional(),
  clientSecret: z.string().optional(),
  clientId: z.string().optional(),
});
const createSchema = z.strictObject({
  events: z
    .array(
      z.strictObject({
        eventType: z.string(),
        eventVersion: z.literal('V1'),
        resourceName: z.string(),
        eventUrl: z.string().regex(/^https:\/\//),
        authDetails: authSchema,
        headers: z.record(z.string(), z.string()).optional(),
        status: z.enum(['ACTIVE', 'INACTIVE']).optional(),
      }),
    )
    .min(1),
});

export function webhookApi(state: WalmartState, asked: Asked, rest: string) {
  const id = /^subscriptions\/([^/]+)$/.exec(rest)?.[1];
  switch (`${asked.method} ${id === undefined ? rest : 'subscription'}`) {
    case 'GET eventTypes':
      return {
        eventTypes: eventTypes.map(([resourceName, eventType]) => ({
          resourceName,
          eventType,
          eventVersion: 'V1',
          description: eventType,
        })),
      };
    case 'GET subscriptions':
      return { events: [{ event: [...state.subscriptions.values()].map((one) => view(state, one)) }] };
    case 'POST subscriptions':
      return subscribe(state, asked);
    case 'PATCH subscription':
      return update(state, asked, decodeURIComponent(id ?? ''));
    default:
      throw absent('No such resource', 'WEBHOOKS');
  }
}

function subscribe(state: WalmartState, asked: Asked) {
  const { events } = bodyOf(asked, createSchema, 'WEBHOOKS');
  for (const { eventType, resourceName, eventUrl, authDetails } of events) {
    if (!eventTypes.some(([resource, type]) => resource === resourceName && type === eventType))
      throw invalid('Invalid event type', 'WEBHOOKS');
    if (authDetails.authMethod !== 'HMAC' || authDetails.clientSecret === undefined)
      throw invalid('This sandbox signs by HMAC only, which needs a clientSecret', 'WEBHOOKS');
    if ([...state.subscriptions.values()].some((one) => one.eventType === eventType && one.eventUrl === eventUrl))
      throw invalid('A subscription of this event and URL exists', 'WEBHOOKS');
  }
  const made = events.map(({ eventType, resourceName, eventUrl, authDetails, status }): SubscriptionState => {
    const id = `243ba4d0-b322-11ea-b385-${String(nextNumber(state, 'subscription')).padStart(12, '0')}`;
    const { authHeaderName: header, clientSecret: secret = '' } = authDetails;
    return { id, eventType, resourceName, eventUrl, header, secret, status: status ?? 'ACTIVE' };
  });
  for (const one of made) state.subscriptions.set(one.id, one);
  return { event: made.map((one) => view(state, one)) };
}

function update(state: WalmartState, asked: Asked, id: string) {
  const found = state.subscriptions.get(id);
  if (found === undefined) throw absent('No such subscription', 'WEBHOOKS');
  found.status = bodyOf(asked, z.strictObject({ status: z.enum(['ACTIVE', 'INACTIVE']) }), 'WEBHOOKS').status;
  return { event: [view(state, found)] };
}

function view(state: WalmartState, { id, eventType, resourceName, eventUrl, header, secret, status }: SubscriptionState) {
  return {
    eventType,
    subscriptionId: id,
    partnerId: state.partnerId,
    eventVersion: 'V1',
    resourceName,
    eventUrl,
    headers: { 'content-type': 'application/json' },
    authDetails: { authMethod: 'HMAC', authHeaderName: header, clientSecret: secret },
    status,
  };
}

/** Takes all notifications that are due, signed as at subscribing, or by the given secret where nobody subscribed. */
export function takeNotifications(
  state: WalmartState,
  given: NotificationDelivery,
  unsubscribed: { readonly header: string; readonly secret: string },
): SignedNotification[] {
  const random = seededRandom(given.seed ?? 1);
  const due = state.notifications.splice(0);
  const deliveries = due.flatMap((one) => (given.duplicate === true && random() < 0.6 ? [one, one] : [one]));
  const ordered = given.reorder === true ? shuffled(deliveries, random) : deliveries;
  return ordered.map((one) => signed(state, one, unsubscribed));
}

function signed(
  state: WalmartState,
  one: NotificationState,
  unsubscribed: { readonly header: string; readonly secret: string },
): SignedNotification {
  const own = [...state.subscriptions.values()].find(({ eventType, status }) => eventType === one.eventType && status === 'ACTIVE');
  const { header, secret } = own ?? unsubscribed;
  const body = JSON.stringify({
    source: { eventType: one.eventType, eventTime: new Date(one.at).toISOString(), eventId: one.id },
    payload: one.payload,
  });
  return {
    topic: one.eventType,
    body: new TextEncoder().encode(body),
    headers: { 'content-type': 'application/json', [header.toLowerCase()]: createHmac('sha256', secret).update(body).digest('base64') },
  };
}

function shuffled<T>(values: readonly T[], random: () => number): T[] {
  const left = [...values];
  const taken: T[] = [];
  while (left.length > 0) taken.push(...left.splice(Math.floor(random() * left.length), 1));
  return taken;
}
