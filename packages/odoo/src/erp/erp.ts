import { systemClock } from '@quartermaster/connector-kit';
import type { ConnectionId, Erp, NodeId } from '@quartermaster/domain';
import { allocate } from './allocate.ts';
import { cancelOrder, changeAddress } from './change-order.ts';
import type { OdooOptions } from '../client/client.ts';
import { findOrder } from './orders.ts';
import { probe } from './probe.ts';
import { readProducts, readStock, type HoldLocation } from './products.ts';
import { sessions, type Session } from '../session/session.ts';
import { ship } from './ship.ts';
import { writeOrder } from './write-order.ts';

export type OdooErpOptions = OdooOptions & {
  /** Id of the connection in the config. */
  readonly connection: ConnectionId;
  /** Codes of the warehouses that are nodes, for `probe` to check; default those that the set-up gave a route. */
  readonly nodes?: readonly NodeId[];
  /** Where goods lie that are not for sale; default nowhere. */
  readonly holdLocations?: readonly HoldLocation[];
};

/**
 * Odoo as the system of record. A node's id is the code of its warehouse. Nothing is sent before the first call.
 *
 * Effects take turns, one at a time: Odoo reserves the same unit twice when orders for it are confirmed at the same time. Two processes must not write to one database for the
 * same reason.
 */
export function odooErp(options: OdooErpOptions): Erp {
  const clock = options.clock ?? systemClock;
  const { open, refresh } = sessions(options, clock);
  const inTurn = turns();

  /** The session, its layout read anew when something is not in it that was perhaps added since. */
  async function having(isThere: (session: Session) => boolean): Promise<Session> {
    const session = await open();
    return isThere(session) ? session : refresh();
  }

  const withNodes = (nodes: readonly NodeId[]) => having(({ layout }) => nodes.every((node) => layout.nodes.has(node)));
  const withWaysOut = (nodes: readonly (NodeId | null)[]) =>
    having(({ layout }) =>
      nodes.every((node) => (node === null ? layout.toBeSourced.wayOut : (layout.nodes.get(node)?.wayOut ?? null)) !== null),
    );

  return {
    connection: options.connection,
    safety: { writeOrder: 'claim', allocate: 'claim', ship: 'claim', cancelOrder: 'natural', changeAddress: 'natural' },
    probe: async () => probe(await refresh(), options.nodes ?? null),
    async nodes() {
      const { client, layout } = await refresh();
      return [...layout.nodes].map(([id, node]) => ({ id, name: node.name, company: client.company.name, ref: String(node.id) }));
    },
    products: async (skus) => readProducts(await open(), skus),
    stock: async (query) => readStock(await withNodes(query.nodes), query, options.holdLocations ?? []),
    findOrder: async (key) => (await findOrder(await open(), key))?.order ?? null,
    writeOrder: (draft) =>
      inTurn(async () => {
        const products = draft.lines.filter((line) => line.kind === 'product');
        return writeOrder(await withWaysOut(products.map((line) => line.node)), draft);
      }),
    allocate: (request, memo) => inTurn(async () => allocate(await withWaysOut([request.node]), request, memo)),
    ship: (request, memo) => inTurn(async () => ship(await open(), request, memo)),
    cancelOrder: (key) => inTurn(async () => cancelOrder(await open(), key)),
    changeAddress: ({ key, shipTo }, memo) => inTurn(async () => changeAddress(await open(), key, shipTo, memo)),
  };
}

/** Runs one task after the other, in the order of asking; one that fails does not stop the next. */
function turns(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const turn = last.then(task, task);
    last = turn.catch(() => undefined);
    return turn;
  };
}
