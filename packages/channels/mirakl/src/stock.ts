import { fingerprint } from '@quartermaster/connector-kit';
import {
  ConnectorFault,
  everyNode,
  type EffectMemo,
  type NodeId,
  type PushedLevel,
  type Sku,
  type StockLevel,
} from '@quartermaster/domain';
import { notDone, type MiraklClient } from './client.ts';
import { connectorName } from './connector-name.ts';
import { levelsPerFile } from './limits.ts';
import { readOffers, readOffersOf } from './offers.ts';
import { rowErrors, stockFile, stockForm, type RowError, type StockRow } from './stock-file.ts';
import { importSchema, importStatusSchema, type WireOffer } from './wire-operations.ts';

/** The warehouse's code of each node, or null where a shop has one figure for all. */
export type Warehouses = Readonly<Record<NodeId, string>> | null;

/** How often the state of an import is asked for before its outcome is left open: five minutes, at one question in 15 seconds. */
const looks = 20;

/**
 * Sets stock by a file (STO01), waits until it was taken (STO02), and reads what was wrong with which row (STO03). One file a minute, so whoever pushes should push many levels together. An
 * import that was sent and of which nothing more is known is asked for again before another is sent. `OF24` is never used: it resets every field of an offer that it is not told.
 */
export function stockPushing(client: MiraklClient, warehouses: Warehouses) {
  return async function pushStock(levels: readonly StockLevel[], memo: EffectMemo): Promise<PushedLevel[]> {
    const outcomes: PushedLevel[] = [];
    for (let at = 0; at < levels.length; at += levelsPerFile)
      outcomes.push(...(await pushSome(levels.slice(at, at + levelsPerFile), memo)));
    return outcomes;
  };

  async function pushSome(levels: readonly StockLevel[], memo: EffectMemo): Promise<PushedLevel[]> {
    const planned = levels.map((level) => ({ level, row: rowOf(level, warehouses) }));
    const rows = planned.flatMap(({ row }) => (typeof row === 'string' ? [] : [row]));
    const errors = rows.length === 0 ? [] : await importRows(rows, memo);
    const unlisted = await unlistedOf(errors);
    return planned.map(({ row }) => (typeof row === 'string' ? { kind: 'refused', reason: row } : outcomeOf(row, errors, unlisted)));
  }

  async function importRows(rows: readonly StockRow[], memo: EffectMemo): Promise<readonly RowError[]> {
    const csv = stockFile(rows);
    const hash = fingerprint(csv).slice(0, 24);
    const id = memo.refs['file'] === hash && (memo.refs['import'] ?? '') !== '' ? (memo.refs['import'] ?? '') : await send(csv, hash);
    await memo.saveRefs({ file: hash, import: id });
    const errors = await errorsOf(id);
    await memo.saveRefs({ import: '' });
    return errors;
  }

  async function send(csv: string, hash: string): Promise<string> {
    const reply = await client.call(
      {
        operation: 'stock.import',
        limit: 'stock-import',
        method: 'POST',
        path: '/api/offers/stock/imports',
        body: stockForm(csv, `stock-${hash}`),
        kind: 'repeatable-effect',
      },
      importSchema,
    );
    return String(reply.import_id);
  }

  async function errorsOf(id: string): Promise<readonly RowError[]> {
    const path = `/api/offers/stock/imports/${encodeURIComponent(id)}`;
    for (let look = 1; look <= looks; look++) {
      const state = await client.call(
        { operation: 'stock.status', limit: 'stock-status', method: 'GET', path: `${path}/status`, kind: 'read' },
        importStatusSchema,
      );
      if (state.status === 'FAILED') throw notDone('refused', 'stock.status', 'Mirakl could not read the stock file');
      if (state.status === 'COMPLETE') return state.has_error_report ? readErrors(path, state.lines_in_error ?? null) : [];
    }
    throw new ConnectorFault('timeout', {
      connector: connectorName,
      operation: 'stock.status',
      outcome: 'unknown',
      retry: { kind: 'after', ms: 60_000 },
      message: 'Mirakl is still at the stock file',
    });
  }

  /** A report that holds other than as many rows as Mirakl counted is no report: a row that it does not name would pass for set. */
  async function readErrors(path: string, expected: number | null): Promise<readonly RowError[]> {
    for (let attempt = 1; attempt <= 3; attempt++) {
      const csv = await client.text({
        operation: 'stock.errors',
        limit: 'stock-errors',
        method: 'GET',
        path: `${path}/error_report`,
        kind: 'read',
      });
      const errors = rowErrors(csv);
      if (errors !== null && (expected === null || errors.length === expected)) return errors;
    }
    throw new ConnectorFault('malformed-reply', {
      connector: connectorName,
      operation: 'stock.errors',
      outcome: 'unknown',
      retry: { kind: 'safely' },
      message: 'the error report has not as many rows as Mirakl counted',
    });
  }

  /** Mirakl gives its reasons in the language of the user, so whether an offer is there is asked and not read from them. */
  async function unlistedOf(errors: readonly RowError[]): Promise<ReadonlySet<Sku>> {
    const skus = [...new Set(errors.map(({ sku }) => sku))];
    const listed = await readOffersOf(client, skus, 'stock.listed');
    return new Set(skus.filter((sku) => !listed.has(sku)));
  }
}

/** What may be sold there now, by OF21: an offer a call, or all pages where that is fewer. */
export function shownStockReading(client: MiraklClient, warehouses: Warehouses) {
  return async function shownStock(places: readonly { readonly sku: Sku; readonly node: NodeId }[]): Promise<(number | null)[]> {
    const skus = [...new Set(places.map(({ sku }) => sku))];
    const offers = skus.length > mostSingly ? await allOffers(client) : await readOffersOf(client, skus, 'stock.read');
    return places.map(({ sku, node }) => {
      const offer = offers.get(sku);
      return offer === undefined ? null : quantityAt(offer, node, warehouses);
    });
  };
}

const mostSingly = 200;

async function allOffers(client: MiraklClient): Promise<ReadonlyMap<Sku, WireOffer>> {
  const found = new Map<Sku, WireOffer>();
  for await (const page of readOffers(client, 'stock.pages')) for (const offer of page) found.set(offer.shop_sku, offer);
  return found;
}

function quantityAt(offer: WireOffer, node: NodeId, warehouses: Warehouses): number | null {
  if (warehouses === null) return node === everyNode ? offer.quantity : null;
  return offer.warehouses?.find(({ code }) => code === warehouses[node])?.quantity ?? null;
}

/** The row of a level, or why it is refused before it is sent. */
function rowOf({ sku, node, available }: StockLevel, warehouses: Warehouses): StockRow | string {
  if (!Number.isSafeInteger(available) || available < 0) return `not a quantity: ${available}`;
  if (warehouses === null)
    return node === everyNode ? { sku, quantity: available, warehouse: '' } : 'the shop has one figure for all nodes';
  const warehouse = warehouses[node];
  return warehouse === undefined ? `no warehouse of the shop is configured for node ${node}` : { sku, quantity: available, warehouse };
}

function outcomeOf(row: StockRow, errors: readonly RowError[], unlisted: ReadonlySet<Sku>): PushedLevel {
  const error = errors.find(({ sku, warehouse }) => sku === row.sku && warehouse === row.warehouse);
  if (error === undefined) return { kind: 'set' };
  return { kind: unlisted.has(row.sku) ? 'unknown-item' : 'refused', reason: error.reason };
}
