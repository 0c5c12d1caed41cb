import { everyNode, type Channel, type PushedLevel, type StockLevel } from '@quartermaster/domain';
import type { Client } from './client.ts';
import { stockResultSchema, stockSchema } from './wire.ts';

/** Publishes stock: absolute figures, so writing them twice is the same. The vendor keeps one figure for all nodes. */
export function stockPublishing(client: Client): Pick<Channel, 'pushStock' | 'shownStock'> {
  return {
    async pushStock(levels) {
      const refused = levels.map(refusalOf);
      const sent = levels.filter((_level, at) => refused[at] === null).map(({ sku, available }) => ({ sku, available }));
      const known = sent.length === 0 ? new Map<string, string>() : await send(sent);
      return levels.map(({ sku }, at) => refused[at] ?? outcomeOf(known.get(sku)));
    },
    async shownStock(places) {
      if (places.length === 0) return [];
      const skus = [...new Set(places.map(({ sku }) => sku))];
      const path = `/stock?${new URLSearchParams(skus.map((sku): [string, string] => ['sku', sku])).toString()}`;
      const { levels } = await client({ operation: 'stock.read', method: 'GET', path, repeat: 'always' }, stockSchema);
      const shown = new Map(levels.map(({ sku, available }) => [sku, available]));
      return places.map(({ sku, node }) => (node === everyNode ? (shown.get(sku) ?? null) : null));
    },
  };

  async function send(levels: readonly { readonly sku: string; readonly available: number }[]): Promise<Map<string, string>> {
    const { results } = await client(
      { operation: 'stock.push', method: 'PUT', path: '/stock', body: { levels }, repeat: 'always' },
      stockResultSchema,
    );
    return new Map(results.map(({ sku, result }) => [sku, result]));
  }
}

/** What is not sent at all; null of what is. */
function refusalOf({ node, available }: StockLevel): PushedLevel | null {
  if (node !== everyNode) return { kind: 'refused', reason: `the vendor has no stock of its own for node ${node}` };
  if (!Number.isSafeInteger(available) || available < 0)
    return { kind: 'refused', reason: `${available} is no number of units that can be sold` };
  return null;
}

function outcomeOf(result: string | undefined): PushedLevel {
  if (result === 'set') return { kind: 'set' };
  if (result === 'unknown') return { kind: 'unknown-item', reason: 'the vendor does not list it' };
  return { kind: 'refused', reason: `the vendor says ${result ?? 'nothing'}` };
}
