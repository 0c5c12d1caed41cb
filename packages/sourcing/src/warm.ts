import { sweepRoom, sweepStockPrices } from './ascent.ts';
import { readCertificate, resourceValue } from './bound.ts';
import { stockRow, type Compiled } from './compile.ts';
import { contestedSkus, usefulCuts, type ContestedSkus } from './contested.ts';
import { demandOf } from './demand.ts';
import { assign, clear, emptyDraft, ownCost, pricedCost, type Draft } from './draft.ts';
import { plan as planCheapest } from './greedy.ts';
import { totalLabor } from './ledger.ts';
import type { EarlierSolution } from './incumbent-option.ts';
import type { Certificate } from './plan.ts';
import { orderBound, type Pricer } from './pricer.ts';
import { copyPrices, pricedCuts, withCuts, withLaborRates, type Prices } from './prices.ts';
import { laborStepper, slotStepper, stepLabor, stepSlots } from './price-steps.ts';
import { withRoomForCuts, type PricedBound } from './shadow-prices.ts';

/** A draft of what still fits of an earlier plan, and what is new about the problem as far as plan and prices show it. */
export interface WarmStart {
  readonly draft: Draft;
  /** At least half of the orders kept their plan. With fewer a cold search is the better one, and the draft just its first plan. */
  readonly keptMost: boolean;
  readonly contested: ContestedSkus;
  readonly start: PricedBound;
  /** SKUs on which something changed. */
  readonly changed: ReadonlySet<number>;
  /** By order: 1 where it has a line of such a SKU. */
  readonly touched: Uint8Array;
}

/**
 * Keeps of the earlier plans, order by order, what fits, and plans the other orders at the prices from what is left.
 */
export function warmStart(given: Pricer, { plan, certificate, gap: formerGap }: EarlierSolution): WarmStart {
  const { compiled } = given;
  const draft = emptyDraft(given);
  const open: number[] = [];
  for (let order = 0; order < compiled.orderCount; order++) {
    const shipments = plan.plans[order];
    if (shipments === undefined || !assign(draft, order, shipments)) open.push(order);
  }
  const contested = contestedSkus(compiled);
  const prices = pricesFrom(compiled, certificate, contested);
  const { bound, changed, alone } = changedSkus(draft, contested, prices, formerGap);
  for (const order of open) planCheapest(draft, order, { prices, ledger: draft.ledger, laborBy: 'dearer' });
  for (const order of alone) planAnew(draft, order, prices);
  const keptMost = 2 * open.length <= compiled.orderCount;
  return { draft, keptMost, contested, start: { prices, bound }, changed, touched: ordersWith(compiled, changed) };
}

/**
 * The contested SKUs on which something changed, as far as plan and prices show it. What a plan is above the bound is made of what each order pays above its cheapest plan at the prices, and of priced
 * stock that is left over: the largest of these shares are taken, until the rest is no more than the earlier plan had, too. `alone`: orders that have something to gain, and no contested SKU.
 */
function changedSkus(
  draft: Draft,
  contested: ContestedSkus,
  prices: Prices,
  formerGap: number,
): { readonly bound: number; readonly changed: ReadonlySet<number>; readonly alone: readonly number[] } {
  const { compiled } = draft.given;
  const alone: number[] = [];
  const shares: { readonly loss: number; readonly skus: readonly number[] }[] = [];
  let bound = 0 - resourceValue(compiled, prices);
  for (let order = 0; order < compiled.orderCount; order++) {
    const least = orderBound(draft.given, order, prices);
    bound += least;
    const loss = pricedCost(compiled, order, draft.plans[order]!, prices) - least;
    if (loss <= 0) continue;
    const skus = [...compiled.lineSku.subarray(compiled.lineStart[order], compiled.lineStart[order + 1])].filter((sku) =>
      contested.has(sku),
    );
    if (skus.length === 0) alone.push(order);
    shares.push({ loss, skus });
  }
  for (const { sku, nodes } of contested.values()) {
    let loss = 0;
    for (const node of nodes) {
      const row = stockRow(compiled, node, sku);
      loss += prices.stock[row]! * Math.max(0, compiled.stock[row]! - draft.ledger.sharedUsed[row]!);
    }
    if (loss > 0) shares.push({ loss, skus: [sku] });
  }
  shares.sort((left, right) => right.loss - left.loss);
  let rest = shares.reduce((sum, { loss }) => sum + loss, 0);
  const changed = new Set<number>();
  for (const { loss, skus } of shares) {
    if (rest <= formerGap) break;
    rest -= loss;
    for (const sku of skus) changed.add(sku);
  }
  return { bound, changed, alone };
}

/** An order that nobody contests the stock of is in no neighbourhood of a change: where something cheaper came up for it, it gets that here. */
function planAnew(draft: Draft, order: number, prices: Prices): void {
  const { compiled } = draft.given;
  const costNow = (): number => ownCost(compiled, order, draft.plans[order]!) + totalLabor(draft.ledger);
  const [kept, cost] = [draft.plans[order]!, costNow()];
  clear(draft, order);
  planCheapest(draft, order, { prices, ledger: draft.ledger, laborBy: 'ledger' });
  if (costNow() < cost) return;
  clear(draft, order);
  assign(draft, order, kept);
}

/** By order: 1 where it has a line of one of the SKUs. */
function ordersWith(compiled: Compiled, skus: ReadonlySet<number>): Uint8Array {
  const orders = new Uint8Array(compiled.orderCount);
  for (let line = 0; line < compiled.lineSku.length; line++) if (skus.has(compiled.lineSku[line]!)) orders[compiled.lineOrder[line]!] = 1;
  return orders;
}

/** A certificate of an earlier problem as prices of this one: what has no meaning here is left out, and minutes cost what they may. */
export function pricesFrom(compiled: Compiled, certificate: Certificate, contested: ContestedSkus): Prices {
  const roundingCuts = (certificate.roundingCuts ?? []).filter(({ node }) => compiled.nodeIndex.has(node));
  const { prices } = readCertificate(compiled, { ...certificate, roundingCuts });
  const priced = new Uint8Array(compiled.stock.length);
  for (const { sku, nodes } of contested.values()) for (const node of nodes) priced[stockRow(compiled, node, sku)] = 1;
  for (let row = 0; row < priced.length; row++) if (priced[row] === 0) prices.stock[row] = 0;
  for (const [index, { node, sku }] of compiled.pools.entries())
    prices.pool[index] = Math.min(prices.pool[index]!, prices.stock[stockRow(compiled, node, sku)]!);
  const cuts = pricedCuts(prices).filter(({ row }) => priced[row] === 1);
  return { ...withLaborRates(compiled, prices), ...withCuts(priced.length, cuts) };
}

/**
 * Block ascent where something changed: each sweep takes the SKUs whose prices moved in the one before, and those that share an order with them. Always the best prices seen.
 */
export function ascendWhereChanged(
  given: Pricer,
  { start, changed, contested }: WarmStart,
  sweeps: number,
  stop: () => boolean,
): PricedBound {
  const { compiled } = given;
  const prices = withRoomForCuts(compiled, start.prices, usefulCuts(compiled, contested));
  const room = sweepRoom(compiled);
  const labor = laborStepper(compiled, smallSteps);
  const slots = slotStepper(compiled, smallSteps);
  const leastMove = (1e-3 * start.bound) / compiled.orderCount;
  let best = start;
  let active: ReadonlySet<number> = changed;
  for (let sweep = 0; sweep < sweeps && !stop(); sweep++) {
    const part = new Map([...contested].filter(([sku]) => active.has(sku)));
    const before = Float64Array.from(prices.stock);
    sweepStockPrices(given, part.values(), prices, room, { cuts: true });
    const demand = demandOf(given, prices, 0, compiled.orderCount);
    const bound = demand.cost - resourceValue(compiled, prices);
    if (bound > best.bound) best = { prices: copyPrices(prices), bound };
    stepLabor(compiled, prices, demand, labor);
    stepSlots(compiled, prices, demand, slots);
    const moved = new Set<number>();
    for (const { sku, nodes } of part.values()) {
      const far = nodes.some((node) => {
        const row = stockRow(compiled, node, sku);
        return Math.abs(prices.stock[row]! - before[row]!) > leastMove;
      });
      if (far) moved.add(sku);
    }
    active = withNeighbours(compiled, moved);
  }
  return best;
}

/** Of the steps of a cold ascent: prices are near to where they belong. */
const smallSteps = 0.1;

/** The SKUs, and all that share an order with one of them. */
function withNeighbours(compiled: Compiled, skus: ReadonlySet<number>): Set<number> {
  const orders = ordersWith(compiled, skus);
  const all = new Set<number>();
  for (let line = 0; line < compiled.lineSku.length; line++) if (orders[compiled.lineOrder[line]!] === 1) all.add(compiled.lineSku[line]!);
  return all;
}
