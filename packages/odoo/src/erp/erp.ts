import { gathering, systemClock } from '@quartermaster/connector-kit';
import type { ConnectionId, Erp, ErpDelivery, ErpOrder, ErpOrderDraft, NodeId } from '@quartermaster/domain';
import { allocate } from './allocate.ts';
import { batches } from './batches.ts';
import { cancelOrder, changeAddress } from './change-order.ts';
import { deallocate } from './deallocate.ts';
import type { OdooOptions } from '../client/client.ts';
import { readNamedOrders } from './named-orders.ts';
import { findOrder, findOrders } from './orders.ts';
import { demandNoDrift, guarded } from './drift-guard.ts';
import { probe } from './probe.ts';
import { readStockPositions, type StockPositionQuery, type StockPositions } from '../reads/stock-positions.ts';
import { stockHistory } from '../reads/stock-history.ts';
import { inBatches, readProducts, readStock, type HoldLocation } from './products.ts';
import { sessions, type Session } from '../session/session.ts';
import { shipmentsPerCall, shipTogether, type WantedShipment } from './ship-together.ts';
import type { Comparable } from '../typegen/drift.ts';
import { orderXid } from '../session/external-id.ts';
import type { WarehouseSplit } from '../session/layout.ts';
import { turnsAtNode } from './order-turns.ts';
import { todos } from './todos.ts';
import { vendorBills } from './vendor-bills.ts';
import { asGathered, ordersPerBatch, writeOrders, type OrderOutcome } from './write-orders.ts';

export type OdooErpOptions = OdooOptions & {
  /** Id of the connection in the config. */
  readonly connection: ConnectionId;
  /** Codes of the warehouses that are nodes, for `probe` to check; default those that the set-up gave a route. */
  readonly nodes?: readonly NodeId[];
  /** Where goods lie that are not for sale; default nowhere. */
  readonly holdLocations?: readonly HoldLocation[];
  /** How orders for several warehouses are written; default `route-per-line`. */
  readonly warehouseSplit?: WarehouseSplit;
  /**
   * What the database is compared with before the first write: the types that ship with this package (`curated`), or a lock of `qm typegen`. Where a field that the connector uses
   * is gone or another one, nothing is written. Default: nobody looks.
   */
  readonly lock?: 'curated' | Comparable;
};

/** An order comes with its lines, deliveries and moves: some hundred rows. */
const ordersPerRead = 100;

/** Of what goes together, so many calls are under way at a time: what is asked for meanwhile goes together with the next one. Most of them wait for one another's goods anyway. */
const callsTogether = 2;

/** The port, and what Odoo can do besides. */
export type OdooErp = Erp & {
  /** Writes many orders at once, each with an outcome of its own; see {@link Erp.writeOrder}. */
  writeOrders(drafts: readonly ErpOrderDraft[]): Promise<OrderOutcome[]>;
  /** The stock with more than the port's words: by lot, owner or package, what is expected and from where, and what cannot be right. Hold locations are those of the options. */
  stockPositions(query: Omit<StockPositionQuery, 'holds'>): Promise<StockPositions>;
};

/**
 * Odoo as the system of record. A node's id is the code of its warehouse. Nothing is sent before the first call.
 *
 * Effects that touch the same goods or the same order take turns: Odoo reserves the same unit twice when orders for it are confirmed at the same time. Two processes must not write
 * to one database for the same reason.
 *
 * Orders that are written, looked for or shipped in the same moment go together in as few calls as a batch takes; each has its own outcome.
 */
export function odooErp(options: OdooErpOptions): OdooErp {
  const clock = options.clock ?? systemClock;
  const { open, refresh } = sessions(options, clock);

  /** The session, its layout read anew when something is not in it that was perhaps added since. */
  async function having(isThere: (session: Session) => boolean): Promise<Session> {
    const session = await open();
    return isThere(session) ? session : refresh();
  }

  const withNodes = (nodes: readonly NodeId[]) => having(({ layout }) => nodes.every((node) => layout.nodes.has(node)));
  const withWaysOut = (drafts: readonly ErpOrderDraft[]) => {
    const nodes = new Set(drafts.flatMap((draft) => draft.lines).flatMap((line) => (line.kind === 'product' ? [line.node] : [])));
    return having(({ layout, warehouseSplit }) =>
      [...nodes].every((node) => {
        if (node === null) return layout.toBeSourced.wayOut !== null;
        return warehouseSplit === 'order-per-warehouse' ? layout.nodes.has(node) : (layout.nodes.get(node)?.wayOut ?? null) !== null;
      }),
    );
  };

  const writeOrder = gathering<ErpOrderDraft, ErpOrder>(
    async (drafts) => (await writeOrders(await withWaysOut(drafts), drafts)).map(asGathered),
    { atMost: ordersPerBatch, atATime: callsTogether },
  );
  const ship = gathering<WantedShipment, ErpDelivery>(async (wanted) => shipTogether(await open(), wanted), {
    atMost: shipmentsPerCall,
    atATime: callsTogether,
  });

  const lock = options.lock === 'curated' ? undefined : options.lock;
  const erp: OdooErp = {
    connection: options.connection,
    safety: {
      writeOrder: 'claim',
      allocate: 'claim',
      deallocate: 'claim',
      ship: 'claim',
      cancelOrder: 'natural',
      changeAddress: 'natural',
    },
    probe: async (look) =>
      probe(await refresh(), { nodes: options.nodes ?? null, data: look?.data ?? false, ...(lock === undefined ? {} : { lock }) }),
    async nodes() {
      const { client, layout } = await refresh();
      return [...layout.nodes].map(([id, node]) => ({ id, name: node.name, company: client.company.name, ref: String(node.id) }));
    },
    products: async (skus) => readProducts(await open(), skus),
    stock: async (query) => readStock(await withNodes(query.nodes), query, options.holdLocations ?? []),
    stockPositions: async (query) => readStockPositions(await withNodes(query.nodes), { ...query, holds: options.holdLocations ?? [] }),
    findOrder: async (key) => (await findOrder(await open(), key))?.order ?? null,
    async findOrders(keys) {
      const session = await open();
      return inBatches(
        keys,
        async (batch) => {
          const found = await findOrders(session, batch);
          return batch.map((key) => found.get(orderXid(key))?.order ?? null);
        },
        ordersPerRead,
      );
    },
    ordersNamed: async (references) => (references.length === 0 ? new Map() : readNamedOrders(await open(), references)),
    writeOrder: (draft) => writeOrder(draft),
    writeOrders: async (drafts) => writeOrders(await withWaysOut(drafts), drafts),
    async allocate(request, memo) {
      const session = await withNodes([request.node]);
      const keys = await turnsAtNode(session, request.key, request.node);
      return session.inTurn(keys, () => allocate(session, request, memo));
    },
    async deallocate(request, memo) {
      const session = await withNodes([request.node]);
      const keys = await turnsAtNode(session, request.key, request.node);
      return session.inTurn(keys, () => deallocate(session, request, memo));
    },
    ship: (request, memo) => ship({ request, memo }),
    async cancelOrder(key) {
      const session = await open();
      return session.inTurn([orderXid(key)], () => cancelOrder(session, key));
    },
    async changeAddress({ key, shipTo }, memo) {
      const session = await open();
      return session.inTurn([orderXid(key)], () => changeAddress(session, key, shipTo, memo.key));
    },
    vendorBills: vendorBills(open),
    batches: batches(open, (node) => withNodes([node])),
    todos: todos(open),
    history: stockHistory(withNodes),
  };
  return options.lock === undefined ? erp : guarded(erp, async () => demandNoDrift((await open()).client, lock));
}
