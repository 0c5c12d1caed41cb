import { memoryRateLimiter } from '@quartermaster/connector-kit';
import { intentMemo, serveApp, virtualClock } from '@quartermaster/connector-kit/sandbox';
import { createDhlParcelDeSandbox } from '@quartermaster/dhl-parcel-de/sandbox';
import { plainDelivery } from '@quartermaster/domain';
import { afterEach, expect, test } from 'vitest';
import { carrierSchema } from './carrier-config.ts';
import { connectCarrier } from './connect-carrier.ts';

let served: Awaited<ReturnType<typeof serveApp>> | undefined;
afterEach(() => served?.close());

const written = {
  kind: 'dhl-parcel-de',
  connection: 'dhl',
  name: 'DHL',
  user: { env: 'DHL_USER' },
  password: { env: 'DHL_PASSWORD' },
  apiKey: { env: 'DHL_KEY' },
  apiSecret: { env: 'DHL_SECRET' },
  billingNumbers: { V01PAK: '33333333330101' },
  extraServices: { signature: 175 },
  costCenter: 'Webshop',
  tariff: {
    id: 'dhl',
    carrier: 'DHL',
    currency: 'EUR',
    effectiveFrom: '2026-01-01',
    services: [
      {
        id: 'paket',
        name: 'Paket',
        carrierService: 'V01PAK',
        maxGrams: 31_500,
        zones: [{ id: 'DE', from: { country: 'DE' }, to: { country: 'DE' } }],
        prices: [{ zone: 'DE', transitDays: 1, baseMinor: 410, perKgMinor: 0 }],
      },
    ],
  },
};

test('a dhl-parcel-de carrier of the config becomes its connector, with its keys, its tariff and the prices of its services', async () => {
  const clock = virtualClock('2026-11-23T09:00:00.000Z');
  const sandbox = createDhlParcelDeSandbox({
    user: 'secret-DHL_USER',
    password: 'secret-DHL_PASSWORD',
    apiKey: 'secret-DHL_KEY',
    apiSecret: 'secret-DHL_SECRET',
    billingNumbers: ['33333333330101'],
    clock,
  });
  served = await serveApp(sandbox.app);
  const carrier = connectCarrier(carrierSchema.parse({ ...written, baseUrl: served.url }), {
    currency: 'EUR',
    zone: 'Europe/Berlin',
    secretOf: (source) => ('env' in source ? `secret-${source.env}` : ''),
    time: { clock, random: () => 0.5 },
    limiterOf: (buckets) => memoryRateLimiter(buckets, clock),
  });

  const place = { lines: ['Hafenstraße 1'], postalCode: '20457', city: 'Hamburg', region: null, country: 'DE' };
  const address = { name: 'Ada', company: null, phone: null, email: null, ...place };
  const parcel = { number: 1, grams: 1_000, millimetres: null, items: [{ lineId: '1', sku: 'A', units: 1 }] };
  const asked = { shipFrom: address, shipTo: address, parcel, shipAt: clock.now() };
  const label = await carrier.buy(
    {
      ...asked,
      service: 'paket',
      format: 'zpl',
      reference: 'SO1001',
      priceLimit: null,
      delivery: { ...plainDelivery, signature: 'anyone' },
    },
    intentMemo('acme/de/dhl/label/7'),
  );
  expect(label.price).toEqual({ minor: 585, currency: 'EUR' });
  expect(sandbox.snapshot().labels.map(({ number }) => number)).toEqual([label.trackingNumber]);
});

test('a billing number that is none of DHL is refused', () => {
  const parsed = carrierSchema.safeParse({ ...written, billingNumbers: { V01PAK: '12' } });
  expect(parsed.error?.issues.map(({ path, message }) => [path.join('.'), message])).toEqual([
    ['billingNumbers.V01PAK', 'a billing number of 14 characters'],
  ]);
});
