import {
  sandboxFetch,
  seededRandom,
  virtualClock,
  withFaults,
  type FaultPlan,
  type SandboxApp,
} from '@quartermaster/connector-kit/sandbox';
import { orderKey, type Carrier, type Channel, type Clock } from '@quartermaster/domain';
import { easypostCarrier } from '@quartermaster/easypost';
import { createEasyPostSandbox, type EasyPostSandbox } from '@quartermaster/easypost/sandbox';
import type { OrderCase } from '@quartermaster/fulfilment';
import { openJournal, type ExceptionCase, type Intent, type Journal } from '@quartermaster/journal';
import { discountSku, odooErp, otherSku, shippingSku, taxSku, type OdooOptions } from '@quartermaster/odoo';
import { createOdooSandbox, type OdooSandbox, type OdooSandboxOptions } from '@quartermaster/odoo/sandbox';
import { rateTableCarrier } from '@quartermaster/rate-table';
import { shopifyChannel } from '@quartermaster/shopify';
import { createShopifySandbox, type NewOrder, type ShopifySandbox } from '@quartermaster/shopify/sandbox';
import type { FlowEvent } from '../context.ts';
import type { FlowWorld } from '../world.ts';
import { createEngine, settle, type Engine } from '../engine.ts';
import { getCase, listCases } from '../order-cases.ts';
import type { FlowSettings } from '../settings.ts';
import { settings as standard } from './givens.ts';

/** A small business with everything in it: two warehouses, one or two shops, a carrier, and the flows over their emulators. */
export type Scene = {
  readonly clock: Clock & { advanceTo(instant: string): void };
  readonly odoo: OdooSandbox;
  readonly shops: Readonly<Record<string, ShopifySandbox>>;
  readonly easypost: EasyPostSandbox;
  readonly journal: Journal;
  readonly context: FlowWorld;
  readonly engine: Engine;
  readonly events: FlowEvent[];
  /** A customer orders at `shop` (or another one); gives the order's key. */
  readonly order: (order?: Partial<NewOrder> & { readonly shop?: string }) => string;
  /** Time comes to this moment, and the daemon's steps of it are taken: read the shops, the wave when it is one, everything carried out. */
  readonly at: (instant: string, wave?: 'wave') => Promise<void>;
  readonly case: (key: string) => Promise<OrderCase>;
  readonly cases: () => Promise<OrderCase[]>;
  readonly intents: (key: string) => Promise<Intent[]>;
  readonly openExceptions: () => Promise<ExceptionCase[]>;
  /** Connectors of another process, to the same world. */
  readonly connect: () => Connected;
  /** Another process over the same journal and the same world. */
  readonly restart: (changes?: Partial<FlowWorld>) => Engine;
};

export type Connected = Pick<FlowWorld, 'erp' | 'channels' | 'carriers'>;

export type SceneOptions = {
  readonly settings?: (settings: FlowSettings) => FlowSettings;
  /** Ids of the shops, default one `shop`. */
  readonly shops?: readonly string[];
  /** Which calls go wrong, by vendor: `odoo`, `easypost`, or a shop's id. */
  readonly faults?: Readonly<Record<string, FaultPlan>>;
  /** Where the journal is, default in memory; or how it is opened. */
  readonly journal?: string | ((clock: Clock) => Promise<Journal>);
  readonly startsAt?: string;
  /** Units of MUG and LAMP at BER and HAM. */
  readonly stock?: Readonly<Record<'MUG' | 'LAMP', readonly [ber: number, ham: number]>>;
  /** What the emulated Odoo is like. */
  readonly odoo?: Partial<OdooSandboxOptions>;
  /** An Odoo in the place of the emulated one, which has the warehouses, products and stock already; `odoo` then knows nothing of what happens. */
  readonly erp?: OdooOptions;
  /** Changes a connector, such as its safety words. */
  readonly carrier?: (carrier: Carrier) => Carrier;
  readonly channel?: (channel: Channel) => Channel;
};

export const masterKey = new Uint8Array(32).fill(7);
export const ada = { name: 'Ada Example', address1: 'Invalidenstr. 1', zip: '10115', city: 'Berlin', countryCode: 'DE' };
const origins = { easypost: 'http://easypost.test' };
/** How many addresses an Odoo has: the connectors of one process to one address take turns, those of several processes do not, and a process that died in its turn must hold up nobody. */
const processesAtMost = 5;
let addresses = 0;

function nextOf(addressesLeft: Iterator<string>): string {
  const next = addressesLeft.next();
  if (next.done === true) throw new RangeError(`a scene has at most ${processesAtMost} processes`);
  return next.value;
}

export async function openScene(options: SceneOptions = {}): Promise<Scene> {
  const clock = virtualClock(options.startsAt ?? '2026-11-23T07:00:00.000Z');
  const shopIds = options.shops ?? ['shop'];
  const stock = options.stock ?? { MUG: [10, 10], LAMP: [5, 5] };
  const odoo = openOdoo(clock, stock, options.odoo);
  const easypost = openEasyPost(clock);
  const shops = Object.fromEntries(shopIds.map((id) => [id, openShop(id, clock, stock)] as const));
  const faulty = (name: string, app: SandboxApp) => withFaults(app, options.faults?.[name] ?? (() => null));
  const faultyOdoo = faulty('odoo', odoo.app);
  const odooOrigins = Array.from({ length: processesAtMost }, () => `http://odoo-${(addresses += 1)}.test`);
  const processes = odooOrigins.values();
  const fetch = sandboxFetch({
    ...Object.fromEntries(odooOrigins.map((origin) => [origin, faultyOdoo])),
    [origins.easypost]: faulty('easypost', easypost.app),
    ...Object.fromEntries(shopIds.map((id) => [`https://${id}.myshopify.com`, faulty(id, shops[id]?.app ?? odoo.app)])),
  });
  const random = seededRandom(1);
  const shared = { clock, random, fetch };
  const settings = (options.settings ?? ((given) => given))(standard({ channels: shopIds }));
  const journal =
    typeof options.journal === 'function'
      ? await options.journal(clock)
      : await openJournal({ path: options.journal ?? ':memory:', masterKey, clock });
  const events: FlowEvent[] = [];
  const connect = (): Connected => {
    const emulated = () => ({ url: nextOf(processes), database: 'db', login: 'qm', secret: { apiKey: 'key-of-odoo' }, ...shared });
    const erp = odooErp({ connection: 'erp', ...(options.erp ?? emulated()) });
    const channels = shopIds.map((id) => {
      const locations = Object.fromEntries(Object.entries(shops[id]?.locationIds ?? {}));
      return (options.channel ?? ((given) => given))(
        shopifyChannel({ connection: id, shop: id, accessToken: 'shpat_x', webhookSecret: 'hush', locations, ...shared }),
      );
    });
    const carriers = settings.carriers.map(({ connection, tariff }) =>
      (options.carrier ?? ((given) => given))(
        connection === 'post'
          ? easypostCarrier({
              connection,
              apiKey: 'EZTK',
              currency: 'EUR',
              baseUrl: origins.easypost,
              serviceMap: { std: 'DHL/Paket' },
              webhookSecret: 'hush',
              ...shared,
            })
          : rateTableCarrier({ connection, tariffs: [tariff], zone: settings.zone, clock }),
      ),
    );
    return {
      erp,
      channels: new Map(channels.map((each) => [each.connection, each])),
      carriers: new Map(carriers.map((each) => [each.connection, each])),
    };
  };
  const context: FlowWorld = {
    journal,
    settings,
    ...connect(),
    solver: null,
    clock,
    random,
    log: (event) => events.push(event),
  };
  const engine = createEngine(context);
  for (const id of shopIds) await patient(() => engine.pull(id));
  return {
    clock,
    odoo,
    shops,
    easypost,
    journal,
    context,
    engine,
    events,
    order({ shop = 'shop', ...given } = {}) {
      const placed = shops[shop]?.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }], address: ada, shippingPrice: '4.90', ...given });
      return orderKey({ tenant: settings.tenant, company: settings.company, connection: shop }, placed?.id ?? '');
    },
    async at(instant, wave) {
      clock.advanceTo(instant);
      for (const id of shopIds) await patient(() => engine.pull(id));
      if (wave === 'wave') await patient(() => engine.wave(instant));
      await settle(engine, clock);
    },
    case: (key) => journal.read((tx) => getCase(tx, key)),
    cases: async () => (await journal.read((tx) => listCases(tx))).map((stored) => stored.case),
    intents: (key) => journal.read((tx) => tx.intents.list({ orderKey: key, limit: 1_000 })),
    openExceptions: () => journal.read((tx) => tx.exceptions.list({ open: true, limit: 1_000 })),
    connect,
    restart: (changes = {}) => createEngine({ ...context, ...changes }),
  };

  async function patient(step: () => Promise<unknown>): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await step();
        return;
      } catch (error) {
        if (attempt === 20) throw error;
      }
    }
  }
}

function openOdoo(clock: Clock, stock: NonNullable<SceneOptions['stock']>, more: Partial<OdooSandboxOptions> = {}): OdooSandbox {
  const odoo = createOdooSandbox({ version: 19, database: 'db', login: 'qm', secret: 'key-of-odoo', clock, currency: 'EUR', ...more });
  odoo.addWarehouse({ code: 'BER', name: 'Berlin' });
  odoo.addWarehouse({ code: 'HAM', name: 'Hamburg' });
  for (const sku of [shippingSku, taxSku, discountSku, otherSku])
    odoo.addProduct({ sku, name: sku, grams: 0, millilitres: 0, kind: 'service' });
  odoo.addProduct({ sku: 'MUG', name: 'Mug', grams: 400, millilitres: 900, kind: 'storable' });
  odoo.addProduct({ sku: 'LAMP', name: 'Lamp', grams: 1_200, millilitres: 9_000, kind: 'storable' });
  for (const [sku, [ber, ham]] of Object.entries(stock)) {
    if (ber > 0) odoo.setStock({ sku, node: 'BER', units: ber });
    if (ham > 0) odoo.setStock({ sku, node: 'HAM', units: ham });
  }
  return odoo;
}

function openShop(id: string, clock: Clock, stock: NonNullable<SceneOptions['stock']>): ShopifySandbox {
  const shop = createShopifySandbox({
    shop: id,
    accessToken: 'shpat_x',
    webhookSecret: 'hush',
    clock,
    currency: 'EUR',
    taxesIncluded: true,
    locations: [{ name: 'BER' }, { name: 'HAM' }],
  });
  const prices = { MUG: '12.90', LAMP: '39.00' };
  for (const sku of ['MUG', 'LAMP'] as const)
    shop.addVariant({ sku, title: sku, grams: 400, price: prices[sku], stock: { BER: stock[sku][0], HAM: stock[sku][1] } });
  // Sold in the shop, and nobody made it in the ERP.
  shop.addVariant({ sku: 'VASE', title: 'VASE', grams: 800, price: '25.00', stock: { BER: 1, HAM: 0 } });
  return shop;
}

function openEasyPost(clock: Clock): EasyPostSandbox {
  const lanes = [{ from: 'DE', to: 'DE', baseMinor: 400, perKgMinor: 50, days: 2 }];
  return createEasyPostSandbox({
    apiKey: 'EZTK',
    webhookSecret: 'hush',
    clock,
    currency: 'EUR',
    tariffs: [{ carrier: 'DHL', service: 'Paket', lanes }],
  });
}
