import type { WebhookSubscription, WebhookSubscriptions } from '@quartermaster/domain';
import type { WooClient } from './client.ts';
import { maxPerPage } from './limits.ts';
import { webhookSchema, webhooksSchema, type WireWebhook } from './wire.ts';

/** What we want to be told of. A trashed order is `deleted`. */
export const webhookTopics = ['order.created', 'order.updated', 'order.deleted', 'order.restored'] as const;

/**
 * The shop's webhooks. After seven deliveries in a row that failed it disables one without a word. One that is turned on again keeps its count of failures, and the next failure turns it off at
 * once (read in 11.0.1), so a new one is made and the old one removed. The address is tried when one is made, with a `ping`.
 */
export function webhookSubscriptions(client: WooClient, secret: string): WebhookSubscriptions {
  return {
    health: async (address) => statesOf(await at(address)),
    async ensure(address) {
      const done: string[] = [];
      const there = await at(address);
      for (const topic of webhookTopics) {
        const all = there.filter((webhook) => webhook.topic === topic);
        const isActive = all.some(({ status }) => status === 'active');
        if (!isActive) {
          await create(topic, address);
          done.push(`${topic} ${all.length === 0 ? 'subscribed' : 'subscribed anew, because the shop had turned it off'}`);
        }
        for (const { id } of all.filter(({ status }) => status !== 'active')) await remove(id);
      }
      return { done, subscriptions: statesOf(done.length === 0 ? there : await at(address)) };
    },
  };

  async function at(address: string): Promise<WireWebhook[]> {
    const webhooks: WireWebhook[] = [];
    for (let page = 1; ; page++) {
      const read = await client({
        operation: 'webhooks.read',
        method: 'GET',
        path: '/wc/v3/webhooks',
        query: { per_page: maxPerPage, page, orderby: 'id', order: 'asc', _fields: 'id,topic,status,delivery_url' },
        schema: webhooksSchema,
        kind: 'read',
      });
      webhooks.push(...read);
      if (read.length < maxPerPage) return webhooks.filter((webhook) => webhook.delivery_url === address);
    }
  }

  async function create(topic: string, address: string): Promise<void> {
    await client({
      operation: 'webhooks.create',
      method: 'POST',
      path: '/wc/v3/webhooks',
      body: { name: `Quartermaster ${topic}`, topic, delivery_url: address, secret, status: 'active' },
      schema: webhookSchema,
      kind: 'effect',
    });
  }

  async function remove(id: number): Promise<void> {
    await client({
      operation: 'webhooks.remove',
      method: 'DELETE',
      path: `/wc/v3/webhooks/${id}`,
      query: { force: true },
      schema: webhookSchema,
      kind: 'repeatable-effect',
    });
  }
}

function statesOf(webhooks: readonly WireWebhook[]): WebhookSubscription[] {
  return webhookTopics.map((topic): WebhookSubscription => {
    const all = webhooks.filter((webhook) => webhook.topic === topic);
    const one = all.find(({ status }) => status === 'active') ?? all[0];
    if (one === undefined) return { id: null, topic, state: 'missing' };
    return { id: String(one.id), topic, state: one.status === 'active' ? 'active' : 'disabled' };
  });
}
