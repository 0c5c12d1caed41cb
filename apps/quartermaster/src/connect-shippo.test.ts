import { memoryRateLimiter } from '@quartermaster/connector-kit';
import { serveApp, virtualClock } from '@quartermaster/connector-kit/sandbox';
import { plainDelivery } from '@quartermaster/domain';
import { createShippoSandbox } from '@quartermaster/shippo/sandbox';
import { afterEach, expect, test } from 'vitest';
import { carrierSchema } from './carrier-config.ts';
import { connectCarrier } from './connect-carrier.ts';

let served: Awaited<ReturnType<typeof serveApp>> | undefined;
afterEach(() => served?.close());

const account = 'a'.repeat(32);
const written = {
  kind: 'shippo',
  connection: 'ship',
  name: 'Shippo',
  apiKey: { env: 'SHIPPO_KEY' },
  webhookSecret: { env: 'SHIPPO_HOOK' },
  carrierAccounts: [account],
  usualBox: [300, 200, 100],
  tariff: {
    id: 'usps',
    carrier: 'usps',
    currency: 'USD',
    effectiveFrom: '2026-01-01',
    services: [
      {
        id: 'ground',
        name: 'Ground',
        carrierService: 'usps_ground_advantage',
        maxGrams: 31_000,
        parcelMaxGrams: 31_000,
        zones: [{ id: 'US', from: { country: 'US' }, to: { country: 'US' } }],
        prices: [{ zone: 'US', transitDays: 4, baseMinor: 700, perKgMinor: 0 }],
      },
    ],
  },
};

test('a shippo carrier of the config becomes its connector, and what its tariff calls a service is the token of Shippo', async () => {
  const clock = virtualClock('2026-11-23T09:00:00Z');
  const lane = { from: 'US', to: 'US', baseMinor: 600, perKgMinor: 0, days: 4 };
  const tariffs = [{ carrier: 'usps', service: 'usps_ground_advantage', account, lanes: [lane] }];
  served = await serveApp(createShippoSandbox({ apiKey: 'secret-SHIPPO_KEY', clock, currency: 'USD', tariffs }).app);
  const config = carrierSchema.parse({ ...written, baseUrl: served.url });

  const carrier = connectCarrier(config, {
    currency: 'USD',
    zone: 'America/New_York',
    secretOf: (source) => ('env' in source ? `secret-${source.env}` : ''),
    time: { clock, random: () => 0.5 },
    limiterOf: (buckets) => memoryRateLimiter(buckets, clock),
  });

  const address = {
    name: 'Ada',
    company: null,
    lines: ['1 Dock Road'],
    postalCode: '94104',
    city: 'San Francisco',
    region: 'CA',
    country: 'US',
    phone: '4155550132',
    email: null,
  };
  const parcel = { number: 1, grams: 1_000, millimetres: null, items: [{ lineId: '1', sku: 'A', units: 1 }] };
  const { rates } = await carrier.rates({
    shipFrom: address,
    shipTo: address,
    parcel,
    shipAt: clock.now(),
    currency: 'USD',
    delivery: plainDelivery,
  });
  expect([carrier.connection, config.mode, rates.map(({ service }) => service)]).toEqual(['ship', 'observe', ['usps_ground_advantage']]);
  expect(typeof carrier.verifyWebhook).toBe('function');
});

test('an account that is no object id of Shippo is refused', () => {
  const parsed = carrierSchema.safeParse({ ...written, carrierAccounts: ['usps'] });
  expect(parsed.error?.issues.map(({ path, message }) => [path.join('.'), message])).toEqual([
    ['carrierAccounts.0', 'an object id of 32 digits and letters a to f'],
  ]);
});
