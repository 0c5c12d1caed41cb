import { fingerprint } from '@quartermaster/connector-kit';
import { ConnectorFault, type Clock, type EffectMemo, type PushedLevel } from '@quartermaster/domain';
import type { WalmartClient } from './client.ts';
import { connectorName } from './connector-name.ts';
import { feedDetailsPerPage } from './limits.ts';
import { isUnknownItem, quantityOf, unknownItem, type ShipNodes, type WantedSku } from './levels.ts';
import { feedSchema, feedStateSchema, type WireFeedState } from './wire-inventory.ts';

/** How long Walmart is given before it is asked for the first time, and between askings; and how often it is asked before the intent waits instead. */
const pollsMs = [5_000, 10_000, 20_000, 30_000, 60_000, 60_000] as const;

/**
 * Sets the stock of many SKUs by one feed: `MP_INVENTORY` (1.5) where each ship node has its figure, `inventory` (1.4) where there is one. Each item has its own outcome. Throws
 * `server-error` with an unknown outcome while Walmart is still at it: the intent's next attempt asks for the same feed again.
 */
export async function pushByFeed(
  client: WalmartClient,
  clock: Clock,
  shipNodes: ShipNodes,
  all: readonly WantedSku[],
  memo: EffectMemo,
  take: (one: WantedSku, pushed: PushedLevel) => void,
): Promise<void> {
  const content = shipNodes === null ? plainFeed(all) : nodeFeed(all, shipNodes);
  const name = `feed-${fingerprint(JSON.stringify(content)).slice(0, 16)}`;
  const feedId = memo.refs[name] ?? (await send());
  const state = await finished();
  if (state.feedStatus === 'ERROR') {
    const reason = state.ingestionErrors?.ingestionError?.[0]?.description ?? 'Walmart could not take the feed';
    for (const one of all) take(one, { kind: 'refused', reason });
    return;
  }
  if (state.itemsSucceeded === all.length && state.itemsReceived === all.length) for (const one of all) take(one, { kind: 'set' });
  else await takeDetails();

  async function send(): Promise<string> {
    const feed = await client({
      operation: 'stock.feed',
      bucket: 'feeds-write',
      method: 'POST',
      path: `/v3/feeds?feedType=${shipNodes === null ? 'inventory' : 'MP_INVENTORY'}`,
      file: content,
      schema: feedSchema,
      kind: 'repeatable-effect',
    });
    await memo.saveRefs({ [name]: feed.feedId });
    return feed.feedId;
  }

  async function finished(): Promise<WireFeedState> {
    for (const waitMs of pollsMs) {
      await clock.sleep(waitMs);
      const state = await read('');
      if (state.feedStatus === 'PROCESSED' || state.feedStatus === 'ERROR') return state;
    }
    throw new ConnectorFault('server-error', {
      connector: connectorName,
      operation: 'stock.feed',
      outcome: 'unknown',
      retry: { kind: 'after', ms: 60_000 },
      message: 'Walmart is still at the feed',
      advice: 'Nothing is to be done: the next attempt asks for the same feed again.',
    });
  }

  async function takeDetails(): Promise<void> {
    const bySku = new Map(all.map((one) => [one.sku, one]));
    for (let offset = 0; offset < all.length; offset += feedDetailsPerPage) {
      const state = await read(`?includeDetails=true&offset=${offset}&limit=${feedDetailsPerPage}`);
      for (const { sku, ingestionStatus, ingestionErrors } of state.itemDetails?.itemIngestionStatus ?? []) {
        const one = bySku.get(sku ?? '');
        const error = ingestionErrors?.ingestionError?.[0];
        const reason = error?.description ?? error?.code ?? ingestionStatus;
        if (one === undefined) continue;
        if (ingestionStatus === 'SUCCESS') take(one, { kind: 'set' });
        else take(one, isUnknownItem(error?.code, null) ? unknownItem(reason) : { kind: 'refused', reason });
      }
    }
  }

  function read(query: string): Promise<WireFeedState> {
    return client({
      operation: 'stock.feed-state',
      bucket: 'feeds-read',
      method: 'GET',
      path: `/v3/feeds/${encodeURIComponent(feedId)}${query}`,
      schema: feedStateSchema,
      kind: 'read',
    });
  }
}

function plainFeed(all: readonly WantedSku[]) {
  return {
    InventoryHeader: { version: '1.4' },
    Inventory: all.map(({ sku, levels }) => ({ sku, quantity: quantityOf(levels.at(-1)?.level.available ?? 0) })),
  };
}

function nodeFeed(all: readonly WantedSku[], shipNodes: Readonly<Record<string, string>>) {
  return {
    inventoryHeader: { version: '1.5' },
    inventory: all.map(({ sku, levels }) => ({
      sku,
      shipNodes: levels.map(({ level }) => ({ shipNode: shipNodes[level.node] ?? '', quantity: quantityOf(level.available) })),
    })),
  };
}
