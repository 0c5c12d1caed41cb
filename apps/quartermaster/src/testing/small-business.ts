import { sandboxFetch, seededRandom, virtualClock } from '@quartermaster/connector-kit/sandbox';
import { orderKey } from '@quartermaster/domain';
import {
  createEngine,
  createOperations,
  flowSettingsSchema,
  freightSettingsSchema,
  type Engine,
  type FlowWorld,
  type FlowEvent,
} from '@quartermaster/flows';
import { openJournal, type Journal } from '@quartermaster/journal';
import { discountSku, odooErp, otherSku, shippingSku, taxSku } from '@quartermaster/odoo';
import { createOdooSandbox } from '@quartermaster/odoo/sandbox';
import { rateTableCarrier } from '@quartermaster/rate-table';
import { shopifyChannel } from '@quartermaster/shopify';
import { createShopifySandbox, type ShopifySandbox } from '@quartermaster/shopify/sandbox';
import type { z } from 'zod';
import { serviceSkus } from '../connect.ts';

/** One warehouse, one shop, one carrier, in memory; only what the daemon's listeners need. */
export type SmallBusiness = {
  readonly clock: ReturnType<typeof virtualClock>;
  readonly shop: ShopifySandbox;
  readonly journal: Journal;
  readonly context: FlowWorld;
  readonly engine: Engine;
  readonly events: FlowEvent[];
  /** A customer orders, and the shop is read; gives the order's key. */
  readonly order: () => Promise<string>;
  /** An intent that a person has to look at; gives its id. */
  readonly failedIntent: (key: string) => Promise<number>;
};

export const scope = { tenant: 'acme', company: 'eu', connection: 'shop' };
const ada = { name: 'Ada Example', address1: 'Invalidenstr. 1', zip: '10115', city: 'Berlin', countryCode: 'DE' };

/** `freight` is the section of a config. */
export async function openSmallBusiness(given: { readonly freight?: z.input<typeof freightSettingsSchema> } = {}): Promise<SmallBusiness> {
  const clock = virtualClock('2026-11-23T07:00:00.000Z');
  const odoo = createOdooSandbox({ version: 19, database: 'db', login: 'qm', secret: 'key-of-odoo', clock, currency: 'EUR' });
  odoo.addWarehouse({ code: 'BER', name: 'Berlin' });
  for (const sku of [shippingSku, taxSku, discountSku, otherSku])
    odoo.addProduct({ sku, name: sku, grams: 0, millilitres: 0, kind: 'service' });
  odoo.addProduct({ sku: 'MUG', name: 'Mug', grams: 400, millilitres: 900, kind: 'storable' });
  odoo.setStock({ sku: 'MUG', node: 'BER', units: 10 });
  const access = { shop: 'shop', accessToken: 'shpat_x', webhookSecret: 'hush' };
  const shop = createShopifySandbox({ ...access, clock, currency: 'EUR', taxesIncluded: true, locations: [{ name: 'BER' }] });
  shop.addVariant({ sku: 'MUG', title: 'Mug', grams: 400, price: '12.90', stock: { BER: 10 } });
  const random = seededRandom(1);
  const fetch = sandboxFetch({ 'http://odoo.test': odoo.app, 'https://shop.myshopify.com': shop.app });
  const shared = { clock, random, fetch };
  const journal = await openJournal({ path: ':memory:', masterKey: new Uint8Array(32).fill(7), clock });
  const events: FlowEvent[] = [];
  const context: FlowWorld = {
    journal,
    settings: { ...settings, freight: freightSettingsSchema.parse(given.freight ?? {}) },
    erp: odooErp({ connection: 'erp', url: 'http://odoo.test', database: 'db', login: 'qm', secret: { apiKey: 'key-of-odoo' }, ...shared }),
    channels: new Map([['shop', shopifyChannel({ ...access, connection: 'shop', locations: { ...shop.locationIds }, ...shared })]]),
    carriers: new Map(
      settings.carriers.map(({ connection, tariff }) => [
        connection,
        rateTableCarrier({ connection, tariffs: [tariff], zone: settings.zone, clock }),
      ]),
    ),
    solver: null,
    clock,
    random,
    log: (event) => events.push(event),
  };
  const engine = createEngine(context);
  await engine.pull('shop');
  return {
    clock,
    shop,
    journal,
    context,
    engine,
    events,
    async order() {
      const { id } = shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }], address: ada, shippingPrice: '4.90' });
      await engine.pull('shop');
      return orderKey(scope, id);
    },
    async failedIntent(key) {
      const intent = { key: `${key}/confirm/9/1`, scope, kind: 'confirm', orderKey: `${key}/loose`, subject: null, safety: 'key' } as const;
      const payload = { order: key, shipmentId: null, revision: null, parcel: null, label: null };
      await journal.transaction((tx) => tx.intents.add({ ...intent, payload, runAt: clock.now(), state: 'ready' }));
      return journal.transaction(async (tx) => {
        const [claimed] = await tx.intents.claim({ worker: 'test', now: clock.now(), limit: 1, leaseMs: 1_000 });
        if (claimed === undefined) throw new Error('nothing was claimed');
        await tx.intents.fail(claimed.id, claimed.token, { code: 'refused', message: 'the channel said no' });
        return claimed.id;
      });
    },
  };
}

export function operationsOf({ context }: SmallBusiness) {
  return createOperations(context);
}

const settings = flowSettingsSchema.parse({
  tenant: 'acme',
  company: 'eu',
  currency: 'EUR',
  zone: 'Europe/Berlin',
  nodes: [
    {
      id: 'BER',
      kind: 'warehouse',
      company: 'acme',
      zone: 'Europe/Berlin',
      cutoff: '15:00',
      labor: { minutesPerShipment: 2, minutesPerLine: 1, minutesPerUnit: 0.5, tiers: [{ minutes: null, costPerMinute: 0.4 }] },
      address: {
        name: 'Warehouse',
        company: null,
        lines: ['Dock 1'],
        postalCode: '10115',
        city: 'Berlin',
        region: null,
        country: 'DE',
        phone: null,
        email: null,
      },
    },
  ],
  erp: { connection: 'erp', mode: 'auto', serviceSkus },
  channels: [{ connection: 'shop', mode: 'auto', share: 1, acknowledge: false }],
  carriers: [
    {
      connection: 'house',
      mode: 'auto',
      name: 'House',
      tariff: {
        id: 'house',
        carrier: 'House',
        currency: 'EUR',
        effectiveFrom: '2026-01-01',
        services: [
          {
            id: 'std',
            name: 'std',
            carrierService: 'std',
            maxGrams: 30_000,
            parcelMaxGrams: 10_000,
            zones: [{ id: 'DE', from: { country: 'DE' }, to: { country: 'DE' } }],
            prices: [{ zone: 'DE', transitDays: 2, baseMinor: 400, perKgMinor: 50 }],
          },
        ],
      },
    },
  ],
  waves: ['11:00'],
  checks: {},
  safetyStock: {},
  sourcing: {},
});
