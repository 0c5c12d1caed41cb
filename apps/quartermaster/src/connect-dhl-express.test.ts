import { memoryRateLimiter } from '@quartermaster/connector-kit';
import { serveApp, virtualClock } from '@quartermaster/connector-kit/sandbox';
import { createDhlExpressSandbox } from '@quartermaster/dhl-express/sandbox';
import { plainDelivery } from '@quartermaster/domain';
import { afterEach, expect, test } from 'vitest';
import { carrierSchema } from './carrier-config.ts';
import { connectCarrier } from './connect-carrier.ts';

let served: Awaited<ReturnType<typeof serveApp>> | undefined;
afterEach(() => served?.close());

const written = {
  kind: 'dhl-express',
  connection: 'dhl',
  name: 'DHL Express',
  username: { env: 'DHL_USER' },
  password: { env: 'DHL_PASSWORD' },
  accountNumber: '230000001',
  tariff: {
    id: 'dhl',
    carrier: 'DHL Express',
    currency: 'EUR',
    effectiveFrom: '2026-01-01',
    services: [
      {
        id: 'express',
        name: 'Express Worldwide',
        carrierService: 'U',
        maxGrams: 70_000,
        parcelMaxGrams: 70_000,
        zones: [{ id: 'EU', from: { country: 'DE' }, to: { country: 'FR' } }],
        prices: [{ zone: 'EU', transitDays: 3, baseMinor: 2_000, perKgMinor: 0 }],
      },
    ],
  },
};

test('a dhl-express carrier of the config becomes its connector, with its keys and its account', async () => {
  const clock = virtualClock('2026-11-23T08:00:00.000Z');
  const sandbox = createDhlExpressSandbox({
    username: 'secret-DHL_USER',
    password: 'secret-DHL_PASSWORD',
    accountNumber: '230000001',
    clock,
    currency: 'EUR',
    products: [
      {
        code: 'U',
        localCode: 'U',
        name: 'EXPRESS WORLDWIDE EU',
        from: '*',
        to: '*',
        declarable: false,
        baseMinor: 1_500,
        perHalfKiloMinor: 250,
        days: 3,
      },
    ],
  });
  served = await serveApp(sandbox.app);
  const config = carrierSchema.parse({ ...written, baseUrl: `${served.url}/mydhlapi` });

  const carrier = connectCarrier(config, {
    currency: 'EUR',
    zone: 'Europe/Berlin',
    secretOf: (source) => ('env' in source ? `secret-${source.env}` : ''),
    time: { clock, random: () => 0.5 },
    limiterOf: (buckets) => memoryRateLimiter(buckets, clock),
  });

  const address = {
    name: 'Ada',
    company: null,
    lines: ['Kaistraße 1'],
    postalCode: '53113',
    city: 'Bonn',
    region: null,
    country: 'DE',
    phone: '+49 228 5550132',
    email: null,
  };
  const parcel = { number: 1, grams: 1_000, millimetres: null, items: [{ lineId: '1', sku: 'A', units: 1 }] };
  const ask = { shipFrom: address, shipTo: address, parcel, shipAt: clock.now(), currency: 'EUR', delivery: plainDelivery };
  expect((await carrier.rates(ask)).rates.map(({ service }) => service)).toEqual(['U']);
});

test('an account number that is none of DHL Express is refused', () => {
  const parsed = carrierSchema.safeParse({ ...written, accountNumber: 'A1B2C3' });
  expect(parsed.error?.issues.map(({ path, message }) => [path.join('.'), message])).toEqual([['accountNumber', 'at most twelve digits']]);
});
