import type { Channel, NodeId, PushedLevel, Sku, StockLevel } from '@quartermaster/domain';
import type { VendureClient } from './client.ts';
import { setStockDocument, stockDocument } from './documents.ts';
import { maxNamesPerLookup, maxPerPage, maxStockBatch } from './limits.ts';
import { stockVariantsSchema, updatedVariantsSchema, type WireStockVariant } from './wire.ts';

/**
 * Sets and shows stock per node. Vendure sells what it has on hand less what orders that have not shipped yet are allocated; so what is set on hand is the level and these together. Both are read
 * right before, and the levels of a batch are one transaction.
 */
export function stockKeeping(
  client: VendureClient,
  locations: Readonly<Record<NodeId, string>>,
): Pick<Channel, 'pushStock' | 'shownStock'> {
  return {
    async shownStock(places) {
      const variants = await variantsBySku(places.map(({ sku }) => sku));
      return places.map(({ sku, node }) => {
        const [variant, ...others] = variants.get(sku) ?? [];
        const level = others.length === 0 && variant !== undefined ? levelAt(variant, locations[node]) : undefined;
        return level === undefined ? null : level.stockOnHand - level.stockAllocated;
      });
    },
    async pushStock(levels) {
      const outcomes: (PushedLevel | null)[] = levels.map((level) => refusedUnsent(level, locations));
      const variants = await variantsBySku(levels.flatMap(({ sku }, at) => (outcomes[at] === null ? [sku] : [])));
      const ready: Ready[] = [];
      for (const [at, level] of levels.entries()) {
        if (outcomes[at] !== null) continue;
        const [variant, ...others] = variants.get(level.sku) ?? [];
        const location = locations[level.node] ?? '';
        if (variant === undefined) outcomes[at] = { kind: 'unknown-item', reason: 'the shop has no variant with this SKU' };
        else if (others.length > 0) outcomes[at] = { kind: 'unknown-item', reason: `${others.length + 1} variants have this SKU` };
        else ready.push({ at, variant, location, onHand: level.available + (levelAt(variant, location)?.stockAllocated ?? 0) });
      }
      const byVariant = [...Map.groupBy(ready, ({ variant }) => variant.id).values()];
      for (let start = 0; start < byVariant.length; start += maxStockBatch) {
        const batch = byVariant.slice(start, start + maxStockBatch);
        const shown = await set(batch);
        for (const one of batch.flat()) outcomes[one.at] = outcomeOf(one, shown);
      }
      return outcomes.map((outcome) => outcome ?? { kind: 'unknown-item', reason: 'the variant is gone' });
    },
  };

  /** Not repeated as it is: what is allocated may be another figure by then. */
  async function set(batch: readonly (readonly Ready[])[]): Promise<readonly (WireStockVariant | null)[]> {
    const input = batch.map((levels) => ({
      id: levels[0]?.variant.id,
      // A variant whose inventory is not tracked can always be bought.
      trackInventory: 'TRUE',
      stockLevels: levels.map(({ location, onHand }) => ({ stockLocationId: location, stockOnHand: onHand })),
    }));
    const call = { operation: 'stock.push', document: setStockDocument, variables: { input }, schema: updatedVariantsSchema } as const;
    return (await client({ ...call, kind: 'effect' })).updateProductVariants;
  }

  async function variantsBySku(skus: readonly Sku[]): Promise<ReadonlyMap<Sku, readonly WireStockVariant[]>> {
    const names = [...new Set(skus)];
    const found: WireStockVariant[] = [];
    for (let start = 0; start < names.length; start += maxNamesPerLookup) {
      const asked = names.slice(start, start + maxNamesPerLookup);
      for (let skip = 0; ; skip += maxPerPage) {
        const options = { filter: { sku: { in: asked } }, sort: { id: 'ASC' }, take: maxPerPage, skip };
        const call = { operation: 'stock.read', document: stockDocument, variables: { options }, schema: stockVariantsSchema } as const;
        const { items } = (await client({ ...call, kind: 'read' })).productVariants;
        found.push(...items);
        if (items.length < maxPerPage) break;
      }
    }
    return Map.groupBy(found, ({ sku }) => sku);
  }
}

type Ready = { readonly at: number; readonly variant: WireStockVariant; readonly location: string; readonly onHand: number };

function refusedUnsent({ available, node }: StockLevel, locations: Readonly<Record<NodeId, string>>): PushedLevel | null {
  if (locations[node] === undefined) return { kind: 'refused', reason: `no stock location is given for ${node}` };
  if (!Number.isSafeInteger(available) || available < 0) return { kind: 'refused', reason: `not a level: ${available}` };
  return null;
}

function outcomeOf({ variant, location, onHand }: Ready, shown: readonly (WireStockVariant | null)[]): PushedLevel {
  const now = shown.find((one) => one?.id === variant.id) ?? null;
  const actual = now === null ? undefined : levelAt(now, location)?.stockOnHand;
  if (actual === onHand) return { kind: 'set' };
  return { kind: 'refused', reason: `the shop shows ${actual ?? 'no figure'} on hand instead of ${onHand}` };
}

function levelAt({ stockLevels }: WireStockVariant, location: string | undefined) {
  return stockLevels.find(({ stockLocationId }) => stockLocationId === location);
}
