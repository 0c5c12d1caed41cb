import { sandboxFetch, virtualClock, withFaults } from '@quartermaster/connector-kit/sandbox';
import { mishapsWith, obtainLabel, type Mishaps } from '@quartermaster/connector-kit/testing';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { shipengineCarrier } from './index.ts';
import { createShipEngineSandbox, type SandboxTrouble } from './sandbox/index.ts';
import { ground, request } from './testing/given.ts';

const origin = 'https://shipengine.test';
const apiKey = 'key-of-the-sandbox';
const limit = { minor: 715, currency: 'USD' };

type PurchaseMishaps = Mishaps<SandboxTrouble>;

/** A trouble is armed before each attempt; the base price changes after each call, and the last one stays. */
const mishaps = (prices: fc.Arbitrary<number[]>): fc.Arbitrary<PurchaseMishaps> =>
  mishapsWith({
    faults: ['rate-limited', 'error-before', 'error-after', 'drop-before', 'drop-after', 'malformed-after'],
    troubles: ['broken', 'broken-bought', 'slow', 'failed-label', 'refused', 'partial-rates'],
    prices,
  });

/** With a person who tries again what was refused; a doubt that there was before stays. */
const obtain = ({ clock, carrier, arm }: Pick<ReturnType<typeof scene>, 'clock' | 'carrier' | 'arm'>, given: PurchaseMishaps) =>
  obtainLabel({ carrier, clock, key: 'ORDER-7/buy-label/S00042/1/1/1', mishaps: given }, () => request({ priceLimit: limit }), {
    beforeAttempt: arm,
    settles: ({ code, facts }) => facts.outcome === 'not-applied' && code === 'refused',
  });

function scene(mishap: PurchaseMishaps) {
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
      const label = await obtain({ clock, carrier, arm }, mishap);
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
      const end = await obtain({ clock, carrier, arm }, mishap);
      await clock.sleep(86_400_000);
      const { labels } = sandbox.snapshot();
      expect(labels.map(({ trackingNumber }) => trackingNumber)).toEqual(end === 'too-dear' ? [] : [end.trackingNumber]);
    }),
    { numRuns: 300 },
  );
});
