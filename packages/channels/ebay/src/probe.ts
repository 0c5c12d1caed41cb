import type { RateLimiter } from '@quartermaster/connector-kit';
import { epochMs, isFault, type ChannelProbe, type Clock } from '@quartermaster/domain';
import { z } from 'zod';
import type { EbayClient } from './client.ts';
import type { Locations } from './inventory.ts';
import { bucketOfQuota, ebayBucketName, type EbayApi } from './limits.ts';
import { locationsSchema, rateLimitsSchema } from './wire.ts';

export type ProbeOptions = {
  readonly clientId: string;
  readonly marketplace: string;
  readonly locations: Locations;
  readonly hasSigningKey: boolean;
  readonly limiter: RateLimiter;
  readonly clock: Clock;
};

/** Marketplaces whose sellers are in the EU or the UK, as a rule; their refunds and cancellations must be signed. */
const signedMarketplaces = new Set(['AT', 'BE', 'DE', 'ES', 'FR', 'GB', 'IE', 'IT', 'NL', 'PL'].map((country) => `EBAY_${country}`));

/** Asks who we are, reads the application's quotas into the rate limiter, and names in words what stands in the way. */
export async function probeEbay(client: EbayClient, options: ProbeOptions): Promise<ChannelProbe> {
  const problems: string[] = [];
  const account = await sellerOf(client, problems);
  await checkLocations(client, options, problems);
  await learnQuotas(client, options, problems);
  if (signedMarketplaces.has(options.marketplace) && !options.hasSigningKey)
    problems.push(`no signing key: eBay refuses refunds and cancellations of sellers on ${options.marketplace} that are not signed`);
  return { account: account ?? `a seller on ${options.marketplace}`, problems };
}

const sellerSchema = z.object({ orders: z.array(z.object({ sellerId: z.string().optional() })).default([]) });

async function sellerOf(client: EbayClient, problems: string[]): Promise<string | null> {
  const found = await orMissingScope('sell.fulfillment', problems, () =>
    client.call({
      operation: 'probe.orders',
      api: 'fulfillment',
      method: 'GET',
      path: '/sell/fulfillment/v1/order?limit=1',
      schema: sellerSchema,
      kind: 'read',
    }),
  );
  return found?.data.orders[0]?.sellerId ?? null;
}

async function checkLocations(client: EbayClient, { locations }: ProbeOptions, problems: string[]): Promise<void> {
  const found = await orMissingScope('sell.inventory', problems, () =>
    client.call({
      operation: 'probe.locations',
      api: 'inventory',
      method: 'GET',
      path: '/sell/inventory/v1/location?limit=100',
      schema: locationsSchema,
      kind: 'read',
    }),
  );
  if (found === null) return;
  const states = new Map(found.data.locations.map((one) => [one.merchantLocationKey, one.merchantLocationStatus]));
  for (const [node, key] of Object.entries(locations ?? {})) {
    if (!states.has(key) && found.data.total <= found.data.locations.length) problems.push(`node ${node}: eBay has no location ${key}`);
    else if (states.get(key) === 'DISABLED') problems.push(`node ${node}: location ${key} is disabled`);
  }
}

/** Takes over what eBay grants the application, and tells of an API whose day is nearly used up. */
async function learnQuotas(client: EbayClient, options: ProbeOptions, problems: string[]): Promise<void> {
  const reply = await client.call({
    operation: 'probe.quotas',
    api: 'analytics',
    method: 'GET',
    path: '/developer/analytics/v1_beta/rate_limit/?api_context=sell',
    schema: rateLimitsSchema,
    kind: 'read',
    as: 'application',
  });
  for (const { apiName, resources } of reply.data.rateLimits) {
    const api = apis[apiName?.toLowerCase() ?? ''];
    const rates = resources.flatMap((resource) => resource.rates);
    if (api === undefined) continue;
    for (const { limit, remaining, reset, timeWindow } of rates) {
      if (limit === undefined || limit <= 0 || (timeWindow ?? 86_400) < 3_600) continue;
      const bucket = bucketOfQuota(limit, timeWindow);
      const available = remaining ?? limit;
      const leftSeconds = Math.max(60, (Date.parse(reset ?? '') - epochMs(options.clock.now())) / 1_000 || 86_400);
      const perSecond = Math.min(bucket.perSecond, Math.max(available - bucket.capacity, 1) / leftSeconds);
      const name = ebayBucketName(options.clientId, api);
      options.limiter.learn(name, {
        available,
        capacity: bucket.capacity,
        perSecond: available >= limit / 2 ? bucket.perSecond : perSecond,
      });
      if (available < limit / 20) problems.push(`${available} of ${limit} calls of the ${api} API are left until ${reset ?? 'its reset'}`);
    }
  }
}

/** As the analytics API names them. */
const apis: Readonly<Record<string, EbayApi | undefined>> = {
  fulfillment: 'fulfillment',
  inventory: 'inventory',
  notification: 'notification',
};

async function orMissingScope<Result>(scope: string, problems: string[], read: () => Promise<Result>): Promise<Result | null> {
  try {
    return await read();
  } catch (error) {
    if (!isFault(error) || error.code !== 'forbidden') throw error;
    problems.push(`missing scope: ${scope}`);
    return null;
  }
}
