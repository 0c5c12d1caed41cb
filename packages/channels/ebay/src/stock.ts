import type { Clock, EffectMemo, NodeId, PushedLevel, Sku, StockLevel } from '@quartermaster/domain';
import { isFault } from '@quartermaster/domain';
import { wordsOf, type EbayClient } from './client.ts';
import { readItems, readOffers, shownAt, type ItemStock, type Locations } from './inventory.ts';
import { longestSku, skusPerRequest } from './limits.ts';
import type { RevisionBudget } from './revision-budget.ts';
import { bulkUpdateSchema } from './wire-inventory.ts';
import type { WireError } from './wire.ts';

export type StockOptions = {
  readonly locations: Locations;
  readonly budget: RevisionBudget;
  /** Whether offers that have a quantity of their own are set along with the item; it costs a call per SKU. */
  readonly withOffers: boolean;
  readonly clock: Clock;
};

/** One item with all levels that are asked of it, by their places in what was asked for. */
type Wanted = { readonly sku: Sku; readonly levels: readonly { readonly index: number; readonly level: StockLevel }[] };

type Update = { readonly wanted: Wanted; readonly item: ItemStock; readonly total: number; readonly request: unknown };

/**
 * Sets quantities of inventory items, absolute: twice is the same as once. An item is read first, because eBay takes the figures of all its locations together, and because a figure that
 * is there already costs none of the 250 revisions that a listing has a day.
 */
export function stockPushing(client: EbayClient, options: StockOptions) {
  const { budget, clock, locations } = options;
  /** eBay's specification says 25 items in one place and one SKU in another; once eBay holds us to one, it stays at one. */
  let perRequest = skusPerRequest;

  return async function pushStock(levels: readonly StockLevel[], _memo: EffectMemo): Promise<PushedLevel[]> {
    const answers = new Map<number, PushedLevel>();
    const wanted = new Map<Sku, Wanted>();
    for (const [index, level] of levels.entries()) {
      const refusal = refusalOf(level);
      if (refusal !== null) answers.set(index, refusal);
      else wanted.set(level.sku, { sku: level.sku, levels: [...(wanted.get(level.sku)?.levels ?? []), { index, level }] });
    }
    const all = [...wanted.values()];
    for (let at = 0; at < all.length; at += skusPerRequest) {
      const updates = await prepare(all.slice(at, at + skusPerRequest), answers);
      for (let from = 0; from < updates.length;) {
        const batch = updates.slice(from, from + perRequest);
        if (await sendOrLook(batch, answers)) from += batch.length;
      }
    }
    return levels.map((_level, index) => answers.get(index) ?? { kind: 'refused', reason: 'eBay did not answer for this item' });
  };

  function refusalOf({ sku, available, node }: StockLevel): PushedLevel | null {
    if (!isSku(sku)) return { kind: 'unknown-item', reason: `eBay takes SKUs of 1 to ${longestSku} characters` };
    if (!Number.isSafeInteger(available) || available < 0) return { kind: 'refused', reason: `not a number of units: ${available}` };
    if (locations !== null && locations[node] === undefined) return { kind: 'refused', reason: `node ${node} has no eBay location` };
    return null;
  }

  /** Reads the items and takes a revision for each that has to change. What needs no change, and what may not be changed today, is answered here. */
  async function prepare(all: readonly Wanted[], answers: Map<number, PushedLevel>): Promise<readonly Update[]> {
    const items = await readItems(
      client,
      all.map(({ sku }) => sku),
      'stock.read',
    );
    const updates: Update[] = [];
    for (const wanted of all) {
      const item = items.get(wanted.sku);
      if (item === undefined) {
        answer(wanted, answers, { kind: 'unknown-item', reason: 'eBay has no inventory item of this SKU' });
        continue;
      }
      const offers = options.withOffers ? await cappedOffers(wanted.sku) : [];
      const next = nextStock(item, wanted, locations);
      const stale = offers.filter(({ availableQuantity }) => availableQuantity !== next.total);
      if (isThere(item, next) && stale.length === 0) {
        answer(wanted, answers, { kind: 'set' });
        continue;
      }
      const kind = next.total < item.total || next.total === 0 ? 'decrease' : 'increase';
      if (!(await budget.take(item.listing, clock.now(), kind))) {
        const left = kind === 'increase' ? 'the last of the day are kept for decreases' : 'none is left';
        answer(wanted, answers, {
          kind: 'refused',
          reason: `eBay takes 250 revisions of a listing a day, and ${left}; publish again tomorrow`,
        });
        continue;
      }
      updates.push({
        wanted,
        item,
        total: next.total,
        request: {
          sku: wanted.sku,
          shipToLocationAvailability: next.availability,
          ...(stale.length === 0 ? {} : { offers: stale.map(({ offerId }) => ({ offerId, availableQuantity: next.total })) }),
        },
      });
    }
    return updates;
  }

  async function cappedOffers(sku: Sku) {
    const offers = await readOffers(client, sku, 'stock.offers');
    return offers.filter(({ availableQuantity, status }) => availableQuantity !== undefined && status === 'PUBLISHED');
  }

  /**
   * Sends a batch, and where the answer is lost reads the items again before more is sent: what got through needs no second revision. False when eBay takes one item at a time only.
   */
  async function sendOrLook(batch: readonly Update[], answers: Map<number, PushedLevel>): Promise<boolean> {
    let left = batch;
    for (let attempt = 1; left.length > 0; attempt++) {
      try {
        return await send(left, answers);
      } catch (error) {
        if (!isFault(error) || error.facts.outcome !== 'unknown' || attempt === attempts) throw error;
        await clock.sleep(1_000 * attempt);
        left = await prepare(
          left.map(({ wanted }) => wanted),
          answers,
        );
      }
    }
    return true;
  }

  /** Sends a batch and takes its answers. False when eBay takes one item at a time only: then the same are to be sent one by one. */
  async function send(batch: readonly Update[], answers: Map<number, PushedLevel>): Promise<boolean> {
    try {
      const reply = await client.call({
        operation: 'stock.set',
        api: 'inventory',
        method: 'POST',
        path: '/sell/inventory/v1/bulk_update_price_quantity',
        body: { requests: batch.map(({ request }) => request) },
        schema: bulkUpdateSchema,
        kind: 'effect',
      });
      for (const update of batch) {
        const mine = reply.data.responses.filter((one) => one.sku === update.wanted.sku);
        const bad = mine.find(({ statusCode }) => statusCode < 200 || statusCode > 299);
        if (mine.length === 0) continue;
        answer(update.wanted, answers, bad === undefined ? { kind: 'set' } : await refusedBy(bad.errors?.[0], update.item));
      }
      return true;
    } catch (error) {
      if (!isFault(error) || error.code !== 'invalid-request') throw error;
      const [only, ...others] = batch;
      if (only !== undefined && others.length === 0) answer(only.wanted, answers, { kind: 'refused', reason: error.facts.message });
      else perRequest = 1;
      return others.length === 0;
    }
  }

  async function refusedBy(error: WireError | undefined, item: ItemStock): Promise<PushedLevel> {
    if (error === undefined) return { kind: 'refused', reason: 'eBay gives no reason' };
    const id = Number(error.errorId);
    if (id === noSuchSku) return { kind: 'unknown-item', reason: wordsOf(error) };
    if (/revis/i.test(`${error.message ?? ''} ${error.longMessage ?? ''}`)) await budget.exhaust(item.listing, clock.now());
    return { kind: 'refused', reason: wordsOf(error) };
  }
}

/** Reads what can be sold of items at nodes; null of what eBay does not list there. */
export function shownStockReading(client: EbayClient, locations: Locations) {
  return async function shownStock(places: readonly { readonly sku: Sku; readonly node: NodeId }[]): Promise<(number | null)[]> {
    const items = await readItems(client, places.map(({ sku }) => sku).filter(isSku), 'stock.shown');
    return places.map(({ sku, node }) => {
      const item = items.get(sku);
      return item === undefined ? null : shownAt(item, node, locations);
    });
  };
}

type Next = {
  readonly total: number;
  readonly availability: { readonly quantity: number; readonly availabilityDistributions?: ItemStock['distributions'] };
};

/** An item's figures once the wanted levels are in them. What other locations have stays; the total is the sum of all locations. */
function nextStock(item: ItemStock, { levels }: Wanted, locations: Locations): Next {
  if (locations === null) {
    const total = levels.at(-1)?.level.available ?? item.total;
    return { total, availability: { quantity: total } };
  }
  const byKey = new Map(item.distributions.map((one) => [one.merchantLocationKey, one]));
  for (const { level } of levels) {
    const merchantLocationKey = locations[level.node] ?? '';
    byKey.set(merchantLocationKey, { ...byKey.get(merchantLocationKey), merchantLocationKey, quantity: level.available });
  }
  const availabilityDistributions = [...byKey.values()];
  const total = availabilityDistributions.reduce((sum, { quantity }) => sum + quantity, 0);
  return { total, availability: { quantity: total, availabilityDistributions } };
}

function isThere(item: ItemStock, { total, availability }: Next): boolean {
  const there = new Map(item.distributions.map(({ merchantLocationKey, quantity }) => [merchantLocationKey, quantity]));
  const same = (availability.availabilityDistributions ?? []).every((one) => there.get(one.merchantLocationKey) === one.quantity);
  return item.total === total && same;
}

function isSku(sku: Sku): boolean {
  return sku.trim() !== '' && sku.length <= longestSku;
}

function answer(wanted: Wanted, answers: Map<number, PushedLevel>, pushed: PushedLevel): void {
  for (const { index } of wanted.levels) answers.set(index, pushed);
}

/** Attempts to send a batch whose answers are lost. */
const attempts = 3;

/** Error 25702: the SKU is not available in the system. */
const noSuchSku = 25_702;
