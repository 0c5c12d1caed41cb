import { sandboxFetch, virtualClock, withFaults } from '@quartermaster/connector-kit/sandbox';
import { mishapsWith, obtainLabel, type Mishaps } from '@quartermaster/connector-kit/testing';
import { plainDelivery, type Address, type Carrier, type Clock, type Label, type LabelRequest } from '@quartermaster/domain';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { easypostCarrier } from './index.ts';
import { createEasyPostSandbox, type PurchaseTrouble, type SandboxTariff } from './sandbox/index.ts';

const origin = 'https://easypost.test';
const apiKey = 'EZTK-sandbox-key';

const tariff = (baseMinor: number): SandboxTariff => ({
  carrier: 'USPS',
  service: 'Ground',
  lanes: [{ from: 'US', to: 'US', baseMinor, perKgMinor: 0, days: 3 }],
});

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
    service: 'USPS/Ground',
    format: 'pdf',
    shipAt: '2026-11-21T10:00:00.000Z',
    reference: 'SO1001',
    delivery: plainDelivery,
    priceLimit: { minor: 600, currency: 'USD' },
  };
}

type PurchaseMishaps = Mishaps<PurchaseTrouble>;

/** The base price changes after each call to EasyPost; the last one stays. */
const mishaps = (prices?: fc.Arbitrary<number[]>): fc.Arbitrary<PurchaseMishaps> =>
  mishapsWith({
    faults: ['rate-limited', 'error-before', 'error-after', 'drop-before', 'drop-after'],
    troubles: ['refused', 'timed-out', 'timed-out-bought', 'slow'],
    ...(prices === undefined ? {} : { prices }),
  });

const obtain = (carrier: Carrier, clock: Clock, key: string, given: PurchaseMishaps): Promise<Label | 'too-dear'> =>
  obtainLabel({ carrier, clock, key, mishaps: given }, (corrections) => requestTo(`${corrections} Harbor Drive`));

function worldOf(given: PurchaseMishaps) {
  const clock = virtualClock('2026-11-21T12:00:00.000Z');
  const sandbox = createEasyPostSandbox({
    apiKey,
    clock,
    currency: 'USD',
    tariffs: [tariff(600)],
    trouble: (purchase) => given.troubles[purchase] ?? null,
  });
  const app = withFaults(sandbox.app, (call) => {
    const price = given.prices[call];
    if (price !== undefined) sandbox.setTariffs([tariff(price)]);
    return given.calls[call] ?? null;
  });
  const carrier = easypostCarrier({
    connection: 'post',
    apiKey,
    baseUrl: origin,
    currency: 'USD',
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
      const { labels, chargedMinor } = await settled();
      expect(labels.map(({ reference, trackingCode }) => [reference, trackingCode])).toEqual([
        ['intent-1', label === 'too-dear' ? null : label.trackingNumber],
      ]);
      expect(chargedMinor).toBe(600);
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
      expect(labels.map(({ trackingCode }) => trackingCode)).toEqual(label === 'too-dear' ? [] : [label.trackingNumber]);
      expect(labels.every(({ priceMinor }) => priceMinor <= 600)).toBe(true);
    }),
    { numRuns: 250 },
  );
});

test('a purchase that comes true while nobody looks is not made again by who looked too early', async () => {
  const given: PurchaseMishaps = {
    calls: [null, null, null, 'rate-limited'],
    troubles: ['refused', null, 'slow'],
    writes: [],
    prices: [],
    corrections: [false, true, true],
    looks: [false, false, false, true, false, false],
  };
  const { clock, carrier, settled } = worldOf(given);

  await Promise.all(['intent-0', 'intent-1', 'intent-2'].map((key) => obtain(carrier, clock, key, given)));

  expect((await settled()).labels.map(({ reference }) => reference).toSorted(byText)).toEqual(['intent-0', 'intent-1', 'intent-2']);
});

test('several intents at once do not get into one another’s way', async () => {
  await fc.assert(
    fc.asyncProperty(mishaps(), fc.integer({ min: 2, max: 4 }), async (given, size) => {
      const { clock, carrier, settled } = worldOf(given);
      const keys = Array.from({ length: size }, (_, index) => `intent-${index}`);
      await Promise.all(keys.map((key) => obtain(carrier, clock, key, given)));
      const { labels, duplicates } = await settled();
      expect(labels.map(({ reference }) => reference).toSorted(byText)).toEqual(keys);
      expect(duplicates).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

function byText(left: string | null, right: string | null): number {
  return (left ?? '') < (right ?? '') ? -1 : 1;
}
