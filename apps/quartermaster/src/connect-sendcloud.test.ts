import { memoryRateLimiter } from '@quartermaster/connector-kit';
import { intentMemo, serveApp, virtualClock } from '@quartermaster/connector-kit/sandbox';
import { plainDelivery } from '@quartermaster/domain';
import { createSendcloudSandbox } from '@quartermaster/sendcloud/sandbox';
import { afterEach, expect, test } from 'vitest';
import { carrierSchema } from './carrier-config.ts';
import { connectCarrier } from './connect-carrier.ts';

let served: Awaited<ReturnType<typeof serveApp>> | undefined;
afterEach(() => served?.close());

const written = {
  kind: 'sendcloud',
  connection: 'cloud',
  name: 'Sendcloud',
  publicKey: { env: 'SENDCLOUD_PUBLIC' },
  secretKey: { env: 'SENDCLOUD_SECRET' },
  webhookSecret: { env: 'SENDCLOUD_WEBHOOK' },
  tariff: {
    id: 'postnl',
    carrier: 'postnl',
    currency: 'EUR',
    effectiveFrom: '2026-01-01',
    services: ['standard', 'postnl:standard/signature'].map((carrierService, index) => ({
      id: `service-${index}`,
      name: carrierService,
      carrierService,
      maxGrams: 23_000,
      parcelMaxGrams: 23_000,
      zones: [{ id: 'NL', from: { country: 'NL' }, to: { country: 'NL' } }],
      prices: [{ zone: 'NL', transitDays: 1, baseMinor: 700, perKgMinor: 0 }],
    })),
  },
};

test('a sendcloud carrier of the config becomes its connector; what its tariff calls a service is an option, with or without the carrier before it', async () => {
  const clock = virtualClock('2026-11-23T09:00:00Z');
  const lanes = [{ from: 'NL', to: 'NL', baseMinor: 600, perKgMinor: 0, leadHours: 24 }];
  const options = ['postnl:standard', 'postnl:standard/signature', 'dhl:standard'].map((code) => ({
    code,
    contractId: 1,
    maxGrams: 23_000,
    lanes,
  }));
  const keys = { publicKey: 'secret-SENDCLOUD_PUBLIC', secretKey: 'secret-SENDCLOUD_SECRET', webhookSecret: 'secret-SENDCLOUD_WEBHOOK' };
  const sandbox = createSendcloudSandbox({ ...keys, clock, currency: 'EUR', options });
  served = await serveApp(sandbox.app);
  const config = carrierSchema.parse({ ...written, baseUrl: served.url });

  const carrier = connectCarrier(config, {
    currency: 'EUR',
    zone: 'Europe/Amsterdam',
    secretOf: (source) => ('env' in source ? `secret-${source.env}` : ''),
    time: { clock, random: () => 0.5 },
    limiterOf: (buckets) => memoryRateLimiter(buckets, clock),
  });

  const address = {
    name: 'Ada',
    company: null,
    lines: ['Insulindelaan 115'],
    postalCode: '5642 CV',
    city: 'Eindhoven',
    region: null,
    country: 'NL',
    phone: null,
    email: null,
  };
  const parcel = { number: 1, grams: 1_000, millimetres: null, items: [{ lineId: '1', sku: 'A', units: 1 }] };
  const way = { shipFrom: address, shipTo: address, parcel, shipAt: clock.now(), delivery: plainDelivery };
  const { rates } = await carrier.rates({ ...way, currency: 'EUR' });
  expect(rates.map(({ service }) => service)).toEqual(['dhl:standard', 'standard', 'postnl:standard/signature']);

  const label = await carrier.buy({ ...way, service: 'standard', format: 'zpl', reference: 'S1', priceLimit: null }, intentMemo('K1'));
  expect([label.service, sandbox.snapshot().labels[0]?.option]).toEqual(['standard', 'postnl:standard']);
  const [webhook] = sandbox.takeWebhooks();
  expect(await carrier.verifyWebhook?.(webhook?.body ?? new Uint8Array(), webhook?.headers ?? {})).toMatchObject({ kind: 'genuine' });
});

test('a sendcloud carrier without its second key is refused', () => {
  const { secretKey: _, ...half } = written;
  expect(carrierSchema.safeParse(half).error?.issues.map(({ path }) => path.join('.'))).toEqual(['secretKey']);
});
