import { seededRandom, virtualClock } from '@quartermaster/connector-kit/sandbox';
import { epochMs, instantOf, type Erp, type KitComponent, type NodeId, type Sku, type StockPosition } from '@quartermaster/domain';
import { exposure, type InventoryPolicy } from '@quartermaster/inventory';
import { openJournal, type Journal } from '@quartermaster/journal';
import { odooErp } from '@quartermaster/odoo';
import { shopifyChannel } from '@quartermaster/shopify';
import { createEngine, settle } from '../engine.ts';
import { publishStock } from '../stock/publish.ts';
import { shareStock, type ShareStock } from '../stock/share-stock.ts';
import { contextOf, type FlowWorld } from '../world.ts';
import { settings as standard, position } from './givens.ts';
import { oversellShop, type OversellShop } from './oversell-shop.ts';

// A business that exists only to be oversold: two shops, four nodes, kits that share components, customers that buy at any moment, orders that are read late, goods that come back. What there really
// is stands in a ledger of its own, that knows nothing of how stock is shared out.

const nodes: readonly NodeId[] = ['BER', 'HAM', 'PAR', 'VIE'];
const plain: readonly Sku[] = ['MUG', 'LAMP', 'TEA'];
const kits: Readonly<Record<Sku, readonly KitComponent[]>> = {
  PAIR: [{ sku: 'MUG', units: 2 }],
  BOX: [
    { sku: 'MUG', units: 1 },
    { sku: 'TEA', units: 2 },
  ],
  DESK: [
    { sku: 'LAMP', units: 1 },
    { sku: 'TEA', units: 1 },
  ],
  EMPTY: [],
};
const skus = [...plain, ...Object.keys(kits)];
const hourMs = 3_600_000;

export type OversellGiven = {
  readonly seed: number;
  readonly hours: number;
  /** How stock is shared out; the flows' own unless a mistake is planted. */
  readonly share?: ShareStock;
  readonly inventory?: Partial<InventoryPolicy>;
  /** Customers of one shop buy no more of a SKU in an hour. */
  readonly mostPerHour?: number;
  /** Hours for which the orders of a shop may not be read, at most. */
  readonly longestLag?: number;
};

export type OversellOutcome = {
  readonly hours: number;
  readonly ordered: number;
  readonly published: number;
  /** Most units of a component that all shops showed together beyond what was left of it, at any moment; 0: never. */
  readonly mostBeyond: number;
  /** Most units of a component that were sold and were not there. */
  readonly oversold: number;
};

/** Plays so many hours and says what came of them. The same seed gives the same. */
export async function playOversell(given: OversellGiven): Promise<OversellOutcome> {
  const clock = virtualClock('2026-11-02T00:00:00.000Z');
  await using journal = await openJournal({ path: ':memory:', masterKey: new Uint8Array(32).fill(7), clock });
  const world = oversellWorld(given, clock, journal);
  for (const shop of world.shops) await world.engine.pull(shop.channel.connection);
  for (let hour = 1; hour <= given.hours; hour += 1) await world.hour(hour);
  return world.outcome();
}

function oversellWorld(given: OversellGiven, clock: ReturnType<typeof virtualClock>, journal: Journal) {
  const random = seededRandom(given.seed);
  const below = (count: number) => Math.floor(random() * count);
  const chosen = <Each>(all: readonly [Each, ...Each[]] | readonly Each[], otherwise: Each): Each => all[below(all.length)] ?? otherwise;
  const truth = ledger(given, random);
  let ordered = 0;
  let published = 0;
  const bought = new Map<string, number>();
  const shops: OversellShop[] = [];
  const buy = (shop: OversellShop, sku: Sku, wanted: number) => {
    const key = `${shop.channel.connection} ${sku} ${clock.now().slice(0, 13)}`;
    const units = shop.buy(sku, Math.min(wanted, (given.mostPerHour ?? Infinity) - (bought.get(key) ?? 0)), clock.now());
    bought.set(key, (bought.get(key) ?? 0) + units);
    if (units > 0) ordered += 1;
    truth.sold(sku, units);
    truth.look(shops);
  };
  const somebodyBuys = (chance: number) => {
    if (random() >= chance) return;
    for (const shop of shops) if (random() < 0.6) buy(shop, chosen(skus, 'MUG'), 1 + below(3));
  };
  const settings = oversellSettings(given);
  const shared = { clock, random, fetch: () => Promise.reject(new Error('nothing goes over a wire here')) };
  for (const connection of ['shop', 'market']) {
    const base = shopifyChannel({ connection, shop: connection, accessToken: 'x', webhookSecret: 'x', locations: {}, ...shared });
    shops.push(oversellShop(base, { compares: connection === 'shop', beforeSetting: () => somebodyBuys(0.3) }));
  }
  const erp: Erp = {
    ...odooErp({ connection: 'erp', url: 'http://odoo.test', database: 'db', login: 'qm', secret: { apiKey: 'x' }, ...shared }),
    stock: async () => truth.positions(),
    products: async (asked) =>
      asked.map((sku) => ({
        sku,
        ref: sku,
        name: sku,
        storable: true,
        kit: kits[sku] ?? null,
        grams: 100,
        millilitres: 100,
        millimetres: null,
      })),
    findOrder: async () => null,
    findOrders: async (keys) => keys.map(() => null),
  };
  const flowWorld: FlowWorld = {
    journal,
    settings,
    erp,
    channels: new Map(shops.map(({ channel }) => [channel.connection, channel])),
    carriers: new Map(),
    solver: null,
    clock,
    random,
    log: () => undefined,
  };
  const engine = createEngine(flowWorld);
  const context = contextOf(flowWorld);
  const readAgainAt = new Map<string, number>();
  const publish = async () => {
    published += (await publishStock(context, { since: null, whenBusy: 'wait' }, given.share ?? shareStock)) ?? 0;
    somebodyBuys(0.3);
    await settle(engine, clock);
    truth.look(shops);
  };
  const pull = async (hour: number) => {
    for (const { channel } of shops) {
      if ((readAgainAt.get(channel.connection) ?? 0) > hour) continue;
      if (random() < 0.15) readAgainAt.set(channel.connection, hour + below((given.longestLag ?? 6) + 1));
      else await engine.pull(channel.connection);
    }
  };
  return {
    engine,
    shops,
    async hour(hour: number) {
      clock.advanceTo(instantOf(Math.max(epochMs(clock.now()), epochMs('2026-11-02T00:00:00.000Z') + hour * hourMs)));
      truth.goodsMove(hour);
      somebodyBuys(0.5);
      if (random() < 0.06) {
        const shop = chosen(shops, shops[0] ?? unreachable());
        const cancelled = shop.cancel(clock.now());
        if (cancelled !== null) truth.sold(cancelled.sku, -cancelled.units);
      }
      await pull(hour);
      await publish();
    },
    outcome: (): OversellOutcome => ({ hours: given.hours, ordered, published, ...truth.worst() }),
  };
}

/** What there really is: goods on shelves and what was sold of them. An empty kit is made of something that nobody has. */
function ledger(given: OversellGiven, random: () => number) {
  const below = (count: number) => Math.floor(random() * count);
  const shelf = new Map(plain.map((sku) => [sku, new Map(nodes.map((node) => [node, below(7)]))]));
  const returned = new Map<Sku, Map<NodeId, number>>();
  const sold = new Map<Sku, number>();
  const due: { readonly hour: number; readonly sku: Sku; readonly node: NodeId; readonly units: number }[] = [];
  const recipes = new Map(Object.entries(kits).map(([kit, of]) => [kit, of.length === 0 ? [{ sku: 'NOTHING', units: 1 }] : of]));
  const worst = { mostBeyond: 0, oversold: 0 };
  const budget = given.inventory?.oversell?.units ?? 0;
  const leftOf = (sku: Sku) => [...(shelf.get(sku)?.values() ?? [])].reduce((sum, units) => sum + units, 0) - (sold.get(sku) ?? 0);
  const add = (to: Map<Sku, Map<NodeId, number>>, sku: Sku, node: NodeId, units: number) => {
    const places = to.get(sku) ?? new Map<NodeId, number>();
    to.set(sku, places.set(node, (places.get(node) ?? 0) + units));
  };
  return {
    sold(sku: Sku, units: number) {
      for (const part of recipes.get(sku) ?? [{ sku, units: 1 }]) sold.set(part.sku, (sold.get(part.sku) ?? 0) + part.units * units);
    },
    /** Compares what is shown, and what was sold, with what is left. */
    look(shops: readonly OversellShop[]) {
      const shown = exposure(
        shops.flatMap((shop) => shop.levels()),
        recipes,
        () => Infinity,
      );
      for (const sku of [...plain, 'NOTHING']) {
        worst.mostBeyond = Math.max(worst.mostBeyond, (shown.get(sku) ?? 0) - Math.max(0, leftOf(sku)) - budget);
        worst.oversold = Math.max(worst.oversold, 0 - leftOf(sku));
      }
    },
    /** Goods come in; others come back from customers, and are for sale only once somebody has looked at them. */
    goodsMove(hour: number) {
      const [sku, node] = [plain[below(plain.length)] ?? 'MUG', nodes[below(nodes.length)] ?? 'BER'];
      if (random() < 0.2) add(shelf, sku, node, 1 + below(6));
      if (random() < 0.05) {
        const units = 1 + below(3);
        add(returned, sku, node, units);
        due.push({ hour: hour + 24, sku, node, units });
      }
      for (const back of due.filter((each) => each.hour === hour)) {
        add(returned, back.sku, back.node, -back.units);
        if (random() < 0.7) add(shelf, back.sku, back.node, back.units);
      }
    },
    /** As an ERP shows it: of each kit as many as could be made at the node if nothing else were sold. */
    positions(): StockPosition[] {
      const of = (sku: Sku, node: NodeId) => shelf.get(sku)?.get(node) ?? 0;
      const goods = plain.flatMap((sku) =>
        nodes.map((node) =>
          position(sku, node, of(sku, node), {
            returnPending: returned.get(sku)?.get(node) ?? 0,
            inbound: [{ units: 4, expectedAt: '2027-01-01T00:00:00.000Z' }],
          }),
        ),
      );
      const made = Object.entries(kits).flatMap(([sku, kit]) =>
        nodes.flatMap((node) => {
          const units = kit.length === 0 ? 9 : Math.min(...kit.map((part) => Math.floor(of(part.sku, node) / part.units)));
          return units === 0 ? [] : [position(sku, node, units, { kit })];
        }),
      );
      return [...goods, ...made];
    },
    worst: () => worst,
  };
}

function oversellSettings({ inventory }: OversellGiven) {
  const given = standard({ channels: ['shop', 'market'] });
  const [first] = given.nodes;
  return {
    ...given,
    nodes: first === undefined ? [] : nodes.map((id) => ({ ...first, id })),
    carriers: [],
    channels: given.channels.map((channel) => ({ ...channel, acknowledge: false })),
    inventory: { ...given.inventory, ...inventory },
  };
}

function unreachable(): never {
  throw new RangeError('there are shops');
}
