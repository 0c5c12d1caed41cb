import { intentMemo, randomFaults, withFaults } from '@quartermaster/connector-kit/sandbox';
import { isFault, type PushedLevel } from '@quartermaster/domain';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { givenShop, start } from './testing/shop.ts';

/** Carries an intent out as a worker does: again after every fault, after an unknown outcome only once the look-up said that it is absent. */
async function untilDone<Result>(attempt: () => Promise<Result>, lookUp: () => Promise<Result | null>): Promise<Result> {
  let unknown = false;
  for (;;) {
    try {
      const found = unknown ? await lookUp() : null;
      if (found !== null) return found;
      unknown = false;
      return await attempt();
    } catch (error) {
      if (!isFault(error) || error.facts.retry.kind === 'never') throw error;
      unknown ||= error.facts.outcome === 'unknown';
    }
  }
}

const shipping = fc.record({
  mugs: fc.integer({ min: 1, max: 6 }),
  teas: fc.integer({ min: 1, max: 6 }),
  parts: fc.array(
    fc.record({ node: fc.constantFrom('BER', 'PAR'), mugs: fc.integer({ min: 0, max: 3 }), teas: fc.integer({ min: 0, max: 3 }) }),
    {
      minLength: 1,
      maxLength: 4,
    },
  ),
  seed: fc.nat(100_000),
});

test('every shipment that is possible is one fulfillment of just its units at just its node, whatever gets lost on the way', async () => {
  await fc.assert(
    fc.asyncProperty(shipping, async ({ mugs, teas, parts, seed }) => {
      const given = givenShop({}, { attempts: 2 }, (app) => withFaults(app, randomFaults({ share: 0.25, seed })));
      const placed = given.shop.placeOrder({
        lines: [
          { sku: 'MUG', quantity: mugs },
          { sku: 'TEA', quantity: teas },
        ],
      });
      const [mug = '', tea = ''] = placed.lineIds;
      const left = { mugs, teas };
      const expected: unknown[] = [];
      for (const [index, part] of parts.entries()) {
        if (part.mugs + part.teas === 0 || part.mugs > left.mugs || part.teas > left.teas) continue;
        left.mugs -= part.mugs;
        left.teas -= part.teas;
        const lines = [
          { lineId: mug, units: part.mugs },
          { lineId: tea, units: part.teas },
        ].filter((line) => line.units > 0);
        const trackingNumbers = [`T-${index}`];
        const request = {
          orderId: placed.id,
          node: part.node,
          lines,
          carrier: 'DPD',
          trackingNumbers,
          trackingUrl: null,
          shippedAt: start,
          notifyCustomer: false,
        };
        await untilDone(
          () => given.channel.confirmShipment(request, intentMemo(`ship-${index}`)),
          async () => {
            const found = await given.channel.findShipment(request);
            return found.kind === 'found' ? found.result : null;
          },
        );
        expected.push({
          location: locationName(part.node),
          trackingNumbers,
          lines: lines.map(({ lineId, units }) => ({ lineId, sku: lineId === mug ? 'MUG' : 'TEA', quantity: units })),
        });
      }
      const fulfillments = given.shop.snapshot().orders[0]?.fulfillments ?? [];
      const shipped = fulfillments.map(({ location, trackingNumbers, lines }) => ({
        location,
        trackingNumbers,
        lines: [...lines].sort((a, b) => Number(a.lineId) - Number(b.lineId)),
      }));
      expect(shipped.map(({ lines, ...rest }) => ({ ...rest, lines: merged(lines) }))).toEqual(expected);
    }),
    { numRuns: 80 },
  );
});

/** Units of one line may come from two fulfillment orders; what counts is their sum. */
function merged(lines: readonly { lineId: string; sku: string | null; quantity: number }[]) {
  const sums = new Map<string, { lineId: string; sku: string | null; quantity: number }>();
  for (const line of lines) sums.set(line.lineId, { ...line, quantity: line.quantity + (sums.get(line.lineId)?.quantity ?? 0) });
  return [...sums.values()];
}

function locationName(node: string): string {
  return node === 'BER' ? 'Berlin' : 'Paris';
}

const level = fc.record({
  sku: fc.constantFrom('MUG', 'TEA', 'NOPE'),
  node: fc.constantFrom('BER', 'PAR'),
  available: fc.integer({ min: -2, max: 20 }),
  expected: fc.constantFrom(null, 10, 3, 7),
});

test('what is answered as set is what the shop shows, and nothing else was changed, whatever gets lost on the way', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(level, { maxLength: 6, selector: ({ sku, node }) => `${sku} ${node}` }),
      fc.nat(100_000),
      fc.constantFrom('2026-04', '2026-10'),
      async (levels, seed, apiVersion) => {
        const given = givenShop({}, { attempts: 2, apiVersion }, (app) => withFaults(app, randomFaults({ share: 0.25, seed })));
        const before = new Map(given.shop.snapshot().inventory.map((row) => [`${row.sku} ${row.location}`, row.available]));
        const answers: PushedLevel[] = await untilDone(
          () => given.channel.pushStock(levels, intentMemo()),
          () => Promise.resolve(null),
        );
        const told = levels.map(({ sku, node, available }, index) => {
          const there = before.get(`${sku} ${locationName(node)}`) ?? 0;
          const answer = answers[index];
          return answer?.kind === 'set' ? available : answer?.kind === 'stale' ? answer.actual : there;
        });
        expect(told).toEqual(levels.map(({ sku, node }) => given.shop.stock(sku, locationName(node)).available));
        const untouched = levels
          .filter((_level, index) => answers[index]?.kind !== 'set')
          .map(({ sku, node }) => `${sku} ${locationName(node)}`);
        const after = new Map(given.shop.snapshot().inventory.map((row) => [`${row.sku} ${row.location}`, row.available]));
        expect(untouched.map((key) => after.get(key) ?? 0)).toEqual(untouched.map((key) => before.get(key) ?? 0));
      },
    ),
    { numRuns: 80 },
  );
});
