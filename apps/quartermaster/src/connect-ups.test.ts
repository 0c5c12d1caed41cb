import { memoryRateLimiter } from '@quartermaster/connector-kit';
import { serveApp, virtualClock } from '@quartermaster/connector-kit/sandbox';
import { plainDelivery } from '@quartermaster/domain';
import { createUpsSandbox } from '@quartermaster/ups/sandbox';
import { afterEach, expect, test } from 'vitest';
import { carrierSchema } from './carrier-config.ts';
import { connectCarrier } from './connect-carrier.ts';

let served: Awaited<ReturnType<typeof serveApp>> | undefined;
afterEach(() => served?.close());

const written = {
  kind: 'ups',
  connection: 'ups',
  name: 'UPS',
  clientId: { env: 'UPS_ID' },
  clientSecret: { env: 'UPS_SECRET' },
  accountNumber: 'A1B2C3',
  webhookCredential: { env: 'UPS_WEBHOOK' },
  tariff: {
    id: 'ups',
    carrier: 'UPS',
    currency: 'USD',
    effectiveFrom: '2026-01-01',
    services: [
      {
        id: 'ground',
        name: 'Ground',
        carrierService: '03',
        maxGrams: 31_000,
        parcelMaxGrams: 31_000,
        zones: [{ id: 'US', from: { country: 'US' }, to: { country: 'US' } }],
        prices: [{ zone: 'US', transitDays: 4, baseMinor: 700, perKgMinor: 0 }],
      },
    ],
  },
};

test('a ups carrier of the config becomes its connector, with its keys and the credential of its webhooks', async () => {
  const clock = virtualClock('2026-11-23T14:00:00.000Z');
  const sandbox = createUpsSandbox({
    clientId: 'secret-UPS_ID',
    clientSecret: 'secret-UPS_SECRET',
    accountNumber: 'A1B2C3',
    clock,
    currency: 'USD',
    services: [{ code: '03', name: 'UPS Ground', from: 'US', to: 'US', baseMinor: 900, perPoundMinor: 60, days: 3 }],
  });
  served = await serveApp(sandbox.app);
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
  const ask = { shipFrom: address, shipTo: address, parcel, shipAt: clock.now(), currency: 'USD', delivery: plainDelivery };
  expect((await carrier.rates(ask)).rates.map(({ service }) => service)).toEqual(['03']);
  expect((await carrier.verifyWebhook?.(Buffer.from('{}'), { credential: 'secret-UPS_WEBHOOK' }))?.kind).toBe('rejected');
});

test('an account number that is none of UPS is refused', () => {
  const parsed = carrierSchema.safeParse({ ...written, accountNumber: '12' });
  expect(parsed.error?.issues.map(({ path, message }) => [path.join('.'), message])).toEqual([['accountNumber', 'six letters and digits']]);
});
