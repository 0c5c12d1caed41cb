import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { wireAmount } from '../amounts.ts';
import { mayCall, numberIn, Refusal, type Answer, type Asked } from './answers.ts';
import { nextId, now, timeText, type ImportState, type MarketState, type OfferState, type StockRowState } from './state.ts';

/** How long Mirakl is at an import. */
const importMs = 12_000;

export function listOffers(state: MarketState, { query }: Asked): Answer {
  settleImports(state);
  if (!['totalPrice', 'price', 'productTitle', null].includes(query.get('sort'))) throw new Refusal(400, 'sort is not valid');
  const sku = query.get('sku');
  const max = numberIn(query, 'max', 10, 100);
  const offset = numberIn(query, 'offset', 0, 1_000_000);
  const found = [...state.offers.values()]
    .filter((offer) => sku === null || offer.sku === sku)
    .toSorted((left, right) => (left.title < right.title ? -1 : left.title > right.title ? 1 : left.id - right.id));
  return {
    status: 200,
    body: { offers: found.slice(offset, offset + max).map((offer) => offerView(state, offer)), total_count: found.length },
  };
}

function offerView(state: MarketState, offer: OfferState) {
  const price = wireAmount(offer.price, state.currency);
  const quantity = unitsOf(offer);
  return {
    active: quantity > 0,
    all_prices: [],
    category_code: 'home',
    category_label: 'Home',
    channels: [],
    currency_iso_code: state.currency,
    description: null,
    fulfillment: { center: { code: 'DEFAULT' } },
    ...(quantity > 0 ? {} : { inactivity_reasons: ['ZERO_QUANTITY'] }),
    leadtime_to_ship: 2,
    logistic_class: { code: 'M', label: 'Medium' },
    max_order_quantity: null,
    min_order_quantity: null,
    min_quantity_alert: null,
    min_shipping_price: 0,
    min_shipping_price_additional: 0,
    min_shipping_type: 'STD',
    min_shipping_zone: 'DE',
    package_quantity: null,
    offer_id: offer.id,
    price,
    product_references: [],
    product_sku: `MKP-${offer.sku}`,
    product_title: offer.title,
    quantity,
    shipping_deadline: null,
    shop_sku: offer.sku,
    state_code: '11',
    total_price: price,
    ...(state.warehouses.length === 0 ? {} : { warehouses: [...offer.stock].map(([code, units]) => ({ code, quantity: units })) }),
  };
}

export function unitsOf(offer: OfferState): number {
  return [...offer.stock.values()].reduce((sum, units) => sum + units, 0);
}

const fileBody = z.strictObject({ file: z.string() });
const columns = ['offer-sku', 'quantity', 'warehouse-code', 'update-delete'];

export function importStock(state: MarketState, asked: Asked): Answer {
  mayCall(state, 'STO01', 60_000);
  const parsed = fileBody.safeParse(asked.body);
  if (!parsed.success) throw new Refusal(400, 'file is required, as multipart/form-data');
  const records: string[][] = parse(parsed.data.file, { delimiter: ';', bom: true });
  const [header = [], ...rows] = records;
  if (header.join() !== columns.join()) throw new Refusal(400, `columns are not ${columns.join(';')}`);
  const id = String(nextId(state));
  const made = rows.map(([sku = '', quantity = '', warehouse = '', verb = '']): StockRowState => ({ sku, quantity, warehouse, verb }));
  state.imports.set(id, { id, at: now(state), rows: made, errors: null });
  return { status: 201, body: { import_id: id } };
}

/** Applies what was imported long enough ago, in the order of coming. */
export function settleImports(state: MarketState): void {
  for (const one of state.imports.values()) if (one.errors === null && now(state) - one.at >= importMs) one.errors = applied(state, one);
}

function applied(state: MarketState, { rows }: ImportState): NonNullable<ImportState['errors']> {
  const done = new Set<string>();
  let last = '';
  return rows.flatMap((row, nth) => {
    const isApart = row.sku !== last && done.has(row.sku);
    done.add(row.sku);
    last = row.sku;
    const offer = state.offers.get(row.sku);
    const reason =
      offer === undefined
        ? 'Angebot nicht gefunden'
        : isApart
          ? 'Mengen eines Angebots stehen nicht beisammen'
          : row.warehouse !== '' && !state.warehouses.includes(row.warehouse)
            ? 'Lager nicht gefunden'
            : /^\d+$/.test(row.quantity) && ['update', ''].includes(row.verb)
              ? null
              : 'Menge nicht lesbar';
    if (reason !== null || offer === undefined) return [{ line: nth + 2, reason: reason ?? '', row }];
    offer.stock.set(row.warehouse, Number(row.quantity));
    return [];
  });
}

export function importStatus(state: MarketState, { id }: Asked): Answer {
  mayCall(state, 'STO02', 15_000);
  settleImports(state);
  const one = importOf(state, id);
  const errors = one.errors?.length ?? 0;
  return {
    status: 200,
    body: {
      date_created: timeText(one.at),
      has_error_report: errors > 0,
      import_id: id,
      lines_in_error: errors,
      lines_in_success: one.errors === null ? 0 : one.rows.length - errors,
      shop_id: state.shopId,
      status: one.errors === null ? (now(state) - one.at < importMs / 2 ? 'WAITING' : 'RUNNING') : 'COMPLETE',
    },
  };
}

export function importErrors(state: MarketState, { id }: Asked): Answer {
  mayCall(state, 'STO03', 60_000);
  settleImports(state);
  const errors = importOf(state, id).errors ?? [];
  if (errors.length === 0) throw new Refusal(404, 'There is no error report');
  const rows = errors.map(({ line, reason, row }) => [String(line), reason, row.sku, row.quantity, row.warehouse, row.verb]);
  const csv = [['line-number', 'error-message', ...columns], ...rows].map((cells) =>
    cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(';'),
  );
  return { status: 200, csv: `${csv.join('\n')}\n` };
}

function importOf(state: MarketState, id: string): ImportState {
  const one = state.imports.get(id);
  if (one === undefined) throw new Refusal(404, `Import ${id} not found`);
  return one;
}
