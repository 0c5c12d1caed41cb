import { isFault, type WebhookSubscription, type WebhookSubscriptions } from '@quartermaster/domain';
import { z } from 'zod';
import type { AmazonClient } from './client.ts';

/** Where Amazon delivers notifications: a queue of SQS, or an account's bus of EventBridge. */
export type NotificationDestination =
  | { readonly kind: 'sqs'; readonly arn: string }
  | { readonly kind: 'event-bridge'; readonly accountId: string; readonly region: string };

/** What we want to hear of: changed orders. Stock that somebody changed by hand is found by the sweep, and feeds are waited for. */
export const neededTopics = ['ORDER_CHANGE'] as const;

const destinationsSchema = z.object({
  payload: z.array(
    z.object({
      destinationId: z.string(),
      resource: z.object({
        sqs: z.object({ arn: z.string() }).nullish(),
        eventBridge: z.object({ accountId: z.string(), region: z.string() }).nullish(),
      }),
    }),
  ),
});
type WireDestination = z.infer<typeof destinationsSchema>['payload'][number];
const destinationSchema = z.object({ payload: z.object({ destinationId: z.string() }) });
const subscriptionSchema = z.object({ payload: z.object({ subscriptionId: z.string(), destinationId: z.string() }) });

/**
 * Amazon's side of notifications. The destination is a resource of AWS that the config names, not an address: what is behind it (a rule that forwards to our address, or a reader of the
 * queue) is the house's. A seller has one subscription of each topic for an app; one that leads elsewhere is told as missing, and is replaced.
 */
export function notificationSubscriptions(client: AmazonClient, destination: NotificationDestination): WebhookSubscriptions {
  const base = '/notifications/v1';

  async function health(): Promise<readonly WebhookSubscription[]> {
    const destinationId = await ourDestination();
    const found: WebhookSubscription[] = [];
    for (const topic of neededTopics) {
      const now = await subscriptionOf(topic);
      const ours = now !== null && now.destinationId === destinationId;
      found.push({ id: ours ? now.subscriptionId : null, topic, state: ours ? 'active' : 'missing' });
    }
    return found;
  }

  async function ensure() {
    const done: string[] = [];
    const destinationId = (await ourDestination()) ?? (await createDestination(done));
    for (const topic of neededTopics) {
      const now = await subscriptionOf(topic);
      if (now?.destinationId === destinationId) continue;
      const path = `${base}/subscriptions/${topic}`;
      if (now !== null) {
        await client.send({
          operation: 'deleteSubscriptionById',
          method: 'DELETE',
          path: `${path}/${now.subscriptionId}`,
          kind: 'repeatable-effect',
        });
      }
      const body = { payloadVersion: '1.0', destinationId };
      await client.call({ operation: 'createSubscription', method: 'POST', path, body, schema: subscriptionSchema, kind: 'effect' });
      done.push(`${now === null ? 'subscribed' : 'moved'} ${topic}`);
    }
    return { done, subscriptions: await health() };
  }

  async function ourDestination(): Promise<string | null> {
    const reply = await client.call({
      operation: 'getDestinations',
      method: 'GET',
      path: `${base}/destinations`,
      schema: destinationsSchema,
      kind: 'read',
      token: 'notifications',
    });
    return reply.payload.find(({ resource }) => isOurs(resource, destination))?.destinationId ?? null;
  }

  async function createDestination(done: string[]): Promise<string> {
    const { kind, ...where } = destination;
    const reply = await client.call({
      operation: 'createDestination',
      method: 'POST',
      path: `${base}/destinations`,
      body: { name: 'quartermaster', resourceSpecification: kind === 'sqs' ? { sqs: where } : { eventBridge: where } },
      schema: destinationSchema,
      kind: 'effect',
      token: 'notifications',
    });
    done.push('made the destination');
    return reply.payload.destinationId;
  }

  async function subscriptionOf(topic: string) {
    try {
      const path = `${base}/subscriptions/${topic}`;
      const reply = await client.call({ operation: 'getSubscription', method: 'GET', path, schema: subscriptionSchema, kind: 'read' });
      return reply.payload;
    } catch (error) {
      if (isFault(error) && error.code === 'not-found') return null;
      throw error;
    }
  }

  return { health: () => health(), ensure: () => ensure() };
}

function isOurs({ sqs, eventBridge }: WireDestination['resource'], ours: NotificationDestination): boolean {
  if (ours.kind === 'sqs') return sqs?.arn === ours.arn;
  return eventBridge?.accountId === ours.accountId && eventBridge.region === ours.region;
}
