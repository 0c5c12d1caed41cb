import type { Clock } from '@quartermaster/domain';
import type { FileAddress, FileOrder } from '../wire.ts';
import { lineWith, totalOf } from './amounts.ts';
import { memoryDirectory, type MemoryDirectory } from './memory-directory.ts';
import { csvOfOrders, jsonOfOrders } from './order-text.ts';
import { shippedOf, stockKey, type PartnerOrder, type PartnerState } from './partner-state.ts';
import { Rejected, takenFile, type Taken } from './taking.ts';

export type FilesSandboxOptions = {
  readonly clock: Clock;
  /** How the partner writes its own files, default `json`. */
  readonly writes?: 'json' | 'csv';
  readonly currency?: string;
  readonly taxesIncluded?: boolean;
  /** The partner's names of warehouses; none where it keeps one figure for all. */
  readonly warehouses?: readonly string[];
  /** Whether it takes files away as soon as they are there (default), or only by {@link FilesSandbox.takeFiles}. */
  readonly takesAtOnce?: boolean;
};

export type NewPartnerOrder = {
  readonly lines: readonly {
    readonly sku: string;
    readonly quantity: number;
    readonly unitPrice: string;
    readonly discount?: string;
    readonly tax?: string;
  }[];
  readonly shipping?: string;
  readonly payment?: string;
  readonly shipTo?: FileAddress;
};

/** The partner's side of a folder: it sells, writes files, takes ours, and holds them to its rules. */
export type FilesSandbox = {
  readonly directory: MemoryDirectory;
  addItem(item: { readonly sku: string | null; readonly title: string; readonly stock?: number }): void;
  /** Writes a file with the new order, and gives its id. */
  placeOrder(order: NewPartnerOrder): string;
  /** Changes an order and sends it again. */
  changeOrder(orderId: string, change: (order: FileOrder) => FileOrder): void;
  cancelOrder(orderId: string): void;
  takeOut(orderId: string, sku: string, units: number): void;
  order(orderId: string): PartnerOrder;
  stockOf(sku: string, warehouse: string | null): number;
  setStock(sku: string, warehouse: string | null, units: number): void;
  /** Sends orders once more in a file of its own, as partners do by mistake. */
  sendAgain(orderIds: readonly string[]): void;
  takeFiles(): void;
  /** Files of ours that broke a rule, and which one. */
  readonly rejected: PartnerState['rejected'];
};

const ada: FileAddress = {
  name: 'Ada Example',
  street: 'Beispielweg 1',
  postal_code: '53111',
  city: 'Bonn',
  country: 'DE',
  phone: '+49 228 000',
};

/** A partner with a folder in memory. It writes whole files only, takes what has an id once, and keeps the older of two stock files out. */
export function createFilesSandbox(options: FilesSandboxOptions): FilesSandbox {
  const { clock } = options;
  const currency = options.currency ?? 'EUR';
  const warehouses: readonly (string | null)[] = options.warehouses ?? [null];
  const state: PartnerState = { items: [], stock: new Map(), orders: new Map(), taken: new Set(), rejected: [] };
  const stockAsOf = new Map<string, string>();
  let files = 0;
  const directory = memoryDirectory(clock, () => {
    if (options.takesAtOnce ?? true) takeFiles();
  });

  return {
    directory,
    addItem({ sku, title, stock = 0 }) {
      state.items.push({ item_id: `P-${state.items.length + 1}`, sku, title, state: 'active' });
      if (sku !== null) for (const warehouse of warehouses) state.stock.set(stockKey(sku, warehouse), stock);
      directory.put('items/items.json', JSON.stringify({ format: 'items/1', items: state.items }));
    },
    placeOrder(given) {
      const id = String(4_711 + state.orders.size);
      const draft = {
        order_id: id,
        name: `PO-${id}`,
        status: 'open',
        placed_at: clock.now(),
        updated_at: clock.now(),
        currency,
        taxes_included: options.taxesIncluded ?? true,
        payment: given.payment ?? 'paid',
        class: 'business',
        ship_to: given.shipTo ?? ada,
        lines: given.lines.map(({ sku, quantity, unitPrice, discount, tax }, at) => ({
          line_id: String(at + 1),
          sku,
          title: sku,
          kind: 'product',
          quantity,
          unit_price: unitPrice,
          ...(discount === undefined ? {} : { discount }),
          ...(tax === undefined ? {} : { tax }),
        })),
        ...(given.shipping === undefined ? {} : { shipping: given.shipping }),
      } satisfies Omit<FileOrder, 'total'>;
      state.orders.set(id, { order: { ...draft, total: totalOf(draft) }, acknowledgedAs: null, shipments: [], cancelled: {} });
      send([id]);
      return id;
    },
    changeOrder: change,
    cancelOrder: (id) => change(id, (order) => ({ ...order, status: 'cancelled' })),
    takeOut(id, sku, units) {
      change(id, (order) => withLines(order, (line) => (line.sku === sku ? line.quantity - units : line.quantity)));
    },
    order: orderOf,
    stockOf: (sku, warehouse) => state.stock.get(stockKey(sku, warehouse)) ?? 0,
    setStock: (sku, warehouse, units) => void state.stock.set(stockKey(sku, warehouse), units),
    sendAgain: send,
    takeFiles,
    rejected: state.rejected,
  };

  function orderOf(id: string): PartnerOrder {
    const order = state.orders.get(id);
    if (order === undefined) throw new RangeError(`no order ${id}`);
    return order;
  }

  function change(id: string, how: (order: FileOrder) => FileOrder): void {
    const known = orderOf(id);
    known.order = { ...how(known.order), updated_at: clock.now() };
    send([id]);
  }

  function send(ids: readonly string[]): void {
    const orders = ids.map((id) => orderOf(id).order);
    files += 1;
    const name = `orders/orders-${String(files).padStart(6, '0')}`;
    if (options.writes === 'csv') directory.put(`${name}.csv`, csvOfOrders(orders));
    else directory.put(`${name}.json`, jsonOfOrders(orders));
  }

  function withLines(order: FileOrder, quantityOf: (line: FileOrder['lines'][number]) => number): FileOrder {
    const lines = order.lines.map((line) => lineWith(line, quantityOf(line), order.currency));
    return { ...order, lines, total: totalOf({ ...order, lines }) };
  }

  function takeFiles(): void {
    for (const path of directory.paths()) {
      let taken: Taken | null = null;
      try {
        taken = takenFile(path, directory.text(path) ?? '');
        if (taken === null) continue;
        take(taken);
      } catch (error) {
        if (!(error instanceof Rejected)) throw error;
        state.rejected.push({ path, reason: error.message });
      }
      directory.remove(path);
    }
  }

  function take(taken: Taken): void {
    switch (taken.kind) {
      case 'stock':
        return takeStock(taken.file);
      case 'shipment':
        return once(taken.file.shipment_id, () => takeShipment(taken.file));
      case 'cancellation':
        return once(taken.file.cancellation_id, () => takeCancellation(taken.file));
      case 'acknowledgement':
        return once(taken.file.acknowledgement_id, () => {
          known(taken.file.order_id).acknowledgedAs = taken.file.our_ref;
        });
    }
  }

  /** What was said of an item at a later time stays. */
  function takeStock({ as_of: asOf, levels }: Extract<Taken, { kind: 'stock' }>['file']): void {
    for (const { sku, warehouse } of levels) {
      if (!state.items.some((item) => item.sku === sku)) throw new Rejected(`no item ${sku}`);
      if (!warehouses.includes(warehouse)) throw new Rejected(`no warehouse ${warehouse ?? ''}`);
    }
    for (const { sku, warehouse, available } of levels) {
      const key = stockKey(sku, warehouse);
      if ((stockAsOf.get(key) ?? '') > asOf) continue;
      stockAsOf.set(key, asOf);
      state.stock.set(key, available);
    }
  }

  function takeShipment(file: Extract<Taken, { kind: 'shipment' }>['file']): void {
    const order = known(file.order_id);
    for (const { line_id: id, quantity } of file.lines) {
      const line = order.order.lines.find((one) => one.line_id === id);
      if (line === undefined) throw new Rejected(`no line ${id}`);
      if (shippedOf(order, id) + quantity > line.quantity) throw new Rejected(`line ${id} wants no ${quantity} units more`);
    }
    order.shipments.push({
      id: file.shipment_id,
      trackingNumbers: file.tracking_numbers,
      units: Object.fromEntries(file.lines.map(({ line_id: id, quantity }) => [id, quantity])),
    });
  }

  /** Answers with the order as it is then. */
  function takeCancellation({ cancellation_id: id, order_id: orderId, lines }: Extract<Taken, { kind: 'cancellation' }>['file']): void {
    const order = known(orderId);
    const answered = (said: FileOrder): FileOrder => ({ ...said, cancellation_ids: [...(said.cancellation_ids ?? []), id] });
    if (lines === null) {
      if (order.shipments.length > 0) throw new Rejected('what has shipped is not cancelled');
      return change(orderId, (said) => answered({ ...said, status: 'cancelled' }));
    }
    const units = new Map(lines.map((line) => [line.line_id, line.quantity]));
    for (const line of order.order.lines)
      if ((units.get(line.line_id) ?? 0) > line.quantity - shippedOf(order, line.line_id))
        throw new Rejected(`line ${line.line_id} has not so many units left`);
    for (const [line, count] of units) order.cancelled[line] = (order.cancelled[line] ?? 0) + count;
    change(orderId, (said) => answered(withLines(said, (line) => line.quantity - (units.get(line.line_id) ?? 0))));
  }

  function known(orderId: string): PartnerOrder {
    const order = state.orders.get(orderId);
    if (order === undefined) throw new Rejected(`no order ${orderId}`);
    return order;
  }

  function once(id: string, work: () => void): void {
    if (state.taken.has(id)) return;
    work();
    state.taken.add(id);
  }
}
