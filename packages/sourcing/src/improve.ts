import { laborCost, stockRow, type Numbers } from './compile.ts';
import { withoutRows } from './construct.ts';
import { assign, clear, force, ownCost, pricedCost, type Draft } from './draft.ts';
import { samePlan } from './earlier-plan.ts';
import { totalLabor, withinLimits, type Shipment } from './ledger.ts';
import { mayMove, mayStart, type Movable, type Scope } from './movable.ts';
import { enter, leave, occupantsOf, ordersAt, type Occupants } from './occupants.ts';
import { isExact } from './order-table.ts';
import { leastAt, planOrder } from './pricer.ts';
import { startPrices, type Prices } from './prices.ts';

/** Least gain that counts as one: sums of decimals are not exact. */
const leastGain = 1e-7;

/** Gives each order in turn its cheapest plan from what the others leave, at true labor cost, until a round gains nothing. */
export function reoptimizeOrders(draft: Draft<Numbers>, rounds: number, stop: () => boolean, scope: Scope = {}): void {
  const { compiled } = draft.given;
  const prices = zeroPrices(draft);
  for (let round = 0; round < rounds; round++) {
    let gained = false;
    for (let order = 0; order < compiled.orderCount; order++) {
      if (order % 16 === 0 && stop()) return;
      if (!mayStart(scope, order)) continue;
      const before = draft.plans[order]!;
      const costBefore = trueCost(draft, order, before);
      clear(draft, order);
      const wish = planOrder(draft.given, order, { prices, ledger: draft.ledger, laborBy: 'ledger' });
      if (assign(draft, order, wish)) {
        if (trueCost(draft, order, wish) < costBefore - leastGain) {
          gained = true;
          scope.keep?.([order]);
          continue;
        }
        clear(draft, order);
      }
      force(draft, order, before);
    }
    if (!gained) return;
  }
}

/** Cost of an order's booked plan with the labor that would be saved without it. */
function trueCost(draft: Draft<Numbers>, order: number, shipments: readonly Shipment[]): number {
  const { compiled } = draft.given;
  let cost = ownCost(compiled, order, shipments);
  const done = new Set<number>();
  for (const { node } of shipments) {
    if (done.has(node)) continue;
    done.add(node);
    let minutes = 0;
    for (const shipment of shipments) if (shipment.node === node) minutes += shipment.minutes;
    const used = draft.ledger.minutes[node]!;
    const { tiers } = compiled.labor[node]!;
    cost += laborCost(tiers, used) - laborCost(tiers, Math.max(0, used - minutes));
  }
  return cost;
}

function zeroPrices(draft: Draft<Numbers>): Prices {
  return startPrices(draft.given.compiled);
}

/** Effort of one round of ejection chains. */
export interface ChainEffort {
  /** Orders that one chain may move. */
  readonly depth: number;
  /** Occupants of a full row that are tried. */
  readonly width: number;
}

/**
 * Ejection chains, started where the gap is: an order that pays more than its cheapest plan at the prices takes that plan by force; whoever
 * loses least by leaving a row that is now too full moves on, and so forth. A chain stays if the whole plan got cheaper, else it is undone. It begins with the orders of `starts`.
 */
export function ejectionChains(
  draft: Draft<Numbers>,
  prices: Prices,
  effort: ChainEffort,
  stop: () => boolean,
  starts: Movable,
  least = leastAt(draft.given, prices),
): boolean {
  const { given } = draft;
  const { compiled } = given;
  const occupants = occupantsOf(draft, undefined);
  const excess = new Float64Array(compiled.orderCount);
  for (let order = 0; order < compiled.orderCount; order++) {
    if (isExact(compiled, order) && mayMove(starts, order))
      excess[order] = pricedCost(compiled, order, draft.plans[order]!, prices) - least(order);
  }
  const sequence = [...excess.keys()]
    .filter((order) => excess[order]! > 1e-4)
    .sort((left, right) => excess[right]! - excess[left]! || left - right);
  let gained = false;
  for (const order of sequence) {
    if (stop()) break;
    if (tryChain(draft, prices, effort, occupants, order)) gained = true;
  }
  return gained;
}

function rowsOf(draft: Draft<Numbers>, order: number, shipments: readonly Shipment[]): number[] {
  const { compiled } = draft.given;
  const start = compiled.lineStart[order]!;
  return shipments.flatMap(({ node, lines }) => lines.map((line) => stockRow(compiled, node, compiled.lineSku[start + line]!)));
}

/** One chain under way: the orders it moved, with their former plans. */
interface Chain {
  readonly draft: Draft<Numbers>;
  readonly occupants: Occupants;
  readonly former: Map<number, readonly Shipment[]>;
  /** Rows that the chain has made too full, some of them relieved again. */
  readonly full: number[];
}

/** True where a chain from this order has gained; else it was undone. */
function tryChain(draft: Draft<Numbers>, prices: Prices, effort: ChainEffort, occupants: Occupants, order: number): boolean {
  const wish = planOrder(draft.given, order, { prices, laborBy: 'prices' });
  if (samePlan(wish, draft.plans[order]!)) return false;
  const laborBefore = totalLabor(draft.ledger);
  const chain: Chain = { draft, occupants, former: new Map(), full: [] };
  replace(chain, order, wish);
  let row = nextFull(chain);
  while (row !== undefined) {
    const move = chain.former.size < effort.depth ? cheapestMove(chain, row, prices, effort) : undefined;
    if (move === undefined) break;
    replace(chain, move.order, move.shipments);
    row = nextFull(chain);
  }
  if (row === undefined && capsHold(chain) && chainCost(chain, laborBefore) < -leastGain) return true;
  for (const [moved, shipments] of chain.former) exchange(chain, moved, shipments);
  return false;
}

function replace(chain: Chain, order: number, shipments: readonly Shipment[]): void {
  if (!chain.former.has(order)) chain.former.set(order, chain.draft.plans[order]!);
  exchange(chain, order, shipments);
  chain.full.push(...rowsOf(chain.draft, order, shipments));
}

function exchange({ draft, occupants }: Chain, order: number, shipments: readonly Shipment[]): void {
  leave(occupants, order, draft.plans[order]!);
  clear(draft, order);
  force(draft, order, shipments);
  enter(occupants, order, shipments);
}

function nextFull({ draft, full }: Chain): number | undefined {
  return full.find((row) => draft.ledger.sharedUsed[row]! > draft.given.compiled.stock[row]!);
}

function capsHold({ draft, former }: Chain): boolean {
  for (const order of former.keys())
    if (!draft.plans[order]!.every((shipment) => withinLimits(draft.ledger, order, shipment))) return false;
  return true;
}

function chainCost({ draft, former }: Chain, laborBefore: number): number {
  let cost = totalLabor(draft.ledger) - laborBefore;
  for (const [order, shipments] of former)
    cost += ownCost(draft.given.compiled, order, draft.plans[order]!) - ownCost(draft.given.compiled, order, shipments);
  return cost;
}

interface Move {
  readonly order: number;
  readonly shipments: readonly Shipment[];
  readonly loss: number;
}

/** Who leaves a too full row with the least loss at the prices: to what is left elsewhere, or (while the chain may go on) to what others will have to leave. */
function cheapestMove(chain: Chain, row: number, prices: Prices, effort: ChainEffort): Move | undefined {
  const { draft } = chain;
  const last = chain.former.size + 1 >= effort.depth;
  let found: Move | undefined;
  let tried = 0;
  for (const order of ordersAt(chain.occupants, row)) {
    if (chain.former.has(order) || !isExact(draft.given.compiled, order)) continue;
    if (tried++ >= effort.width) break;
    const before = draft.plans[order]!;
    const costBefore = pricedCost(draft.given.compiled, order, before, prices);
    const consider = (shipments: readonly Shipment[], risk: number): void => {
      const loss = pricedCost(draft.given.compiled, order, shipments, prices) - costBefore + risk;
      if (found === undefined || loss < found.loss - leastGain) found = { order, shipments, loss };
    };
    clear(draft, order);
    consider(planOrder(draft.given, order, { prices, ledger: draft.ledger, laborBy: 'prices' }), 0);
    force(draft, order, before);
    if (!last)
      consider(
        withoutRows(prices, chain.full, () => planOrder(draft.given, order, { prices, laborBy: 'prices' })),
        riskOfGoingOn,
      );
  }
  return found;
}

/** What a move to a full row must be better by, as it still has to push somebody out. */
const riskOfGoingOn = 0.02;
