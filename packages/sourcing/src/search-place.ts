import type { Numbers } from './compile.ts';
import type { ContestedSkus } from './contested.ts';
import { exchangePlans, type ExchangeEffort } from './exchange.ts';
import { marketOf } from './market.ts';
import { menusOf, type Menus, type MenuSize } from './menus.ts';
import { isDealt, startsOf, type Deal } from './deal.ts';
import { clear, emptyDraft, force, type Draft } from './draft.ts';
import { reoptimizeOrders } from './improve.ts';
import type { Scope } from './movable.ts';
import { packPlans, unpackPlans } from './packed-plans.ts';
import { leastAt, type Pricer } from './pricer.ts';
import { rebuildGround, rebuildNeighbourhoods, type RebuildGround } from './rebuild.ts';
import type { Prices } from './prices.ts';

/** What a part of a round does with its orders. */
export type SearchStep =
  | { readonly kind: 'reoptimize'; readonly rounds: number }
  | { readonly kind: 'rebuild'; readonly orders: number; readonly rounds: number }
  | ({ readonly kind: 'exchange'; readonly menu: MenuSize } & ExchangeEffort);

/** A part of a round of the search. */
export interface SearchJob extends Deal {
  readonly step: SearchStep;
  /** Most pricing steps. */
  readonly steps: number;
  /** By node: what the common draft uses, to the last digit. Sums of decimals depend on their order, and what comes out must not. */
  readonly minutes: Float64Array;
}

/** Where one thread searches: a draft that all threads have in common between rounds. */
export interface SearchPlace {
  readonly draft: Draft<Numbers>;
  readonly ground: RebuildGround;
  /** Menus of this size at the prices of the search; the last ones are kept. */
  readonly menusOf: (size: MenuSize) => Menus;
}

/** A place for a search at prices that stay as they are; `least`: see `leastAt`. */
export function searchPlace(given: Pricer<Numbers>, prices: Prices, contested: ContestedSkus, least: Float64Array): SearchPlace {
  const ground = rebuildGround(given, prices, contested, leastAt(given, prices, least));
  let kept: { readonly size: MenuSize; readonly menus: Menus } | undefined;
  return {
    draft: emptyDraft(given),
    ground,
    menusOf: (size) => {
      if (kept?.size.plans !== size.plans || kept.size.slack !== size.slack)
        kept = { size, menus: menusOf(given, prices, size, ground.least) };
      return kept.menus;
    },
  };
}

/** Gives the orders of packed plans these plans. */
export function enterPlans({ draft }: Pick<SearchPlace, 'draft'>, packed: Float64Array): void {
  const plans = unpackPlans(packed);
  for (const { order } of plans) clear(draft, order);
  for (const { order, shipments } of plans) force(draft, order, shipments);
}

/** Does a part of a round and leaves the draft as it was. Answers the changes that it found, one after the other, packed. */
export function searchPart(place: SearchPlace, job: SearchJob): readonly Float64Array[] {
  const { draft, ground } = place;
  const { ledger, plans, given } = draft;
  ledger.minutes.set(job.minutes);
  const former = [...plans];
  const end = given.meter.steps + job.steps;
  const kept: Float64Array[] = [];
  const scope: Scope = {
    starts: startsOf(given.compiled, ground.contested, job),
    startsAtSku: (sku) => isDealt(job, sku),
    keep: (orders) => kept.push(packPlans(Array.from(orders, (order) => ({ order, shipments: plans[order]! })))),
  };
  takeStep(place, job, scope, () => given.meter.steps > end);
  const changed = [...former.keys()].filter((order) => plans[order] !== former[order]);
  for (const order of changed) clear(draft, order);
  for (const order of changed) force(draft, order, former[order]!);
  return kept;
}

function takeStep(place: SearchPlace, job: SearchJob, scope: Scope, stop: () => boolean): void {
  const { draft, ground } = place;
  const { step, round } = job;
  if (step.kind === 'reoptimize') reoptimizeOrders(draft, step.rounds, stop, scope);
  else if (step.kind === 'exchange') {
    exchangePlans(marketOf(draft, ground.prices, place.menusOf(step.menu), ground.least), step, stop, scope);
  } else rebuildNeighbourhoods(draft, ground, { ...step, inTheWay: true, seed: round, patience: { first: 0, last: 0 } }, stop, scope);
}
