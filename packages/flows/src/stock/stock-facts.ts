import type { ConnectionId, Instant, NodeId, Sku } from '@quartermaster/domain';
import { noDemand, type DailyDemand, type Recipes } from '@quartermaster/inventory';

/** What is known beside stock and orders when stock is shared out. */
export type StockFacts = {
  readonly now: Instant;
  /** Kits of which no node has one now, and which are sold all the same. */
  readonly recipes: Recipes;
  /** What is sold of a SKU in a day, on one channel or on all (null). */
  readonly demandOf: (connection: ConnectionId | null, sku: Sku) => DailyDemand;
  /** Units of a SKU that a channel (all: null) sold from a moment on (null: as far as is remembered). */
  readonly soldSince: (connection: ConnectionId | null, sku: Sku, from: Instant | null) => number;
  /** How long ago the orders of a channel were read; null: never. */
  readonly lagMs: (connection: ConnectionId) => number | null;
  /** Whether any channel sells the SKU by itself. */
  readonly isSold: (sku: Sku) => boolean;
  /** What each count of a shelf found above or below the books; nothing where the policy does not ask. */
  readonly counted: (sku: Sku, node: NodeId) => readonly number[];
  /** Whole days that each receipt was late of who sends what is expected at a node at an instant; nothing where the policy does not ask. */
  readonly lateReceipts: (sku: Sku, node: NodeId, expectedAt: Instant) => readonly number[];
  /** Units at a node that may not be there after all: counted long ago, or counted wrong too often. */
  readonly uncertain: (sku: Sku, node: NodeId, sellable: number) => number;
  /** The error budget is spent: nothing is shown beyond shares. */
  readonly strict: boolean;
};

/** Nothing is known. */
export const noFacts: StockFacts = {
  now: '1970-01-01T00:00:00.000Z',
  recipes: new Map(),
  demandOf: () => noDemand,
  soldSince: () => 0,
  lagMs: () => 0,
  isSold: () => true,
  counted: () => [],
  lateReceipts: () => [],
  uncertain: () => 0,
  strict: false,
};
