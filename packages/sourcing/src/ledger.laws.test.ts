import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { compile, poolsOfChannel, type Compiled } from './compile.ts';
import {
  availableUnits,
  book,
  bookIfFits,
  emptyLedger,
  laborMeter,
  shipmentMinutes,
  totalLabor,
  unbook,
  withinLimits,
  type Ledger,
  type Shipment,
} from './ledger.ts';
import { judgeByForce } from './testing/brute-force.ts';
import { problems } from './testing/problems.ts';

/** A problem and shipments of its orders, possible or not: what the ledger is asked to book. */
const bookings = problems({ nodes: 2, services: 2, skus: 2, orders: 4, lines: 3 }).chain((problem) => {
  const compiled = compile(problem);
  const shipment = fc
    .record({ order: fc.nat(problem.orders.length - 1), node: fc.nat(1), service: fc.nat(1), pick: fc.nat(2) })
    .map(({ order, node, service, pick }) => {
      const lines = [pick % problem.orders[order]!.lines.length];
      const slot = compiled.slotOf[node * problem.services.length + service]!;
      return { order, shipment: { node, service, slot, lines, cost: 1, minutes: shipmentMinutes(compiled, order, node, lines) } };
    });
  return fc.record({
    compiled: fc.constant(compiled),
    booked: fc.array(shipment, { maxLength: 8 }),
    more: shipment,
    shuffle: fc.infiniteStream(fc.nat()),
  });
});

const numbers = (ledger: Ledger): number[][] =>
  [ledger.sharedUsed, ledger.poolUsed, ledger.slotUsed, ledger.minutes].map((values) =>
    Array.from(values, (value) => Math.round(value * 1e9) / 1e9 + 0),
  );

function ledgerOf(compiled: Compiled, booked: readonly { readonly order: number; readonly shipment: Shipment }[]): Ledger {
  const ledger = emptyLedger(compiled);
  for (const { order, shipment } of booked) book(ledger, order, shipment);
  return ledger;
}

test('a shipment that is booked and taken back leaves no trace, whatever else is booked', () => {
  fc.assert(
    fc.property(bookings, ({ compiled, booked, more }) => {
      const ledger = ledgerOf(compiled, booked);
      const before = numbers(ledger);
      book(ledger, more.order, more.shipment);
      unbook(ledger, more.order, more.shipment);
      expect(numbers(ledger)).toEqual(before);
    }),
  );
});

test('taken back in any order, all shipments leave an empty ledger', () => {
  fc.assert(
    fc.property(bookings, ({ compiled, booked, shuffle }) => {
      const ledger = ledgerOf(compiled, booked);
      const keys = booked.map(() => shuffle.next().value ?? 0);
      for (const index of [...booked.keys()].sort((left, right) => keys[left]! - keys[right]!))
        unbook(ledger, booked[index]!.order, booked[index]!.shipment);
      expect(numbers(ledger)).toEqual(numbers(emptyLedger(compiled)));
    }),
  );
});

test('what does not fit is not booked at all', () => {
  fc.assert(
    fc.property(bookings, ({ compiled, booked, more }) => {
      const ledger = ledgerOf(compiled, booked);
      const before = numbers(ledger);
      const fits = bookIfFits(ledger, more.order, [more.shipment]);
      const after = numbers(ledger);
      expect(after).toEqual(fits ? numbers(ledgerOf(compiled, [...booked, more])) : before);
    }),
  );
});

test('a channel may take what is reserved for it and not taken yet, and what is left of the shared units', () => {
  fc.assert(
    fc.property(bookings, ({ compiled, booked }) => {
      const { problem } = compiled;
      const ledger = ledgerOf(compiled, booked);
      const faults = new Set(
        judgeByForce(problem, []).faults.concat(
          booked.flatMap(({ order, shipment }) => (withinLimits(ledger, order, shipment) ? [] : ['over'])),
        ),
      );
      fc.pre(faults.size === 0);
      for (const [sku, row] of problem.nodes.flatMap((_, node) =>
        compiled.skuIds.map((id, index): [string, number] => [id, index * compiled.nodeCount + node]),
      )) {
        const node = problem.nodes[row % compiled.nodeCount]!;
        for (const { channel } of problem.orders) {
          const taken = (of: string): number =>
            booked
              .filter(({ order, shipment }) => problem.orders[order]!.channel === of && problem.nodes[shipment.node] === node)
              .flatMap(({ order, shipment }) => shipment.lines.map((line) => problem.orders[order]!.lines[line]!))
              .filter((line) => line.sku === sku)
              .reduce((sum, { units }) => sum + units, 0);
          const reservedFor = (of: string): number =>
            Object.entries(Object.entries(node.reserved ?? {}).find(([name]) => name === of)?.[1] ?? {}).find(([id]) => id === sku)?.[1] ??
            0;
          const shared = [...new Set(problem.orders.map((order) => order.channel))].reduce(
            (left, of) => left - Math.max(0, taken(of) - reservedFor(of)),
            Object.entries(node.stock).find(([id]) => id === sku)?.[1] ?? 0,
          );
          const expected = shared + Math.max(0, reservedFor(channel) - taken(channel));
          expect(availableUnits(ledger, row, poolsOfChannel(compiled, channel))).toBe(expected);
        }
      }
    }),
  );
});

test('labor that is metered while shipments come and go costs the same to the last digit as computed anew', () => {
  fc.assert(
    fc.property(bookings, ({ compiled, booked, more }) => {
      const ledger = emptyLedger(compiled);
      const meter = laborMeter(ledger);
      for (const { order, shipment } of [...booked, more]) {
        book(ledger, order, shipment);
        expect(meter.total()).toBe(totalLabor(ledger));
      }
      unbook(ledger, more.order, more.shipment);
      expect(meter.total()).toBe(totalLabor(ledger));
    }),
  );
});
