import { z } from 'zod';
import { stockRow, type Compiled } from './compile.ts';
import { idRecord, ownValue } from './id-record.ts';
import type { PlanShipment } from './plan.ts';
import { pathText, SourcingInputError, type InputIssue, type SourcingProblem } from './problem.ts';

/** By node and SKU: what a unit that this plan does not use is worth, in the problem's currency; read it with `Object.entries` or own keys, ids are any strings. */
export type StockValues = Readonly<Record<string, Readonly<Record<string, number>>>>;

const stockValues = idRecord(idRecord(z.number().nonnegative()));

/**
 * Stock values by stock row. A reserved unit is worth as much as a shared one.
 *
 * @throws SourcingInputError where a value is no number from 0 up, or a node or SKU is not in the problem; paths start at `stockValues`
 */
export function readStockValues(compiled: Compiled, given: StockValues): Float64Array {
  const parsed = stockValues.safeParse(given);
  if (!parsed.success)
    throw new SourcingInputError(parsed.error.issues.map(({ path, message }) => ({ path: pathText(['stockValues', ...path]), message })));
  const skus = new Set(compiled.problem.skus.map(({ id }) => id));
  const values = new Float64Array(compiled.stock.length);
  const issues: InputIssue[] = [];
  for (const [nodeId, bySku] of Object.entries(parsed.data)) {
    const node = compiled.nodeIndex.get(nodeId);
    if (node === undefined) {
      issues.push({ path: pathText(['stockValues', nodeId]), message: `Unknown node ${JSON.stringify(nodeId)}` });
      continue;
    }
    for (const [skuId, value] of Object.entries(bySku)) {
      const sku = compiled.skuIndex.get(skuId);
      if (sku !== undefined) values[stockRow(compiled, node, sku)] = value;
      else if (!skus.has(skuId))
        issues.push({ path: pathText(['stockValues', nodeId, skuId]), message: `Unknown SKU ${JSON.stringify(skuId)}` });
    }
  }
  if (issues.length > 0) throw new SourcingInputError(issues);
  return values;
}

/** What the units that these shipments take would be worth unused. */
export function valueOfStockUsed(problem: SourcingProblem, values: StockValues, shipments: readonly PlanShipment[]): number {
  const orders = new Map(problem.orders.map((order) => [order.id, order]));
  let sum = 0;
  for (const { order, node, lines } of shipments) {
    const known = orders.get(order);
    for (const index of lines) {
      const line = known?.lines[index];
      if (line !== undefined) sum += line.units * (ownValue(ownValue(values, node), line.sku) ?? 0);
    }
  }
  return sum;
}
