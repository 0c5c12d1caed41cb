import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { compile, stockRow, type Compiled } from './compile.ts';
import { emptyDraft, force } from './draft.ts';
import type { Shipment } from './ledger.ts';
import { enter, leave, occupantsOf, ordersAt } from './occupants.ts';
import { pricer } from './pricer.ts';
import { problems } from './testing/problems.ts';

/** By line of an order: the node that ships it; none where there is no such node. */
function shipmentsFrom(compiled: Compiled, order: number, nodes: readonly number[]): Shipment[] {
  const lines = compiled.problem.orders[order]!.lines.map((_, line) => line);
  return compiled.problem.nodes.flatMap((_, node) => {
    const own = lines.filter((line) => nodes[line] === node);
    return own.length === 0 ? [] : [{ node, service: 0, slot: -1, lines: own, cost: 1, minutes: 1 }];
  });
}

/** A problem, who ships what at first, and orders that then move one after the other. */
const moves = problems({ nodes: 2, services: 1, skus: 2, orders: 4, lines: 3 }).chain((problem) => {
  const compiled = compile(problem);
  const nodes = fc.array(fc.nat(2), { minLength: 3, maxLength: 3 });
  const plan = (order: number) => nodes.map((each) => shipmentsFrom(compiled, order, each));
  return fc.record({
    compiled: fc.constant(compiled),
    first: fc.tuple(...problem.orders.map((_, order) => plan(order))),
    later: fc.array(fc.nat(problem.orders.length - 1).chain((order) => plan(order).map((shipments) => ({ order, shipments })))),
  });
});

test('a row names its orders as they came, each once, whoever has come and gone since', () => {
  fc.assert(
    fc.property(moves, ({ compiled, first, later }) => {
      const rowsOf = (order: number, shipments: readonly Shipment[]): number[] =>
        shipments.flatMap(({ node, lines }) =>
          lines.map((line) => stockRow(compiled, node, compiled.lineSku[compiled.lineStart[order]! + line]!)),
        );
      const draft = emptyDraft(pricer(compiled));
      const expected = new Map<number, Set<number>>();
      const come = (order: number, shipments: readonly Shipment[]): void => {
        for (const row of rowsOf(order, shipments)) expected.set(row, (expected.get(row) ?? new Set()).add(order));
      };
      for (const [order, shipments] of first.entries()) {
        force(draft, order, shipments);
        come(order, shipments);
      }

      const occupants = occupantsOf(draft, undefined);
      const present = [...first];
      for (const { order, shipments } of later) {
        for (const row of rowsOf(order, present[order]!)) expected.get(row)?.delete(order);
        come(order, shipments);
        leave(occupants, order, present[order]!);
        enter(occupants, order, shipments);
        present[order] = shipments;
      }

      expect([...compiled.stock.keys()].map((row) => [...ordersAt(occupants, row)])).toEqual(
        [...compiled.stock.keys()].map((row) => [...(expected.get(row) ?? [])]),
      );
    }),
  );
});
