import { exampleNode, exampleOrder, exampleProblem } from '../example-problem.ts';
import type { SourcingProblem } from '../problem.ts';
import { seededNumbers } from '../random.ts';

/** A batch of this many orders on three nodes with a third too little stock, so that everything has a price. */
export function madeUpBatch(orderCount: number): SourcingProblem {
  const random = seededNumbers(orderCount);
  const below = (limit: number): number => Math.floor(random() * limit);
  const skuIds = Array.from({ length: Math.ceil(orderCount / 4) }, (_, index) => `sku-${index}`);
  return exampleProblem((raw) => {
    raw.skus = skuIds.map((id) => ({ id, weightKg: 0.1 * (1 + below(20)), volumeL: 1 + below(5) }));
    raw.nodes = ['AT', 'DE', 'AT'].map((zone, index) => {
      const node = exampleNode(`node-${index}`, zone, Object.fromEntries(skuIds.map((id) => [id, below(4)])));
      node.labor.tiers = [
        { minutes: 0.7 * orderCount, costPerMinute: 0.4 },
        { minutes: null, costPerMinute: 1 + 0.1 * index },
      ];
      return { ...node, maxShipments: { ground: Math.ceil(orderCount / 3) } };
    });
    raw.orders = Array.from({ length: orderCount }, (_, index) => {
      const skus = Array.from({ length: 1 + below(3) }, () => skuIds[below(skuIds.length)]!);
      const order = exampleOrder(`order-${index}`, below(2) === 0 ? 'AT' : 'DE', [...new Set(skus)]);
      return { ...order, lines: skus.map((sku) => ({ sku, units: 1 + below(3), unfilledCostPerUnit: 20 })) };
    });
  });
}
