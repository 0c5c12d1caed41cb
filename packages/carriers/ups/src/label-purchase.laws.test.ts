import { sandboxFetch, virtualClock, withFaults } from '@quartermaster/connector-kit/sandbox';
import { mishapsWith, obtainLabel, type Mishaps } from '@quartermaster/connector-kit/testing';
import { plainDelivery, type Address, type Carrier, type Clock, type Label, type LabelRequest } from '@quartermaster/domain';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { upsCarrier } from './index.ts';
import { createUpsSandbox, type PurchaseTrouble, type SandboxService } from './sandbox/index.ts';
import { referenceOf } from './translate.ts';

const origin = 'https://ups.test';
const keys = { clientId: 'client-of-the-sandbox', clientSecret: 'secret-of-the-sandbox', accountNumber: 'A1B2C3' };

/** What a parcel of a kilogram to a private address costs is the base, the residential surcharge and the fuel: `cost` of it. */
const ground = (baseMinor: number): SandboxService => ({
  code: '03',
  name: 'UPS Ground',
  from: 'US',
  to: 'US',
  baseMinor,
  perPoundMinor: 0,
  days: 3,
});
const cost = (baseMinor: number): number => baseMinor + 595 + Math.round((baseMinor + 595) * 0.18);

const address = (street: string): Address => ({
  name: 'Ada',
  company: null,
  lines: [street],
  postalCode: '94104',
  city: 'San Francisco',
  region: 'CA',
  country: 'US',
  phone: null,
  email: null,
});

function requestTo(street: string): LabelRequest {
  return {
    shipFrom: address('1 Dock Road'),
    shipTo: address(street),
    parcel: { number: 1, grams: 1_000, millimetres: null, items: [{ lineId: '1', sku: 'A', units: 1 }] },
    service: '03',
    format: 'zpl',
    shipAt: '2026-11-21T10:00:00.000Z',
    reference: 'SO1001',
    delivery: plainDelivery,
    priceLimit: { minor: cost(600), currency: 'USD' },
  };
}

type PurchaseMishaps = Mishaps<PurchaseTrouble>;

/** The base price changes from each call for a quote on; the last one stays. */
const mishaps = (prices?: fc.Arbitrary<number[]>): fc.Arbitrary<PurchaseMishaps> =>
  mishapsWith({
    faults: ['rate-limited', 'error-before', 'error-after', 'drop-before', 'drop-after'],
    troubles: ['refused', 'failed', 'failed-made', 'late'],
    ...(prices === undefined ? {} : { prices }),
  });

const obtain = (carrier: Carrier, clock: Clock, key: string, given: PurchaseMishaps): Promise<Label | 'too-dear'> =>
  obtainLabel({ carrier, clock, key, mishaps: given }, (corrections) => requestTo(`${corrections} Harbor Drive`));

function worldOf(given: PurchaseMishaps) {
  const clock = virtualClock('2026-11-21T12:00:00.000Z');
  const sandbox = createUpsSandbox({
    ...keys,
    clock,
    currency: 'USD',
    services: [ground(600)],
    discountPercent: 0,
    trouble: (purchase) => given.troubles[purchase] ?? null,
  });
  const app = withFaults(sandbox.app, (call, request) => {
    // UPS keeps no quote: what changes between the quote and the purchase right behind it is paid.
    const price = request.url.includes('/rating/') ? given.prices[call] : undefined;
    if (price !== undefined) sandbox.setServices([ground(price)]);
    return given.calls[call] ?? null;
  });
  const carrier = upsCarrier({
    connection: 'ups',
    ...keys,
    baseUrl: origin,
    currency: 'USD',
    zone: 'America/Los_Angeles',
    clock,
    random: () => 0.5,
    fetch: sandboxFetch({ [origin]: app }),
  });
  /** What comes true late comes true. */
  const settled = async () => {
    await clock.sleep(3_600_000);
    return sandbox.snapshot();
  };
  return { clock, carrier, settled };
}

test('whatever is lost, refused or killed on the way, one key ends with exactly one label, and it is the one we hold', async () => {
  const seen: unknown[] = [];
  await fc.assert(
    fc.asyncProperty(mishaps(), async (given) => {
      const { clock, carrier, settled } = worldOf(given);
      const label = await obtain(carrier, clock, 'intent-1', given);
      const { labels } = await settled();
      expect(labels.map(({ references, trackingNumber }) => [references[0], trackingNumber])).toEqual([
        [referenceOf('intent-1'), label === 'too-dear' ? null : label.trackingNumber],
      ]);
      expect(label).toMatchObject({ price: { minor: cost(600), currency: 'USD' } });
      seen.push(...given.calls, ...given.troubles, ...given.writes);
    }),
    { numRuns: 250 },
  );
  expect(new Set(seen).size).toBe(12);
});

test('whatever happens to the price, no label costs more than its limit, and a purchase given up as too dear has no label', async () => {
  await fc.assert(
    fc.asyncProperty(mishaps(fc.array(fc.constantFrom(550, 600, 601, 900), { minLength: 2, maxLength: 12 })), async (given) => {
      const { clock, carrier, settled } = worldOf(given);
      const label = await obtain(carrier, clock, 'intent-1', given);
      const { labels } = await settled();
      expect(labels.map(({ trackingNumber }) => trackingNumber)).toEqual(label === 'too-dear' ? [] : [label.trackingNumber]);
      expect(labels.every(({ priceMinor }) => priceMinor <= cost(600))).toBe(true);
    }),
    { numRuns: 250 },
  );
});

test('a purchase that comes true while nobody looks is not made again by who looked too early', async () => {
  const given: PurchaseMishaps = {
    calls: [null, null, null, 'rate-limited'],
    troubles: ['refused', null, 'late'],
    writes: [],
    prices: [],
    corrections: [false, true, true],
    looks: [false, false, false, true, false, false],
  };
  const { clock, carrier, settled } = worldOf(given);

  await Promise.all(['intent-0', 'intent-1', 'intent-2'].map((key) => obtain(carrier, clock, key, given)));

  expect((await settled()).labels.map(({ references }) => references[0] ?? '').toSorted(byText)).toEqual(
    ['intent-0', 'intent-1', 'intent-2'].map(referenceOf).toSorted(byText),
  );
});

test('several intents at once do not get into one another’s way', async () => {
  await fc.assert(
    fc.asyncProperty(mishaps(), fc.integer({ min: 2, max: 4 }), async (given, size) => {
      const { clock, carrier, settled } = worldOf(given);
      const intents = Array.from({ length: size }, (_, index) => `intent-${index}`);
      await Promise.all(intents.map((key) => obtain(carrier, clock, key, given)));
      const { labels } = await settled();
      expect(labels.map(({ references }) => references[0] ?? '').toSorted(byText)).toEqual(intents.map(referenceOf).toSorted(byText));
    }),
    { numRuns: 60 },
  );
});

function byText(left: string, right: string): number {
  return left < right ? -1 : 1;
}
