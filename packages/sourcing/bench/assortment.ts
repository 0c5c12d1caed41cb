import type { ProblemSku } from '../src/index.ts';
import { draws, rounded } from './draw.ts';

/** What a company sells: some of it often, most of it seldom. */
export interface Assortment {
  readonly skus: readonly ProblemSku[];
  /** Weight of each SKU in the draw of order lines. */
  readonly popularity: readonly number[];
  /** Gross margin of a unit, what an unshipped unit loses. */
  readonly margins: readonly number[];
}

/** The more orders, the fewer of them for a SKU's first time. */
export function assortmentOf(orders: number, name: string): Assortment {
  const draw = draws(`${name} assortment`);
  const count = Math.max(3, Math.round(orders * (orders < 400 ? 1.2 : orders < 4_000 ? 0.6 : orders < 40_000 ? 0.3 : 0.15)));
  const skus = Array.from({ length: count }, (_, index) => {
    const weightKg = Math.max(0.05, draw.skewed(0.6, 0.9));
    return {
      id: `SKU-${String(index + 1).padStart(5, '0')}`,
      weightKg: rounded(weightKg, 3),
      volumeL: rounded(weightKg * draw.skewed(4, 0.7), 2),
    };
  });
  return {
    skus,
    // Zipf's law with exponent 7/8 and a flattened head; the root of a root of a root spares Math.pow.
    popularity: skus.map((_, index) => Math.sqrt(Math.sqrt(Math.sqrt(index + 3))) / (index + 3)),
    margins: skus.map(() => Math.max(1, draw.skewed(6.6, 0.82))),
  };
}
