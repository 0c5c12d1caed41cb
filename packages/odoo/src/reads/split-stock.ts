import type { Instant, NodeId, Sku } from '@quartermaster/domain';
import { hair } from './kits.ts';

/** Goods of one product at one location, as Odoo keeps them; more than one row of the same is normal. Null: none, or not asked. */
export type Quant = {
  readonly product: number;
  readonly location: number;
  readonly quantity: number;
  readonly reserved: number;
  readonly lot: number | null;
  readonly package: number | null;
  readonly owner: number | null;
  /** When the lot should no longer be sold, with the app for expiry dates. */
  readonly removalDate: Instant | null;
};

/** States of goods at a node by where they lie. */
export type HoldState = 'qualityHold' | 'damaged' | 'returnPending';

/** A location with what lies below it, and what its stock counts as. */
export type Place = { readonly root: number; readonly node: NodeId; readonly state: 'sellable' | HoldState };

/** By what positions are kept apart. */
export type Detail = 'lot' | 'owner' | 'package';

/** Units at a node, each counted once: somebody else's, else expired, else by where they lie. `reserved` is of what is sellable. */
export type StockSum = {
  readonly product: number;
  readonly sku: Sku;
  readonly node: NodeId;
  readonly lot: number | null;
  readonly owner: number | null;
  readonly package: number | null;
  readonly units: Readonly<Record<Place['state'] | 'consigned' | 'expired' | 'reserved', number>>;
};

/** What cannot be right in the quants. */
export type StockFinding = {
  /** More is set aside at a location than there is (parallel confirmations do that), or there is less than nothing (more was shipped than was counted). */
  readonly kind: 'over-reserved' | 'negative';
  readonly sku: Sku;
  readonly node: NodeId;
  /** Odoo's id of the location. */
  readonly location: number;
  readonly quantity: number;
  readonly reserved: number;
};

export type SplitQuestion = {
  readonly skuOf: ReadonlyMap<number, Sku>;
  /** By location. What lies elsewhere is left out. */
  readonly placeOf: ReadonlyMap<number, Place>;
  readonly by: ReadonlySet<Detail>;
  /** Partner ids of the company itself. Goods of other owners are not ours to sell. */
  readonly ours: ReadonlySet<number>;
  /** Whether goods of other owners are for sale. */
  readonly sellConsigned: boolean;
  readonly now: Instant;
};

/** Adds quants up by SKU and node, and as finely as asked. Sums are exact as floats go; they may be below zero where quants are. */
export function splitStock(quants: readonly Quant[], question: SplitQuestion): { sums: StockSum[]; findings: StockFinding[] } {
  const sums = new Map<string, StockSum & { units: Record<keyof StockSum['units'], number> }>();
  const shelves = new Map<string, StockFinding>();
  for (const quant of quants) {
    const sku = question.skuOf.get(quant.product);
    const place = question.placeOf.get(quant.location);
    if (sku === undefined || place === undefined) continue;
    const lot = question.by.has('lot') ? quant.lot : null;
    const owner = question.by.has('owner') ? quant.owner : null;
    const pack = question.by.has('package') ? quant.package : null;
    const key = `${quant.product} ${place.node} ${lot} ${owner} ${pack}`;
    let sum = sums.get(key);
    if (sum === undefined) {
      const units = { sellable: 0, qualityHold: 0, damaged: 0, returnPending: 0, consigned: 0, expired: 0, reserved: 0 };
      sums.set(key, (sum = { product: quant.product, sku, node: place.node, lot, owner, package: pack, units }));
    }
    const state = stateOf(quant, place, question);
    sum.units[state] += quant.quantity;
    if (state === 'sellable') sum.units.reserved += quant.reserved;
    addToShelf(shelves, quant, sku, place.node);
  }
  return { sums: [...sums.values()], findings: [...shelves.values()].flatMap(wrong) };
}

function stateOf(quant: Quant, place: Place, { ours, sellConsigned, now }: SplitQuestion): Exclude<keyof StockSum['units'], 'reserved'> {
  if (quant.owner !== null && !ours.has(quant.owner) && !sellConsigned) return 'consigned';
  if (place.state === 'sellable' && quant.removalDate !== null && quant.removalDate <= now) return 'expired';
  return place.state;
}

/** Odoo spreads one shelf over several rows, so only all of them together say whether too much is set aside. */
function addToShelf(shelves: Map<string, StockFinding>, quant: Quant, sku: Sku, node: NodeId): void {
  const key = `${quant.product} ${quant.location}`;
  const there = shelves.get(key);
  const quantity = (there?.quantity ?? 0) + quant.quantity;
  const reserved = (there?.reserved ?? 0) + quant.reserved;
  // A row below zero beside others is a shelf that was counted too low; it counts even where the sum is positive.
  const kind = there?.kind === 'negative' || quant.quantity < -hair ? 'negative' : 'over-reserved';
  shelves.set(key, { kind, sku, node, location: quant.location, quantity, reserved });
}

function wrong(shelf: StockFinding): StockFinding[] {
  const found: StockFinding[] = [];
  if (shelf.kind === 'negative') found.push(shelf);
  if (shelf.reserved > Math.max(0, shelf.quantity) + hair) found.push({ ...shelf, kind: 'over-reserved' });
  return found;
}

/** Whole units that are surely there, never below zero. */
export function wholeUnits(sum: number): number {
  return Math.max(0, Math.floor(sum + hair));
}

/** Whole units that are perhaps set aside. */
export function wholeReserved(sum: number): number {
  return Math.max(0, Math.ceil(sum - hair));
}
