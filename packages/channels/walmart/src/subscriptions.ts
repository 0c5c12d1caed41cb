import type { WebhookSubscription, WebhookSubscriptions } from '@quartermaster/domain';
import { z } from 'zod';
import { notDone, type WalmartClient } from './client.ts';
import { isNoContent } from './orders.ts';
import { eventTypesSchema, subscriptionsSchema, type WireSubscription } from './wire-webhooks.ts';

/** Events that matter here, of those that Walmart offers the seller. */
export const topics = ['PO_CREATED', 'PO_LINE_AUTOCANCELLED', 'ORDER_INTENT_TO_CANCEL', 'RETURN_NOTIFICATIONS'] as const;

type Topic = { readonly eventType: string; readonly eventVersion: string; readonly resourceName: string };

/** Subscriptions of notifications, signed by HMAC: one for each event and address. Other addresses are left alone. */
export function webhookSubscriptions(
  client: WalmartClient,
  options: { readonly secret: string | null; readonly header: string },
): WebhookSubscriptions {
  async function health(address: string): Promise<readonly WebhookSubscription[]> {
    const [wanted, there] = [await offered(), await readSubscriptions()];
    return wanted.map(({ eventType: topic }) => {
      const own = there.filter((one) => one.eventType === topic && one.eventUrl === address);
      const [found] = own.toSorted((left, right) => Number(isActive(right)) - Number(isActive(left)));
      if (found === undefined) return { id: null, topic, state: 'missing' };
      return { id: found.subscriptionId, topic, state: isActive(found) ? 'active' : 'disabled' };
    });
  }

  async function ensure(address: string) {
    const done: string[] = [];
    const wanted = await offered();
    for (const { id, topic, state } of await health(address)) {
      const event = wanted.find(({ eventType }) => eventType === topic);
      if (state === 'active' || event === undefined) continue;
      if (id === null) {
        await subscribe(address, event);
        done.push(`subscribed ${topic}`);
      } else {
        await turnOn(id);
        done.push(`turned ${topic} on again`);
      }
    }
    return { done, subscriptions: await health(address) };
  }

  async function offered(): Promise<readonly Topic[]> {
    const reply = await client({
      operation: 'webhooks.event-types',
      bucket: 'webhooks',
      method: 'GET',
      path: '/v3/webhooks/eventTypes',
      schema: eventTypesSchema,
      kind: 'read',
    });
    const all = reply.eventTypes ?? reply.events ?? [];
    return topics.flatMap((topic) => {
      const found = all.find(({ eventType }) => eventType === topic);
      return found === undefined
        ? []
        : [{ eventType: topic, eventVersion: found.eventVersion ?? 'V1', resourceName: found.resourceName ?? 'ORDER' }];
    });
  }

  async function readSubscriptions(): Promise<readonly WireSubscription[]> {
    try {
      const { events } = await client({
        operation: 'webhooks.subscriptions',
        bucket: 'webhooks',
        method: 'GET',
        path: '/v3/webhooks/subscriptions',
        schema: subscriptionsSchema,
        kind: 'read',
      });
      return (events ?? []).flatMap((one) => ('event' in one ? one.event : one));
    } catch (error) {
      if (isNoContent(error)) return [];
      throw error;
    }
  }

  async function subscribe(address: string, event: Topic): Promise<void> {
    const { header: authHeaderName, secret: clientSecret } = options;
    if (clientSecret === null)
      throw notDone('misconfigured', 'webhooks.subscribe', 'there is no webhook secret', 'Set `webhookSecret`: Walmart signs with it.');
    await client({
      operation: 'webhooks.subscribe',
      bucket: 'webhooks',
      method: 'POST',
      path: '/v3/webhooks/subscriptions',
      body: {
        events: [
          {
            ...event,
            eventUrl: address,
            authDetails: { authMethod: 'HMAC', authHeaderName, clientSecret },
            headers: { 'content-type': 'application/json' },
            status: 'ACTIVE',
          },
        ],
      },
      schema: z.unknown(),
      kind: 'effect',
    });
  }

  async function turnOn(id: string): Promise<void> {
    await client({
      operation: 'webhooks.turn-on',
      bucket: 'webhooks',
      method: 'PATCH',
      path: `/v3/webhooks/subscriptions/${encodeURIComponent(id)}`,
      body: { status: 'ACTIVE' },
      schema: z.unknown(),
      kind: 'repeatable-effect',
    });
  }

  return { health, ensure };
}

function isActive({ status }: WireSubscription): boolean {
  return status === 'ACTIVE';
}
