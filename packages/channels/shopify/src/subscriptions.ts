import type { WebhookSubscription, WebhookSubscriptions } from '@quartermaster/domain';
import type { ShopifyClient } from './client.ts';
import { resubscribeDocument, subscribeDocument, subscriptionsDocument } from './desk-documents.ts';
import { resubscribeSchema, subscribeSchema, subscriptionsSchema, type WireSubscription } from './desk-wire.ts';
import { fromGid } from './identifiers.ts';
import { throwRefusal } from './refusals.ts';

/** What we want to be told: whatever changes an order, its refunds or its returns, and that the app was put out. */
export const neededTopics = [
  'ORDERS_CREATE',
  'ORDERS_UPDATED',
  'ORDERS_PAID',
  'ORDERS_EDITED',
  'ORDERS_CANCELLED',
  'ORDERS_RISK_ASSESSMENT_CHANGED',
  'REFUNDS_CREATE',
  'RETURNS_REQUEST',
  'RETURNS_APPROVE',
  'RETURNS_DECLINE',
  'RETURNS_CANCEL',
  'RETURNS_PROCESS',
  'RETURNS_CLOSE',
  'APP_UNINSTALLED',
] as const;

/** Subscriptions in one page. */
export const subscriptionsPerPage = 100;

/**
 * Webhook subscriptions of the app in the shop. Shopify deletes those whose deliveries failed for four hours: such a one is missing. One that does not send whole orders as JSON (another format,
 * a filter, a choice of fields) counts as disabled. Subscriptions that the app's own configuration makes are not shown by this API.
 */
export function subscriptionKeeping(client: ShopifyClient): WebhookSubscriptions {
  async function read(address: string): Promise<WireSubscription[]> {
    const found: WireSubscription[] = [];
    for (let after: string | null = null; ;) {
      const page: Awaited<ReturnType<typeof readPage>> = await readPage(address, after);
      found.push(...page.nodes.filter(({ uri }) => uri === address));
      if (!page.pageInfo.hasNextPage || page.pageInfo.endCursor === null) return found;
      after = page.pageInfo.endCursor;
    }
  }

  async function readPage(address: string, after: string | null) {
    const reply = await client({
      operation: 'subscriptions.read',
      document: subscriptionsDocument,
      variables: { first: subscriptionsPerPage, after, uri: address },
      schema: subscriptionsSchema,
      kind: 'read',
    });
    return reply.data.webhookSubscriptions;
  }

  async function health(address: string): Promise<WebhookSubscription[]> {
    return healthOf(await read(address));
  }

  async function ensure(address: string) {
    const done: string[] = [];
    for (const { id, topic, state } of await health(address)) {
      if (state === 'missing') {
        await subscribe(topic, address);
        done.push(`subscribed to ${topic}`);
      } else if (state === 'disabled' && id !== null) {
        await putRight(id, address);
        done.push(`put the subscription to ${topic} right`);
      }
    }
    return { done, subscriptions: await health(address) };
  }

  async function subscribe(topic: string, address: string): Promise<void> {
    const reply = await client({
      operation: 'subscriptions.create',
      document: subscribeDocument,
      variables: { topic, subscription: { uri: address, format: 'JSON' } },
      schema: subscribeSchema,
      kind: 'repeatable-effect',
    });
    const errors = reply.data.webhookSubscriptionCreate?.userErrors ?? [];
    throwRefusal(
      'subscriptions.create',
      errors.filter(({ message }) => !takenAlready.test(message)),
    );
  }

  async function putRight(id: string, address: string): Promise<void> {
    const reply = await client({
      operation: 'subscriptions.update',
      document: resubscribeDocument,
      variables: {
        id: `gid://shopify/WebhookSubscription/${id}`,
        subscription: { uri: address, format: 'JSON', filter: '', includeFields: [] },
      },
      schema: resubscribeSchema,
      kind: 'repeatable-effect',
    });
    throwRefusal('subscriptions.update', reply.data.webhookSubscriptionUpdate?.userErrors ?? []);
  }

  return { health, ensure };
}

/** What Shopify says of a subscription that is there: an attempt whose answer was lost made it. */
const takenAlready = /already been taken/i;

function healthOf(found: readonly WireSubscription[]): WebhookSubscription[] {
  return neededTopics.map((topic) => {
    const same = found.filter((one) => one.topic === topic);
    const whole = same.find(isWhole);
    const [one] = whole === undefined ? same : [whole];
    if (one === undefined) return { id: null, topic, state: 'missing' };
    return { id: fromGid(one.id), topic, state: whole === undefined ? 'disabled' : 'active' };
  });
}

function isWhole({ format, filter, includeFields }: WireSubscription): boolean {
  return format === 'JSON' && (filter === null || filter === '') && includeFields.length === 0;
}
