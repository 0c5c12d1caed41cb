import { sandboxFetch, virtualClock, withFaults, type SandboxFault } from '@quartermaster/connector-kit/sandbox';
import {
  isFault,
  plainDelivery,
  type Address,
  type Carrier,
  type Clock,
  type EffectMemo,
  type EffectRefs,
  type Label,
  type LabelRequest,
} from '@quartermaster/domain';
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

/** All that goes wrong, in order; when a list is used up nothing goes wrong any more. */
type Mishaps = {
  readonly calls: readonly (SandboxFault | null)[];
  readonly purchases: readonly (PurchaseTrouble | null)[];
  /** At each write to the journal: nothing, or the process dies before or after it is durable. */
  readonly writes: readonly ('dies-before' | 'dies-after' | null)[];
  /** Base price after each call to EasyPost; the last one stays. */
  readonly prices: readonly number[];
  /** Whether the address is corrected before the attempt of that number. */
  readonly corrections: readonly boolean[];
  /** Whether an unknown outcome is looked up (as it should be) or simply tried again. */
  readonly looks: readonly boolean[];
};

const sometimes = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null, freq: 2 });
const mishaps = (given: { prices: fc.Arbitrary<number[]> }): fc.Arbitrary<Mishaps> =>
  fc.record({
    calls: fc.array(sometimes(fc.constantFrom<SandboxFault>('rate-limited', 'error-before', 'error-after', 'drop-before', 'drop-after')), {
      maxLength: 25,
    }),
    purchases: fc.array(sometimes(fc.constantFrom<PurchaseTrouble>('refused', 'timed-out', 'timed-out-bought', 'slow')), {
      minLength: 1,
      maxLength: 5,
    }),
    writes: fc.array(sometimes(fc.constantFrom('dies-before' as const, 'dies-after' as const)), { maxLength: 12 }),
    prices: given.prices,
    corrections: fc.array(fc.boolean(), { maxLength: 5 }),
    looks: fc.array(fc.boolean(), { minLength: 4, maxLength: 8 }),
  });

class ProcessKilled extends Error {}

/** Drives one intent as a worker with a journal does, through every mishap, until it is done or refused for its price. */
async function obtain(carrier: Carrier, clock: Clock, key: string, given: Mishaps): Promise<Label | 'too-dear'> {
  let refs: EffectRefs = {};
  let write = 0;
  const memo = (): EffectMemo => ({
    key,
    refs,
    saveRefs: (more) => durable(() => (refs = { ...refs, ...more })),
    saveRaw: () => durable(() => undefined),
    rawAnswers: async () => [],
  });
  async function durable(store: () => void): Promise<void> {
    const fate = given.writes[write++] ?? null;
    if (fate === 'dies-before') throw new ProcessKilled();
    store();
    if (fate === 'dies-after') throw new ProcessKilled();
  }

  let street = 0;
  let unknown = false;
  for (let attempt = 0; attempt < 200; attempt++) {
    if (given.corrections[attempt] === true) street++;
    const request = requestTo(`${street} Harbor Drive`);
    try {
      if (unknown && given.looks[attempt] !== false) {
        const found = await carrier.reconcile(request, refs, memo());
        if (found.kind === 'found') return found.result;
        if (found.kind === 'cannot-tell') throw new Error(found.check);
        if (found.kind === 'pending') await clock.sleep(found.afterMs);
        unknown = found.kind === 'pending';
      } else {
        unknown = true;
        return await carrier.buy(request, memo());
      }
    } catch (error) {
      if (isFault(error) && error.facts.outcome === 'not-applied') {
        if (error.facts.message.includes('more than its limit')) return 'too-dear';
        unknown = false;
      } else if (!isFault(error) && !(error instanceof ProcessKilled)) throw error;
      await clock.sleep(5_000);
    }
  }
  throw new Error('did not converge');
}

function worldOf(given: Mishaps) {
  const clock = virtualClock('2026-11-21T12:00:00.000Z');
  const sandbox = createEasyPostSandbox({
    apiKey,
    clock,
    currency: 'USD',
    tariffs: [tariff(600)],
    trouble: (purchase) => given.purchases[purchase] ?? null,
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
    fc.asyncProperty(mishaps({ prices: fc.constant([]) }), async (given) => {
      const { clock, carrier, settled } = worldOf(given);
      const label = await obtain(carrier, clock, 'intent-1', given);
      const { labels, chargedMinor } = await settled();
      expect(labels.map(({ reference, trackingCode }) => [reference, trackingCode])).toEqual([
        ['intent-1', label === 'too-dear' ? null : label.trackingNumber],
      ]);
      expect(chargedMinor).toBe(600);
      seen.push(...given.calls, ...given.purchases, ...given.writes);
    }),
    { numRuns: 250 },
  );
  expect(new Set(seen).size).toBe(12);
});

test('whatever happens to the price, no label costs more than its limit, and a purchase given up as too dear has no label', async () => {
  await fc.assert(
    fc.asyncProperty(mishaps({ prices: fc.array(fc.constantFrom(550, 600, 601, 900), { minLength: 2, maxLength: 12 }) }), async (given) => {
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
  const given: Mishaps = {
    calls: [null, null, null, 'rate-limited'],
    purchases: ['refused', null, 'slow'],
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
    fc.asyncProperty(mishaps({ prices: fc.constant([]) }), fc.integer({ min: 2, max: 4 }), async (given, size) => {
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
