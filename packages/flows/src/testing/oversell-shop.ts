import type { Channel, ChannelOrder, Instant, NodeId, OrderPage, PulledOrder, Sku } from '@quartermaster/domain';
import { address, channelOrder, line } from './givens.ts';

/** A shop that sells what it shows, by itself, and tells of it only when it is asked. */
export type OversellShop = {
  readonly channel: Channel;
  /** Units that it shows over all nodes. */
  readonly shown: (sku: Sku) => number;
  /** Everything that it shows. */
  readonly levels: () => { readonly connection: string; readonly sku: Sku; readonly available: number }[];
  /** A customer buys as much as is shown of what is wanted; how many units that were. */
  readonly buy: (sku: Sku, wanted: number, at: Instant) => number;
  /** The newest order that is not cancelled is cancelled, and the shop puts its units back by itself; what that was. */
  readonly cancel: (at: Instant) => { readonly sku: Sku; readonly units: number } | null;
};

/** The ports of `base`, over a memory of its own. `beforeSetting` happens when a batch of levels has arrived and is not looked at yet. */
export function oversellShop(base: Channel, given: { readonly compares: boolean; readonly beforeSetting: () => void }): OversellShop {
  const { connection } = base;
  const levels = new Map<Sku, Map<NodeId, number>>();
  const orders: ChannelOrder[] = [];
  const levelOf = (sku: Sku, node: NodeId) => levels.get(sku)?.get(node) ?? 0;
  const put = (sku: Sku, node: NodeId, units: number) => levels.set(sku, (levels.get(sku) ?? new Map<NodeId, number>()).set(node, units));
  const shown = (sku: Sku) => [...(levels.get(sku)?.values() ?? [])].reduce((sum, units) => sum + Math.max(0, units), 0);
  const channel: Channel = {
    ...base,
    capabilities: { ...base.capabilities, compareAndSet: given.compares, stockPerNode: true },
    acknowledgement: null,
    cursorAt: () => ({ from: 0 }),
    async *pullOrders(since) {
      const from = Number(since['from']);
      yield { orders: orders.slice(from).map(pulled), cursor: { from: orders.length } } satisfies OrderPage;
    },
    getOrder: async (id) =>
      orders
        .filter((order) => order.id === id)
        .map(pulled)
        .at(-1) ?? null,
    async shownStock(places) {
      given.beforeSetting();
      return places.map(({ sku, node }) => levelOf(sku, node));
    },
    async pushStock(wanted) {
      if (given.compares) given.beforeSetting();
      return wanted.map(({ sku, node, available, expected }) => {
        const actual = levelOf(sku, node);
        if (given.compares && expected !== null && expected !== actual) return { kind: 'stale' as const, actual };
        put(sku, node, available);
        return { kind: 'set' as const };
      });
    },
  };
  return {
    channel,
    shown,
    levels: () => [...levels].map(([sku]) => ({ connection, sku, available: shown(sku) })),
    buy(sku, wanted, at) {
      const units = Math.min(wanted, shown(sku));
      if (units === 0) return 0;
      let left = units;
      for (const [node, there] of [...(levels.get(sku) ?? [])].sort(([, one], [, other]) => other - one)) {
        const taken = Math.min(left, Math.max(0, there));
        put(sku, node, there - taken);
        left -= taken;
      }
      const id = `${connection}-${orders.length + 1}`;
      orders.push(channelOrder({ id, name: id, placedAt: at, updatedAt: at, lines: [line('l1', sku, units)], subject: `subject-${id}` }));
      return units;
    },
    cancel(at) {
      const over = new Set(orders.flatMap(({ id, status }) => (status === 'cancelled' ? [id] : [])));
      const order = orders.findLast(({ id }) => !over.has(id));
      const [first] = order?.lines ?? [];
      if (order === undefined || first?.sku == null) return null;
      const node = [...(levels.get(first.sku)?.keys() ?? [])][0];
      if (node === undefined) return null;
      put(first.sku, node, levelOf(first.sku, node) + first.quantity);
      orders.push({ ...order, status: 'cancelled', revision: 'r2', updatedAt: at });
      return { sku: first.sku, units: first.quantity };
    },
  };
}

function pulled(order: ChannelOrder): PulledOrder {
  const home = { ...address('10115', 'Berlin'), name: 'Ada Example' };
  return { order, person: { shipTo: home, billTo: null }, raw: order.id };
}
