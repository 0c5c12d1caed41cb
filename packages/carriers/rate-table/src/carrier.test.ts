import { intentMemo, virtualClock } from '@quartermaster/connector-kit/sandbox';
import { plainDelivery, type Address, type LabelRequest } from '@quartermaster/domain';
import { tariffSchema } from '@quartermaster/parcels';
import { describe, expect, test } from 'vitest';
import { isTrackingNumber, rateTableCarrier } from './index.ts';

const tariff = tariffSchema.parse({
  id: 'post-2026',
  carrier: 'Post',
  currency: 'EUR',
  effectiveFrom: '2026-01-01',
  effectiveTo: '2026-12-31',
  services: [
    {
      id: 'parcel',
      name: 'Parcel',
      carrierService: '10',
      divisorCm3PerKg: 5_000,
      maxGrams: 31_500,
      fuelPercent: '10',
      zones: [
        { id: 'inland', from: { country: 'AT' }, to: { country: 'AT' } },
        { id: 'abroad', from: { country: 'AT' }, to: { country: 'DE' } },
      ],
      prices: [
        {
          zone: 'inland',
          transitDays: 1,
          bands: [
            { upToGrams: 2_000, minor: 410 },
            { upToGrams: 31_500, minor: 790 },
          ],
        },
        { zone: 'abroad', transitDays: 2, baseMinor: 900, perKgMinor: 50 },
      ],
    },
    {
      id: 'letter',
      name: 'Letter',
      carrierService: '20',
      maxGrams: 500,
      zones: [{ id: 'inland', from: '*', to: { country: 'AT' } }],
      prices: [{ zone: 'inland', transitDays: 2, baseMinor: 300, perKgMinor: 0 }],
    },
  ],
});

const address = (country: string, postalCode: string, name: string): Address => ({
  name,
  company: null,
  lines: ['Hauptstraße 1'],
  postalCode,
  city: 'Ort',
  region: null,
  country,
  phone: null,
  email: null,
});

const request: LabelRequest = {
  shipFrom: address('AT', '1010', 'Lager Wien'),
  shipTo: address('DE', '10115', 'Ada ^Lovelace~'),
  parcel: { number: 1, grams: 1_500, millimetres: [300, 200, 100], items: [{ lineId: '1', sku: 'A', units: 1 }] },
  service: 'parcel',
  format: 'zpl',
  shipAt: '2026-11-21T14:00:00.000Z',
  reference: 'SO1001 / WH/OUT/7',
  delivery: plainDelivery,
  priceLimit: null,
};

function post() {
  const clock = virtualClock('2026-11-21T10:00:00.000Z');
  return { clock, carrier: rateTableCarrier({ connection: 'post', tariffs: [tariff], clock, zone: 'Europe/Vienna' }) };
}

describe('rates', () => {
  test('every service that takes the parcel has a price; the others are problems in words', async () => {
    const answer = await post().carrier.rates({ ...request, shipTo: address('AT', '8010', 'Ada'), currency: 'EUR' });
    expect(answer).toMatchObject({
      rates: [
        {
          service: 'parcel',
          total: { minor: 451, currency: 'EUR' },
          arrival: { transitDays: 1 },
          billable: { grams: 1_500 },
          zone: 'inland',
        },
      ],
      problems: ['Letter does not take a parcel of that weight.'],
    });
  });

  test('a tariff of another currency is a problem', async () => {
    expect(await post().carrier.rates({ ...request, currency: 'USD' })).toEqual({
      rates: [],
      problems: ['Tariff post-2026 is in EUR, not in USD.'],
    });
  });

  test('what no tariff prices is a problem, not a price without it', async () => {
    expect(await post().carrier.rates({ ...request, currency: 'EUR', delivery: { ...plainDelivery, onSaturday: true } })).toEqual({
      rates: [],
      problems: ['Tariff post-2026 has no price for delivery on Saturday.'],
    });
  });

  test('the day is the warehouse’s: late on new year’s eve UTC is next year in Vienna', async () => {
    const answer = await post().carrier.rates({ ...request, currency: 'EUR', shipAt: '2026-12-31T23:30:00.000Z' });
    expect(answer.problems).toEqual(['No tariff of Post holds on 2027-01-01.']);
  });
});

describe('buying', () => {
  test('makes a label with the tariff’s price', async () => {
    expect(await post().carrier.buy(request, intentMemo('k1'))).toMatchObject({
      carrier: 'Post',
      service: 'parcel',
      price: { minor: 1_073, currency: 'EUR' },
      boughtAt: '2026-11-21T10:00:00.000Z',
      document: { format: 'zpl', url: null },
    });
  });

  test('the carrier’s own code of a service is understood too', async () => {
    expect(await post().carrier.buy({ ...request, service: '10' }, intentMemo('k1'))).toMatchObject({ service: 'parcel' });
  });

  test('the same key gives the same label, also an hour later; another key gives another', async () => {
    const { carrier, clock } = post();
    const first = intentMemo('k1');
    const label = await carrier.buy(request, first);
    await clock.sleep(3_600_000);
    expect(await carrier.buy(request, intentMemo('k1', first.refs))).toEqual(label);
    expect((await carrier.buy(request, intentMemo('k2'))).trackingNumber).not.toBe(label.trackingNumber);
  });

  test('an intent that was priced once keeps its price when the tariff changes', async () => {
    const first = intentMemo('k1');
    const label = await post().carrier.buy(request, first);
    const dearer = tariffSchema.parse({ ...tariff, services: tariff.services.map((service) => ({ ...service, fuelPercent: '40' })) });
    const carrier = rateTableCarrier({ connection: 'post', tariffs: [dearer], clock: virtualClock('2026-11-21T12:00:00.000Z') });
    expect(await carrier.buy({ ...request, priceLimit: { minor: 1_073, currency: 'EUR' } }, intentMemo('k1', first.refs))).toEqual(label);
  });

  test('a price above the limit is refused and nothing is bought', async () => {
    await expect(post().carrier.buy({ ...request, priceLimit: { minor: 1_072, currency: 'EUR' } }, intentMemo('k'))).rejects.toMatchObject({
      code: 'refused',
      facts: { outcome: 'not-applied', message: 'the label costs 10.73 EUR, more than its limit of 10.72 EUR' },
    });
  });

  test('a price at the limit is paid', async () => {
    expect(await post().carrier.buy({ ...request, priceLimit: { minor: 1_073, currency: 'EUR' } }, intentMemo('k'))).toMatchObject({
      price: { minor: 1_073 },
    });
  });

  test.each([
    ['a limit in another currency', { priceLimit: { minor: 99_999, currency: 'USD' } }, 'the price is in EUR and its limit in USD'],
    ['a service that the tariff lacks', { service: 'drone' }, 'tariff post-2026 has no service drone'],
    ['a place where the service does not go', { shipTo: address('NO', '0150', 'Ada') }, 'Parcel does not go there'],
    [
      'a signature, which no tariff prices,',
      { delivery: { ...plainDelivery, signature: 'adult' as const } },
      'tariff post-2026 has no price for a signature',
    ],
    ['a day without a tariff', { shipAt: '2027-06-01T00:00:00.000Z' }, 'no tariff of Post holds on 2027-06-01'],
  ])('%s is refused', async (_, change, message) => {
    await expect(post().carrier.buy({ ...request, ...change }, intentMemo('k'))).rejects.toMatchObject({
      code: 'refused',
      facts: { message },
    });
  });
});

describe('the label', () => {
  async function zpl(): Promise<string> {
    const label = await post().carrier.buy(request, intentMemo('k1'));
    return Buffer.from(label.document.base64 ?? '', 'base64').toString('utf8');
  }

  test('is a ZPL document with addresses, reference and the tracking number as Code 128', async () => {
    const { trackingNumber } = await post().carrier.buy(request, intentMemo('k1'));
    const document = await zpl();
    expect(document.startsWith('^XA\n') && document.endsWith('^XZ\n')).toBe(true);
    expect(document).toContain(`^BCN,180,Y,N,N,A^FD${trackingNumber}^FS`);
    expect(document).toContain('^FDHauptstraße 1^FS');
    expect(document).toContain('^FDSO1001 / WH/OUT/7^FS');
  });

  test('cannot be made to carry printer commands by an address', async () => {
    expect(await zpl()).toContain('^FDAda _5ELovelace_7E^FS');
  });

  test('has a tracking number that can be checked', async () => {
    const { trackingNumber } = await post().carrier.buy(request, intentMemo('k1'));
    expect(isTrackingNumber(trackingNumber)).toBe(true);
  });
});

describe('afterwards', () => {
  test('a purchase that stopped before it answered is found, the same label', async () => {
    const { carrier } = post();
    const lost = intentMemo('k1');
    const label = await carrier.buy(request, lost);
    expect(await carrier.reconcile(request, lost.refs, intentMemo('k1', lost.refs))).toEqual({ kind: 'found', result: label });
  });

  test('a purchase that never began is absent', async () => {
    expect(await post().carrier.reconcile(request, {}, intentMemo('k1'))).toEqual({ kind: 'absent' });
  });

  test('a label that is not handed over costs nothing and is void', async () => {
    expect(await post().carrier.voidLabel({ ref: 'x', trackingNumber: 'x' }, intentMemo('k'))).toEqual({ kind: 'voided' });
  });

  test('a probe says when no tariff holds today', async () => {
    const carrier = rateTableCarrier({ connection: 'post', tariffs: [tariff], clock: virtualClock('2027-01-02T00:00:00.000Z') });
    expect(await carrier.probe()).toEqual({ account: 'Post', problems: ['No tariff of Post holds today (2027-01-02): add one.'] });
  });

  test('tariffs of two carriers are not one rate table', () => {
    expect(() => rateTableCarrier({ connection: 'x', tariffs: [tariff, { ...tariff, carrier: 'Other' }] })).toThrow(RangeError);
  });
});
