import { sandboxFetch, virtualClock, withFaults, type FaultPlan } from '@quartermaster/connector-kit/sandbox';
import { money, type Address, type Erp, type ErpLineDraft, type ErpOrderDraft, type ErpOrderKey } from '@quartermaster/domain';
import { odooErp } from '../erp/erp.ts';
import { shippingSku } from '../erp/service-products.ts';
import { createOdooSandbox, type OdooSandbox, type OdooSandboxOptions } from '../sandbox/index.ts';

export type Version = OdooSandboxOptions['version'];
const origin = 'http://odoo.test';
const access = { database: 'shop', login: 'qm', secret: '0123456789abcdef0123456789abcdef01234567' };

/** An Odoo with two warehouses, EAST and WEST, ten lamps in each and five desks in WEST. */
export function shopFloor(version: Version, options: Partial<OdooSandboxOptions> = {}): OdooSandbox {
  const sandbox = createOdooSandbox({ version, ...access, currency: 'EUR', clock: virtualClock('2026-11-21T10:00:00Z'), ...options });
  sandbox.addWarehouse({ code: 'EAST', name: 'East' });
  sandbox.addWarehouse({ code: 'WEST', name: 'West' });
  sandbox.addProduct({ sku: 'LAMP', name: 'Lamp', grams: 450, millilitres: 1_800, kind: 'storable' });
  sandbox.addProduct({ sku: 'DESK', name: 'Desk', grams: 21_000, millilitres: 160_000, kind: 'storable' });
  sandbox.addProduct({ sku: shippingSku, name: 'Shipping', grams: 0, millilitres: 0, kind: 'service' });
  sandbox.setStock({ sku: 'LAMP', node: 'EAST', units: 10 });
  sandbox.setStock({ sku: 'LAMP', node: 'WEST', units: 10 });
  sandbox.setStock({ sku: 'DESK', node: 'WEST', units: 5 });
  return sandbox;
}

/** How to connect to it; calls go wrong by the plan. */
export function optionsFor(sandbox: OdooSandbox, plan: FaultPlan = () => null) {
  return {
    url: origin,
    database: access.database,
    login: access.login,
    secret: { apiKey: access.secret },
    clock: virtualClock('2026-11-21T10:00:00Z'),
    random: () => 0,
    fetch: sandboxFetch({ [origin]: withFaults(sandbox.app, plan) }),
  };
}

/** A process that has just started: it remembers nothing of the one before. */
export function erpOn(sandbox: OdooSandbox, plan?: FaultPlan): Erp {
  return odooErp({ connection: 'odoo', ...optionsFor(sandbox, plan) });
}

export const orderKey: ErpOrderKey = { scope: { tenant: 't', company: 'c', connection: 'shop-eu' }, orderId: 'gid://shop/Order/1' };

export const address: Address = {
  name: 'Jo Example',
  company: null,
  lines: ['Main Street 1'],
  postalCode: '1000',
  city: 'Brussels',
  region: null,
  country: 'BE',
  phone: '+32 470 00 00 01',
  email: 'jo@example.com',
};

export function productLine(id: string, sku: string, quantity: number, node: string | null, unitPrice = '9.99'): ErpLineDraft {
  return { id, kind: 'product', sku, title: `The ${sku}`, quantity, unitPrice, node };
}

/** Two lamps from EAST, one from WEST, a desk that waits for a node, and shipping: 60.46 EUR in all. */
export const threeWayOrder: ErpOrderDraft = {
  key: orderKey,
  reference: '#1001',
  placedAt: '2026-11-20T08:15:00.000Z',
  subject: 'subject-1',
  shipTo: address,
  billTo: null,
  lines: [
    productLine('1', 'LAMP', 2, 'EAST'),
    productLine('2', 'LAMP', 1, 'WEST'),
    productLine('3', 'DESK', 1, null, '25.54'),
    { id: 'shipping', kind: 'service', sku: shippingSku, title: 'Shipping', quantity: 1, unitPrice: '4.95', node: null },
  ],
  total: money(6_046, 'EUR'),
};
