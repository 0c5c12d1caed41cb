import { memoryRateLimiter } from '@quartermaster/connector-kit';
import { serveApp, virtualClock } from '@quartermaster/connector-kit/sandbox';
import { plainDelivery } from '@quartermaster/domain';
import { createFedexSandbox } from '@quartermaster/fedex/sandbox';
import { createHmac } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { carrierSchema } from './carrier-config.ts';
import { connectCarrier } from './connect-carrier.ts';

let served: Awaited<ReturnType<typeof serveApp>> | undefined;
afterEach(() => served?.close());

const written = {
  kind: 'fedex',
  connection: 'fedex',
  name: 'FedEx',
  clientId: { env: 'FEDEX_ID' },
  clientSecret: { env: 'FEDEX_SECRET' },
  accountNumber: '740561073',
  webhookToken: { env: 'FEDEX_WEBHOOK' },
  tariff: {
    id: 'fedex',
    carrier: 'FedEx',
    currency: 'USD',
    effectiveFrom: '2026-01-01',
    services: [
      {
        id: 'ground',
        name: 'Ground',
        carrierService: 'FEDEX_GROUND',
        maxGrams: 31_000,
        parcelMaxGrams: 31_000,
        zones: [{ id: 'US', from: { country: 'US' }, to: { country: 'US' } }],
        prices: [{ zone: 'US', transitDays: 4, baseMinor: 700, perKgMinor: 0 }],
      },
    ],
  },
};

test('a fedex carrier of the config becomes its connector, with its keys and the token of its webhooks', async () => {
  const clock = virtualClock('2026-11-23T14:00:00.000Z');
  const sandbox = createFedexSandbox({
    clientId: 'secret-FEDEX_ID',
    clientSecret: 'secret-FEDEX_SECRET',
    accountNumber: '740561073',
    clock,
    currency: 'USD',
    services: [{ code: 'FEDEX_GROUND', name: 'FedEx Ground', from: 'US', to: 'US', baseMinor: 900, perPoundMinor: 60, days: 3 }],
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
  expect((await carrier.rates(ask)).rates.map(({ service }) => service)).toEqual(['FEDEX_GROUND']);
  const signature = createHmac('sha256', 'secret-FEDEX_WEBHOOK').update('{}').digest('base64');
  expect((await carrier.verifyWebhook?.(Buffer.from('{}'), { 'fdx-signature': signature }))?.kind).toBe('ping');
});

test('an account number that is none of FedEx is refused', () => {
  const parsed = carrierSchema.safeParse({ ...written, accountNumber: '12' });
  expect(parsed.error?.issues.map(({ path, message }) => [path.join('.'), message])).toEqual([['accountNumber', 'nine digits']]);
});
