import { memoryRateLimiter } from '@quartermaster/connector-kit';
import { serveApp, virtualClock } from '@quartermaster/connector-kit/sandbox';
import { plainDelivery } from '@quartermaster/domain';
import { createUspsSandbox } from '@quartermaster/usps/sandbox';
import { afterEach, expect, test } from 'vitest';
import { carrierSchema } from './carrier-config.ts';
import { connectCarrier } from './connect-carrier.ts';

let served: Awaited<ReturnType<typeof serveApp>> | undefined;
afterEach(() => served?.close());

const written = {
  kind: 'usps',
  connection: 'usps',
  name: 'USPS',
  clientId: { env: 'USPS_ID' },
  clientSecret: { env: 'USPS_SECRET' },
  crid: '12345678',
  mid: '899000067',
  pays: { type: 'EPS', accountNumber: '1000123456' },
  webhookSecret: { env: 'USPS_WEBHOOK' },
  tariff: {
    id: 'usps',
    carrier: 'USPS',
    currency: 'USD',
    effectiveFrom: '2026-01-01',
    services: [
      {
        id: 'ground',
        name: 'Ground',
        carrierService: 'USPS_GROUND_ADVANTAGE',
        maxGrams: 31_000,
        parcelMaxGrams: 31_000,
        zones: [{ id: 'US', from: { country: 'US' }, to: { country: 'US' } }],
        prices: [{ zone: 'US', transitDays: 4, baseMinor: 700, perKgMinor: 0 }],
      },
    ],
  },
};

test('a usps carrier of the config becomes its connector, with its keys, its account and its quota', async () => {
  const clock = virtualClock('2026-11-23T14:00:00.000Z');
  const sandbox = createUspsSandbox({
    clientId: 'secret-USPS_ID',
    clientSecret: 'secret-USPS_SECRET',
    account: {
      crid: '12345678',
      mid: '899000067',
      manifestMid: '899000067',
      pays: { type: 'EPS', accountNumber: '1000123456' },
      hasContract: false,
    },
    clock,
    services: [{ mailClass: 'USPS_GROUND_ADVANTAGE', rateIndicator: 'SP', baseMinor: 600, perPoundMinor: 110, days: 3 }],
  });
  served = await serveApp(sandbox.app);
  const config = carrierSchema.parse({ ...written, baseUrl: served.url });
  const asked: (number | undefined)[] = [];

  const carrier = connectCarrier(config, {
    currency: 'USD',
    zone: 'America/New_York',
    secretOf: (source) => ('env' in source ? `secret-${source.env}` : ''),
    time: { clock, random: () => 0.5 },
    limiterOf(buckets) {
      asked.push(...Object.values(buckets).map(({ capacity }) => capacity));
      return memoryRateLimiter(buckets, clock);
    },
  });

  const address = {
    name: 'Ada Lovelace',
    company: null,
    lines: ['1 Dock Road'],
    postalCode: '94104',
    city: 'San Francisco',
    region: 'CA',
    country: 'US',
    phone: null,
    email: null,
  };
  const sides: [number, number, number] = [300, 200, 100];
  const parcel = { number: 1, grams: 1_000, millimetres: sides, items: [{ lineId: '1', sku: 'A', units: 1 }] };
  const ask = { shipFrom: address, shipTo: address, parcel, shipAt: clock.now(), currency: 'USD', delivery: plainDelivery };
  expect((await carrier.rates(ask)).rates.map(({ service }) => service)).toEqual(['USPS_GROUND_ADVANTAGE']);
  expect(await carrier.probe()).toEqual({ account: 'USPS 12345678', problems: [] });
  expect((await carrier.verifyWebhook?.(Buffer.from('{}'), { 'x-hmac': 'x' }))?.kind).toBe('rejected');
  expect(asked).toEqual([5]);
});

test.each([
  ['a mailer id of seven digits', { mid: '8990006' }, 'mid', 'six or nine digits'],
  ['a registration of letters', { crid: 'ACME' }, 'crid', '2 to 18 digits'],
  [
    'a permit without five digits of its ZIP Code',
    { pays: { type: 'PERMIT', permitNumber: '7', zipCode: '1' } },
    'pays.zipCode',
    'five digits',
  ],
])('%s is refused', (_, wrong, path, message) => {
  const parsed = carrierSchema.safeParse({ ...written, ...wrong });
  expect(parsed.error?.issues.map((issue) => [issue.path.join('.'), issue.message])).toEqual([[path, message]]);
});
