import * as fc from 'fast-check';
import type { Certificate } from '../plan.ts';
import type { SourcingProblem } from '../problem.ts';

/** Any admissible prices of a problem, good or bad: zeros, prices of things that nobody wants, reserved units below the shared price, several cuts of one row. */
export function certificates(problem: SourcingProblem): fc.Arbitrary<Certificate> {
  const price = fc.oneof(
    { arbitrary: fc.constant(0), weight: 1 },
    { arbitrary: fc.integer({ min: 0, max: 900 }).map((cents) => cents / 100), weight: 3 },
  );
  const share = fc.constantFrom(0, 0.5, 1);
  const byNode = <Value>(value: (node: SourcingProblem['nodes'][number]) => fc.Arbitrary<Value>): fc.Arbitrary<Record<string, Value>> =>
    fc.tuple(...problem.nodes.map((node) => value(node).map((own): [string, Value] => [node.id, own]))).map(Object.fromEntries);
  const bySku = (value: fc.Arbitrary<number>): fc.Arbitrary<Record<string, number>> =>
    fc.tuple(...problem.skus.map(({ id }) => value.map((own): [string, number] => [id, own]))).map(Object.fromEntries);
  return fc
    .record({
      stockPrices: byNode(() => bySku(price)),
      shares: byNode(() => bySku(share)),
      laborPrices: byNode(({ labor }) => fc.constantFrom(0, 0.2, ...labor.tiers.map(({ costPerMinute }) => costPerMinute))),
      shipmentPrices: byNode(() =>
        fc.tuple(...problem.services.map(({ id }) => price.map((own): [string, number] => [id, own]))).map(Object.fromEntries),
      ),
      roundingCuts: fc.array(
        fc
          .record({
            node: fc.constantFrom(...problem.nodes.map(({ id }) => id)),
            sku: fc.constantFrom(...problem.skus.map(({ id }) => id)),
            fraction: fc.constantFrom([1, 2], [1, 3], [2, 3], [3, 4], [2, 5]),
            price,
          })
          .map(({ fraction: [num = 0, den = 1], ...cut }) => ({ ...cut, num, den })),
        { maxLength: 6 },
      ),
    })
    .map(({ shares, ...prices }) => ({ ...prices, reservedPrices: reservedBelow(problem, prices.stockPrices, shares) }));
}

type ByNodeAndSku = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Of every reservation a price that is its share of the shared one. */
function reservedBelow(problem: SourcingProblem, shared: ByNodeAndSku, shares: ByNodeAndSku): NonNullable<Certificate['reservedPrices']> {
  return Object.fromEntries(
    problem.nodes.map((node) => [
      node.id,
      Object.fromEntries(
        Object.entries(node.reserved ?? {}).map(([channel, units]) => [
          channel,
          Object.fromEntries(
            Object.keys(units).map((sku) => [
              sku,
              (Object.entries(shared[node.id] ?? {}).find(([id]) => id === sku)?.[1] ?? 0) *
                (Object.entries(shares[node.id] ?? {}).find(([id]) => id === sku)?.[1] ?? 1),
            ]),
          ),
        ]),
      ),
    ]),
  );
}
