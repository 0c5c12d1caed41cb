import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { availableToPromise, waterfall } from './available-to-promise.ts';
import { publishable, type ChannelLevel } from './publishable.ts';

const units = fc.integer({ min: 0, max: 1000 });
const stock = fc.dictionary(fc.constantFrom('BER', 'HAM', 'PAR', 'VIE'), units).map((given) => new Map(Object.entries(given)));
const channels = fc.uniqueArray(
  fc.record({
    connection: fc.constantFrom('shop', 'market', 'outlet', 'b2b'),
    share: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 100, noNaN: true })),
    minimum: fc.oneof(fc.constant(0), units),
  }),
  { selector: ({ connection }) => connection },
);
const position = fc.record({
  sku: fc.constant('MUG'),
  node: fc.constant('BER'),
  asOf: fc.constant('2026-11-20T10:00:00.000Z'),
  sellable: fc.integer({ min: -50, max: 1000 }),
  reserved: units,
  qualityHold: units,
  damaged: units,
  returnPending: units,
  inTransit: units,
  inbound: fc.constant([]),
  lot: fc.constant(null),
  owner: fc.constant(null),
  kit: fc.constant(null),
});

test('the waterfall adds up to what may be promised, and that is never below 0', () => {
  fc.assert(
    fc.property(fc.record({ position, safetyStock: units, softReserved: units }), (given) => {
      const promised = availableToPromise(given);
      expect(waterfall(given).reduce((sum, step) => sum + step.units, 0)).toBe(promised);
      expect(promised).toBe(Math.max(0, given.position.sellable - given.position.reserved - given.softReserved - given.safetyStock));
    }),
  );
});

test('over all channels a node never shows more than it has', () => {
  fc.assert(
    fc.property(stock, channels, (atpByNode, shares) => {
      const shown = publishable({ sku: 'MUG', atpByNode, channels: shares });
      for (const [node, atp] of atpByNode) expect(sum(shown.filter((level) => level.node === node))).toBeLessThanOrEqual(atp);
      expect(shown.every((level) => Number.isSafeInteger(level.available) && level.available >= 0)).toBe(true);
    }),
  );
});

test('all is shown where a channel has a share', () => {
  fc.assert(
    fc.property(stock, channels, (atpByNode, shares) => {
      fc.pre(shares.some(({ share }) => share > 0));
      const total = [...atpByNode.values()].reduce((left, right) => left + right, 0);
      expect(sum(publishable({ sku: 'MUG', atpByNode, channels: shares }))).toBe(total);
    }),
  );
});

test('a channel gets at least its minimum unless earlier minimums have used the stock up', () => {
  fc.assert(
    fc.property(stock, channels, (atpByNode, shares) => {
      const shown = publishable({ sku: 'MUG', atpByNode, channels: shares });
      let left = [...atpByNode.values()].reduce((one, other) => one + other, 0);
      for (const { connection, minimum } of shares) {
        const due = Math.min(minimum, left);
        left -= due;
        expect(sum(shown.filter((level) => level.connection === connection))).toBeGreaterThanOrEqual(due);
      }
    }),
  );
});

test('the order in which nodes come does not matter', () => {
  fc.assert(
    fc.property(stock, channels, (atpByNode, shares) => {
      const turned = new Map([...atpByNode].reverse());
      expect(publishable({ sku: 'MUG', atpByNode: turned, channels: shares })).toEqual(
        publishable({ sku: 'MUG', atpByNode, channels: shares }),
      );
    }),
  );
});

function sum(levels: readonly ChannelLevel[]): number {
  return levels.reduce((left, level) => left + level.available, 0);
}
