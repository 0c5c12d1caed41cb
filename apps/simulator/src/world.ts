import { sandboxFetch, withFaults, type SandboxApp } from '@quartermaster/connector-kit/sandbox';
import { instantOf, type Clock } from '@quartermaster/domain';
import { createEasyPostSandbox, type EasyPostSandbox } from '@quartermaster/easypost/sandbox';
import { discountSku, otherSku, shippingSku, taxSku } from '@quartermaster/odoo';
import { createOdooSandbox, type OdooSandbox } from '@quartermaster/odoo/sandbox';
import { createShopifySandbox, type ShopifySandbox } from '@quartermaster/shopify/sandbox';
import { chanceOf } from './chance.ts';
import type { Day, Vendor } from './day.ts';
import { nodes, skus } from './draw-day.ts';
import { accounts } from './business.ts';
import type { VirtualTime } from './virtual-time.ts';

/** Every vendor of a day, as their own staff and customers see them. */
export type World = {
  readonly odoo: OdooSandbox;
  readonly easypost: EasyPostSandbox;
  readonly shops: ReadonlyMap<string, ShopifySandbox>;
  readonly appOf: (vendor: Vendor) => SandboxApp;
  /** Stock as it was counted when the day began, and what came in since; by {@link placeOf}. */
  readonly goodsIn: Map<string, number>;
};

export const prices: Readonly<Record<(typeof skus)[number], string>> = { MUG: '12.90', LAMP: '39.00', BOWL: '7.49' };

/** One text for a SKU at a node. */
export function placeOf(sku: string, node: string): string {
  return `${sku}@${node}`;
}

export function openWorld(day: Day, time: VirtualTime): World {
  const clockOf = (vendor: Vendor): Clock => {
    const skewMs = day.skewMs.vendors[vendor] ?? 0;
    return { ...time.clock, now: () => instantOf(time.nowMs() + skewMs) };
  };
  const odoo = openOdoo(day, clockOf('odoo'));
  const easypost = createEasyPostSandbox({
    apiKey: accounts.easypostKey,
    clock: clockOf('post'),
    currency: 'EUR',
    seed: day.seed,
    tariffs: [{ carrier: 'DHL', service: 'Paket', lanes: [{ from: 'DE', to: 'DE', baseMinor: 400, perKgMinor: 50, days: 2 }] }],
  });
  const shops = new Map(day.shops.map((id) => [id, openShop(id, day, clockOf(id))]));
  const apps = new Map<Vendor, SandboxApp>([
    ['odoo', odoo.app],
    ['post', easypost.app],
    ...[...shops].map(([id, shop]) => [id, shop.app] as const),
  ]);
  return {
    odoo,
    easypost,
    shops,
    appOf(vendor) {
      const app = apps.get(vendor);
      if (app === undefined) throw new RangeError(`there is no vendor ${vendor}`);
      return app;
    },
    goodsIn: new Map(day.stock.map(({ sku, node, units }) => [placeOf(sku, node), units])),
  };
}

function openOdoo(day: Day, clock: Clock): OdooSandbox {
  const { database, login, odooKey } = accounts;
  const odoo = createOdooSandbox({ version: 19, database, login, secret: odooKey, clock, currency: 'EUR' });
  for (const code of nodes) odoo.addWarehouse({ code, name: code });
  for (const sku of [shippingSku, taxSku, discountSku, otherSku])
    odoo.addProduct({ sku, name: sku, grams: 0, millilitres: 0, kind: 'service' });
  for (const sku of skus) odoo.addProduct({ sku, name: sku, grams: 600, millilitres: 900, kind: 'storable' });
  for (const { sku, node, units } of day.stock) if (units > 0) odoo.setStock({ sku, node, units });
  return odoo;
}

function openShop(id: string, day: Day, clock: Clock): ShopifySandbox {
  const shop = createShopifySandbox({
    shop: id,
    accessToken: accounts.shopToken,
    webhookSecret: accounts.webhookSecret,
    clock,
    currency: 'EUR',
    taxesIncluded: true,
    locations: nodes.map((name) => ({ name })),
    searchLagMs: (order) => chanceOf(day.seed, `search/${id}/${order}`).between(0, day.searchLagMs),
  });
  for (const sku of skus) shop.addVariant({ sku, title: sku, grams: 600, price: prices[sku], stock: { BER: 0, HAM: 0 } });
  return shop;
}

/** A request that reaches a vendor's door, and meets the fault that is due there. */
export function reach(app: SandboxApp, fault: Parameters<typeof withFaults>[1]): typeof fetch {
  return sandboxFetch({ [doorOrigin]: withFaults(app, fault) });
}

export const doorOrigin = 'http://door.test';
