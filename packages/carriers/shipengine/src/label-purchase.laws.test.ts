import { sandboxFetch, virtualClock, withFaults, type SandboxFault } from '@quartermaster/connector-kit/sandbox';
import { isFault, type Carrier, type Clock, type EffectMemo, type EffectRefs, type Label } from '@quartermaster/domain';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { shipengineCarrier } from './index.ts';
import { createShipEngineSandbox, type SandboxTrouble } from './sandbox/index.ts';
import { ground, request } from './testing/given.ts';

const origin = 'https://shipengine.test';
const apiKey = 'key-of-the-sandbox';
const limit = { minor: 715, currency: 'USD' };

/** All that goes wrong, in order; when a list is used up nothing goes wrong any more. */
type Mishaps = {
  readonly calls: readonly (SandboxFault | null)[];
  /** Armed one before each attempt. */
  readonly troubles: readonly (SandboxTrouble | null)[];
  /** At each write to the journal: nothing, or the process dies before or after it is durable. */
  readonly writes: readonly ('dies-before' | 'dies-after' | null)[];
  /** Base price after each call; the last one stays. */
  readonly prices: readonly number[];
  /** Whether an unknown outcome is looked up (as it should be) or simply tried again. */
  readonly looks: readonly boolean[];
};

const sometimes = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null, freq: 2 });
const faults = fc.constantFrom<SandboxFault>('rate-limited', 'error-before', 'error-after', 'drop-before', 'drop-after', 'malformed-after');
const purchaseTroubles = fc.constantFrom<SandboxTrouble>('broken', 'broken-bought', 'slow', 'failed-label', 'refused', 'partial-rates');
const mishaps = (prices: fc.Arbitrary<number[]>): fc.Arbitrary<Mishaps> =>
  fc.record({
    calls: fc.array(sometimes(faults), { maxLength: 25 }),
    troubles: fc.array(sometimes(purchaseTroubles), { minLength: 1, maxLength: 5 }),
    writes: fc.array(sometimes(fc.constantFrom('dies-before' as const, 'dies-after' as const)), { maxLength: 12 }),
    prices,
    looks: fc.array(fc.boolean(), { minLength: 4, maxLength: 8 }),
  });

class ProcessKilled extends Error {}

/** Drives one intent as a worker with a journal does, and a person who tries again what was refused, until it is done or too dear. */
async function obtain(
  carrier: Carrier,
  clock: Clock,
  key: string,
  mishap: Mishaps,
  arm: (attempt: number) => void,
): Promise<Label | 'too-dear'> {
  let refs: EffectRefs = {};
  let write = 0;
  const durable = async (store: () => void): Promise<void> => {
    const fate = mishap.writes[write++] ?? null;
    if (fate === 'dies-before') throw new ProcessKilled();
    store();
    if (fate === 'dies-after') throw new ProcessKilled();
  };
  const memo = (): EffectMemo => ({
    key,
    refs,
    saveRefs: (more) => durable(() => (refs = { ...refs, ...more })),
    saveRaw: () => durable(() => undefined),
    rawAnswers: async () => [],
  });
  let unknown = false;
  for (let attempt = 0; attempt < 300; attempt++) {
    arm(attempt);
    try {
      if (unknown && mishap.looks[attempt] !== false) {
        const found = await carrier.reconcile(request(), refs, memo());
        if (found.kind === 'found') return found.result;
        if (found.kind === 'cannot-tell') throw new RangeError(found.check);
        if (found.kind === 'pending') await clock.sleep(found.afterMs);
        unknown = found.kind === 'pending';
      } else {
        unknown = true;
        return await carrier.buy(request({ priceLimit: limit }), memo());
      }
    } catch (error) {
      if (isFault(error)) {
        if (error.facts.message.includes('more than its limit')) return 'too-dear';
        // A person who tries again what was refused; and a doubt that there was before stays.
        if (error.facts.outcome === 'not-applied' && error.code === 'refused') unknown = false;
        await clock.sleep(error.facts.retry.kind === 'after' ? error.facts.retry.ms : 5_000);
      } else if (!(error instanceof ProcessKilled)) throw error;
    }
  }
  throw new RangeError('no end');
}

function scene(mishap: Mishaps) {
  const clock = virtualClock('2026-11-23T09:00:00.000Z');
  const priced = (baseMinor: number) => ({
    ...ground,
    fuelPercent: 10,
    lanes: [{ from: 'US', to: 'US', baseMinor, perKgMinor: 50, days: 4 }],
  });
  const sandbox = createShipEngineSandbox({ apiKey, clock, currency: 'USD', tariffs: [priced(mishap.prices[0] ?? 600)] });
  const app = withFaults(sandbox.app, (call) => {
    sandbox.setTariffs([priced(mishap.prices[Math.min(call, mishap.prices.length - 1)] ?? 600)]);
    return mishap.calls[call] ?? null;
  });
  const carrier = shipengineCarrier({
    connection: 'post',
    apiKey,
    baseUrl: origin,
    currency: 'USD',
    clock,
    random: () => 0.5,
    fetch: sandboxFetch({ [origin]: app }),
  });
  const arm = (attempt: number) => {
    const trouble = mishap.troubles[attempt] ?? null;
    if (trouble !== null) sandbox.trouble(trouble);
  };
  return { clock, sandbox, carrier, arm };
}

test('whatever goes wrong, one key ends with one label that is paid for, and that is the one we have', async () => {
  await fc.assert(
    fc.asyncProperty(mishaps(fc.constant([600])), async (mishap) => {
      const { clock, sandbox, carrier, arm } = scene(mishap);
      const label = await obtain(carrier, clock, 'ORDER-7/buy-label/S00042/1/1/1', mishap, arm);
      await clock.sleep(86_400_000);
      expect(sandbox.snapshot().labels.map(({ trackingNumber }) => trackingNumber)).toEqual([
        label === 'too-dear' ? label : label.trackingNumber,
      ]);
      expect(sandbox.snapshot().chargedMinor).toBe(715);
    }),
    { numRuns: 400 },
  );
});

test('where prices rise meanwhile, there is one label and we have it, or none and it was too dear', async () => {
  await fc.assert(
    fc.asyncProperty(mishaps(fc.array(fc.integer({ min: 500, max: 700 }), { minLength: 1, maxLength: 30 })), async (mishap) => {
      const { clock, sandbox, carrier, arm } = scene(mishap);
      const end = await obtain(carrier, clock, 'ORDER-7/buy-label/S00042/1/1/1', mishap, arm);
      await clock.sleep(86_400_000);
      const { labels } = sandbox.snapshot();
      expect(labels.map(({ trackingNumber }) => trackingNumber)).toEqual(end === 'too-dear' ? [] : [end.trackingNumber]);
    }),
    { numRuns: 300 },
  );
});
