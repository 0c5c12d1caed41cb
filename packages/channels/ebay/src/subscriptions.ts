import type { WebhookSubscription, WebhookSubscriptions } from '@quartermaster/domain';
import { isFault } from '@quartermaster/domain';
import type { ZodType } from 'zod';
import { z } from 'zod';
import { notDone, type EbayClient } from './client.ts';
import { ebayChallengeResponse, topics } from './webhook.ts';
import { destinationsSchema, subscriptionsSchema, topicSchema, type WireDestination, type WireSubscription } from './wire-application.ts';

export type SubscriptionOptions = {
  /** Ours: 32 to 80 letters, digits, `_` and `-`. eBay tries an address with it before it sends anything there. */
  readonly verificationToken: string | null;
  /** Where eBay writes when notifications fail; an application must have one. */
  readonly alertEmail: string | null;
};

const root = '/commerce/notification/v1';

/**
 * Notifications of the application: a destination (the address) and a subscription for each topic. eBay marks a destination down when deliveries to it failed, and then nothing comes any
 * more until it is set to enabled again.
 */
export function webhookSubscriptions(client: EbayClient, options: SubscriptionOptions): WebhookSubscriptions {
  const wanted = Object.values(topics);

  async function health(address: string): Promise<readonly WebhookSubscription[]> {
    const destination = (await readDestinations()).find((one) => one.deliveryConfig?.endpoint === address);
    const subscriptions = destination === undefined ? [] : await readSubscriptions();
    return wanted.map((topic) => {
      const own = subscriptions.find((one) => one.topicId === topic && one.destinationId === destination?.destinationId);
      if (own === undefined) return { id: null, topic, state: 'missing' };
      const active = own.status === 'ENABLED' && destination?.status === 'ENABLED';
      return { id: own.subscriptionId, topic, state: active ? 'active' : 'disabled' };
    });
  }

  async function ensure(address: string) {
    const done: string[] = [];
    const destination = await ensureDestination(address, done);
    const subscriptions = await readSubscriptions();
    for (const topic of wanted) await ensureSubscription(topic, destination, subscriptions, done);
    return { done, subscriptions: await health(address) };
  }

  async function ensureDestination(address: string, done: string[]): Promise<string> {
    const found = (await readDestinations()).find((one) => one.deliveryConfig?.endpoint === address);
    if (found?.status === 'ENABLED') return found.destinationId;
    const { verificationToken } = options;
    if (verificationToken === null)
      throw notDone(
        'misconfigured',
        'webhooks.destination',
        'there is no verification token',
        'Set `verificationToken` and answer eBay’s challenge with it.',
      );
    const body = { name: nameOf(address), status: 'ENABLED', deliveryConfig: { endpoint: address, verificationToken } };
    if (found !== undefined) {
      await write('webhooks.destination', 'PUT', `${root}/destination/${encodeURIComponent(found.destinationId)}`, body, 'application');
      done.push(`turned the address on again, which was ${found.status}`);
      return found.destinationId;
    }
    await ensureConfig(done);
    await write('webhooks.destination', 'POST', `${root}/destination`, body, 'application');
    done.push('made the address known to eBay');
    const made = (await readDestinations()).find((one) => one.deliveryConfig?.endpoint === address);
    if (made !== undefined) return made.destinationId;
    throw notDone('malformed-reply', 'webhooks.destination', 'the address that was made is not there');
  }

  /** An application without an alert address gets no destination: error 195003. */
  async function ensureConfig(done: string[]): Promise<void> {
    try {
      await read('webhooks.config', `${root}/config`, z.object({ alertEmail: z.string() }), 'application');
    } catch (error) {
      if (!isFault(error) || error.code !== 'not-found') throw error;
      if (options.alertEmail === null)
        throw notDone('misconfigured', 'webhooks.config', 'eBay wants an address for alerts first', 'Set `alertEmail`.');
      await write('webhooks.config', 'PUT', `${root}/config`, { alertEmail: options.alertEmail }, 'application');
      done.push('named an address for alerts');
    }
  }

  async function ensureSubscription(
    topic: string,
    destinationId: string,
    there: readonly WireSubscription[],
    done: string[],
  ): Promise<void> {
    const own = there.find((one) => one.topicId === topic && one.destinationId === destinationId);
    if (own?.status === 'ENABLED') return;
    if (own !== undefined) {
      await write(
        'webhooks.enable',
        'POST',
        `${root}/subscription/${encodeURIComponent(own.subscriptionId)}/enable`,
        undefined,
        ownerOf(topic),
      );
      done.push(`turned ${topic} on again`);
      return;
    }
    const payload = { format: 'JSON', deliveryProtocol: 'HTTPS', schemaVersion: await schemaVersionOf(topic) };
    await write(
      'webhooks.subscribe',
      'POST',
      `${root}/subscription`,
      { topicId: topic, status: 'ENABLED', destinationId, payload },
      ownerOf(topic),
    );
    done.push(`subscribed ${topic}`);
  }

  /** The newest schema of a topic that is not on its way out. */
  async function schemaVersionOf(topic: string): Promise<string> {
    const { supportedPayloads } = await read('webhooks.topic', `${root}/topic/${topic}`, topicSchema, 'application');
    const alive = supportedPayloads.filter(({ deprecated }) => deprecated !== true).map(({ schemaVersion }) => schemaVersion);
    return alive.toSorted((left, right) => left.localeCompare(right, 'en', { numeric: true })).at(-1) ?? '1.0';
  }

  async function readDestinations(): Promise<readonly WireDestination[]> {
    const page = await read('webhooks.destinations', `${root}/destination?limit=100`, destinationsSchema, 'application');
    return page.destinations;
  }

  async function readSubscriptions(): Promise<readonly WireSubscription[]> {
    const lists = [];
    for (const owner of ['seller', 'application'] as const) {
      const page = await read('webhooks.subscriptions', `${root}/subscription?limit=100`, subscriptionsSchema, owner);
      lists.push(...page.subscriptions);
    }
    return [...new Map(lists.map((one) => [one.subscriptionId, one])).values()];
  }

  async function read<Data>(operation: string, path: string, schema: ZodType<Data>, as: 'seller' | 'application'): Promise<Data> {
    const reply = await client.call({ operation, api: 'notification', method: 'GET', path, schema, kind: 'read', as });
    return reply.data;
  }

  async function write(
    operation: string,
    method: 'POST' | 'PUT',
    path: string,
    body: unknown,
    as: 'seller' | 'application',
  ): Promise<void> {
    await client.tell({ operation, api: 'notification', method, path, body, kind: 'effect', as });
  }

  function answerTrial(query: Readonly<Record<string, string>>, address: string): { readonly challengeResponse: string } | null {
    const { challenge_code: challengeCode } = query;
    const { verificationToken } = options;
    if (challengeCode === undefined || verificationToken === null) return null;
    return { challengeResponse: ebayChallengeResponse({ challengeCode, verificationToken, endpoint: address }) };
  }

  return { health, ensure, answerTrial };
}

/** Orders are a seller's, account deletions are the application's. */
function ownerOf(topic: string): 'seller' | 'application' {
  return topic === topics.order ? 'seller' : 'application';
}

/** A name of at most 64 characters (error 195016). */
function nameOf(address: string): string {
  return `Quartermaster ${new URL(address).host}`.slice(0, 64);
}
