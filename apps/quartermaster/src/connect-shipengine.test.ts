import { memoryRateLimiter } from '@quartermaster/connector-kit';
import { serveApp, virtualClock } from '@quartermaster/connector-kit/sandbox';
import { plainDelivery } from '@quartermaster/domain';
import { createShipEngineSandbox } from '@quartermaster/shipengine/sandbox';
import { afterEach, expect, test } from 'vitest';
import { carrierSchema } from './carrier-config.ts';
import { connectCarrier } from './connect-carrier.ts';

let served: Awaited<ReturnType<typeof serveApp>> | undefined;
afterEach(() => served?.close());

const written = {
  kind: 'shipengine',
  connection: 'ship',
  name: 'ShipEngine',
  apiKey: { env: 'SHIPENGINE_KEY' },
  carrierIds: ['se-101'],
  warehouseId: 'se-900',
  tariff: {
    id: 'usps',
    carrier: 'stamps_com',
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

test('a shipengine carrier of the config becomes its connector; what its tariff calls a service is the carrier and the service at ShipEngine', async () => {
  const clock = virtualClock('2026-11-23T09:00:00Z');
  const lane = { from: 'US', to: 'US', baseMinor: 600, perKgMinor: 0, days: 4 };
  const tariffs = [{ carrierId: 'se-101', carrierCode: 'stamps_com', serviceCode: 'usps_ground_advantage', lanes: [lane] }];
  const apiKey = 'secret-SHIPENGINE_KEY';
  const sandbox = createShipEngineSandbox({ apiKey, clock, currency: 'USD', tariffs, warehouses: [{ id: 'se-900', country: 'US' }] });
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
  const { rates } = await carrier.rates({
    shipFrom: address,
    shipTo: address,
    parcel,
    shipAt: clock.now(),
    currency: 'USD',
    delivery: plainDelivery,
  });
  expect([carrier.connection, config.mode, rates.map(({ service }) => service)]).toEqual(['ship', 'observe', ['usps_ground_advantage']]);
});

test('an account that is no id of ShipEngine is refused', () => {
  const parsed = carrierSchema.safeParse({ ...written, carrierIds: ['101'] });
  expect(parsed.error?.issues.map(({ path, message }) => [path.join('.'), message])).toEqual([['carrierIds.0', 'an id such as se-123456']]);
});
