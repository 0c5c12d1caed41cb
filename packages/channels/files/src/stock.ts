import { fingerprint } from '@quartermaster/connector-kit';
import { everyNode, type Clock, type EffectMemo, type NodeId, type PushedLevel, type Sku, type StockLevel } from '@quartermaster/domain';
import { z } from 'zod';
import type { FileClient } from './client.ts';
import type { Items } from './items.ts';
import { sortableTime, type FileLayout } from './layout.ts';
import type { StockFile } from './wire.ts';
import { stockText, type FileFormat } from './written-text.ts';

/** `whole`: one file `stock`, replaced each time, with all that we ever said. `changes`: a new file each time, with what changed; names sort by time. */
export type StockFiles = 'whole' | 'changes';

const publishedSchema = z.object({
  levels: z.array(z.object({ sku: z.string(), warehouse: z.string().nullable(), available: z.int() })),
});
type Published = z.infer<typeof publishedSchema>;
type PublishedLevel = Published['levels'][number];

/** Null of a node that the partner has no place for; a place of null is the one figure for all nodes. */
type Place = { readonly warehouse: string | null } | null;

export type StockPublishing = {
  pushStock(levels: readonly StockLevel[], memo: EffectMemo): Promise<PushedLevel[]>;
  shownStock(places: readonly { readonly sku: Sku; readonly node: NodeId }[]): Promise<(number | null)[]>;
};

/**
 * Publishes stock as files. What was said last of each item is kept in a record beside them: whole files are made of it, and it is what the channel shows, since a folder tells nothing of
 * what the partner did with a file. `warehouses` are the partner's names of our nodes; null where it keeps one figure for all. `items` null takes every SKU for known.
 */
export function stockPublishing(given: {
  readonly client: FileClient;
  readonly clock: Clock;
  readonly items: Items | null;
  readonly layout: FileLayout;
  readonly warehouses: Readonly<Record<NodeId, string>> | null;
  readonly files: StockFiles;
  readonly format: FileFormat;
}): StockPublishing {
  const { client, layout, warehouses } = given;
  const recordPath = `${layout.sent}/stock.json`;
  let turn: Promise<unknown> = Promise.resolve();

  return {
    async pushStock(levels, memo) {
      const known = given.items === null ? null : (await given.items.read()).map;
      const outcomes = levels.map((level) => judged(level, (sku) => known === null || known.bySku.has(sku)));
      const accepted = outcomes.flatMap(({ level }) => level ?? []);
      // One after the other: each begins with the record that the one before it left.
      if (accepted.length > 0) await (turn = turn.catch(() => undefined).then(() => publish(accepted, memo)));
      return outcomes.map(({ pushed }) => pushed);
    },
    async shownStock(places) {
      const known = given.items === null ? null : (await given.items.read()).map;
      const published = new Map((await readRecord()).levels.map((level) => [keyOf(level), level.available]));
      return places.map(({ sku, node }) => {
        const place = placeOf(node);
        if (place === null || (known !== null && !known.bySku.has(sku))) return null;
        return published.get(keyOf({ sku, ...place })) ?? 0;
      });
    },
  };

  function judged(level: StockLevel, isKnown: (sku: Sku) => boolean): { readonly pushed: PushedLevel; readonly level?: PublishedLevel } {
    const { sku, node, available } = level;
    const place = placeOf(node);
    if (!Number.isSafeInteger(available) || available < 0)
      return { pushed: { kind: 'refused', reason: `${available} is no number of units that can be sold` } };
    if (place === null) return { pushed: { kind: 'refused', reason: `the partner has no warehouse for node ${node}` } };
    if (!isKnown(sku)) return { pushed: { kind: 'unknown-item', reason: 'not, or not once, in the list of items' } };
    return { pushed: { kind: 'set' }, level: { sku, warehouse: place.warehouse, available } };
  }

  function placeOf(node: NodeId): Place {
    if (warehouses === null) return node === everyNode ? { warehouse: null } : null;
    const warehouse = Object.entries(warehouses).find(([ours]) => ours === node)?.[1];
    return warehouse === undefined ? null : { warehouse };
  }

  /** First the record, then the file: a whole file holds whatever any file before it said, also one whose writer died. */
  async function publish(levels: readonly PublishedLevel[], memo: EffectMemo): Promise<void> {
    const asOf = given.clock.now();
    const before = (await readRecord()).levels;
    const all = [...new Map([...before, ...levels].map((level) => [keyOf(level), level])).values()];
    const file = await fileOf(asOf, memo);
    await client.write(recordPath, JSON.stringify({ levels: all } satisfies Published));
    const isWhole = given.files === 'whole';
    const content: StockFile = { format: 'stock/1', stock_id: file, as_of: asOf, whole: isWhole, levels: isWhole ? all : [...levels] };
    const { text, extension } = stockText(content, given.format);
    await client.write(`${layout.stock}/${file}.${extension}`, text);
  }

  /** The same on every attempt of an intent: the name is saved before the file is written. */
  async function fileOf(asOf: string, memo: EffectMemo): Promise<string> {
    if (given.files === 'whole') return 'stock';
    const saved = memo.refs['stockFile'];
    if (saved !== undefined) return saved;
    const name = `stock-${sortableTime(asOf)}-${fingerprint(memo.key).slice(0, 8)}`;
    await memo.saveRefs({ stockFile: name });
    return name;
  }

  async function readRecord(): Promise<Published> {
    return (await client.readJson(recordPath, publishedSchema)) ?? { levels: [] };
  }
}

function keyOf({ sku, warehouse }: { readonly sku: Sku; readonly warehouse: string | null }): string {
  return JSON.stringify([sku, warehouse]);
}
