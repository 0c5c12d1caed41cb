import type { RateLimiter } from '@quartermaster/connector-kit';
import { epochMs, isFault, type ChannelProbe, type Clock } from '@quartermaster/domain';
import { z } from 'zod';
import type { EbayClient } from './client.ts';
import type { Locations } from './inventory.ts';
import { bucketOfQuota, ebayBucketName, type EbayApi } from './limits.ts';
import { rateLimitsSchema } from './wire-application.ts';
import { locationsSchema } from './wire-inventory.ts';

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
    path: '/developer/analytics/v1_beta/rate_limit/',
    schema: rateLimitsSchema,
    kind: 'read',
    as: 'application',
  });
  for (const { apiName, resources } of reply.data.rateLimits) {
    const api = apis[apiName?.toLowerCase() ?? ''];
    const quota = tightest(resources.flatMap(({ rates }) => rates));
    if (api === undefined || quota === null) continue;
    const { limit, remaining, reset, timeWindow } = quota;
    const bucket = bucketOfQuota(limit, timeWindow);
    const leftSeconds = Math.max(60, (Date.parse(reset) - epochMs(options.clock.now())) / 1_000 || timeWindow);
    const spread = Math.max(remaining - bucket.capacity, 1) / leftSeconds;
    const perSecond = remaining >= limit / 2 ? bucket.perSecond : Math.min(bucket.perSecond, spread);
    options.limiter.learn(ebayBucketName(options.clientId, api), { available: remaining, capacity: bucket.capacity, perSecond });
    if (remaining < limit / 20) problems.push(`${remaining} of ${limit} calls of the ${api} API are left until ${reset}`);
  }
}

type Rate = z.infer<typeof rateLimitsSchema>['rateLimits'][number]['resources'][number]['rates'][number];

/** The smallest quota of a day, or of hours at least, among those of an API's methods: the one that is met first. */
function tightest(rates: readonly Rate[]) {
  const long = rates.flatMap(({ limit = 0, remaining = limit, reset = '', timeWindow = 86_400 }) =>
    limit > 0 && timeWindow >= 3_600 ? [{ limit, remaining, reset, timeWindow }] : [],
  );
  return long.toSorted((left, right) => left.limit - right.limit)[0] ?? null;
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
