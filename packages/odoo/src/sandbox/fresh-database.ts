import type { Clock } from '@quartermaster/domain';
import { database, type Values } from './engine/database.ts';
import type { OdooVersion } from './engine/field.ts';
import { together, type Topic } from './engine/topic.ts';
import type { World } from './engine/world.ts';
import { accounting } from './topics/accounting.ts';
import { billing } from './topics/billing.ts';
import { payments } from './topics/payments.ts';
import { messages } from './topics/messages.ts';
import { purchasing } from './topics/purchasing.ts';
import { replenishment } from './topics/replenishment.ts';
import { invoiceWizards } from './topics/invoice-wizards.ts';
import { landedCosts } from './topics/landed-costs.ts';
import { base } from './topics/base.ts';
import { batches } from './topics/batches.ts';
import { insertCountries } from './topics/countries.ts';
import { counts } from './topics/counts.ts';
import { delivery } from './topics/delivery.ts';
import { kits } from './topics/kits.ts';
import { lots } from './topics/lots.ts';
import { packages } from './topics/packages.ts';
import { productDimension, productPackagings } from './topics/product-sides.ts';
import { productQuantities } from './topics/product-quantities.ts';
import { planning } from './topics/planning.ts';
import { products } from './topics/products.ts';
import { sales } from './topics/sales.ts';
import { scrap } from './topics/scrap.ts';
import { settings } from './topics/settings.ts';
import { stock } from './topics/stock.ts';
import { warehouses } from './topics/warehouses.ts';

/** In the order in which they build on one another. */
const topics: readonly Topic[] = [
  base,
  products,
  warehouses,
  stock,
  counts,
  lots,
  packages,
  scrap,
  planning,
  kits,
  productQuantities,
  sales,
  settings,
  accounting,
  billing,
  payments,
  invoiceWizards,
  purchasing,
  replenishment,
  landedCosts,
  messages,
];

const sides: Readonly<Record<'none' | 'product-dimension' | 'packagings', readonly Topic[]>> = {
  none: [],
  'product-dimension': [productDimension],
  packagings: [productPackagings],
};

/** A new database as its installation leaves it: one company with a warehouse WH, a user, a tax of 15 % on every product, all countries and a handful of currencies. */
export function freshDatabase(given: {
  readonly version: OdooVersion;
  readonly clock: Clock;
  readonly currency: string;
  readonly login: string;
  readonly administrator: boolean;
  readonly deliveryApp: boolean;
  readonly batchApp: boolean;
  readonly productSides: 'none' | 'product-dimension' | 'packagings';
}): World {
  const { version, clock } = given;
  const apps = [...(given.batchApp ? [batches] : []), ...(given.deliveryApp ? [delivery] : [])];
  const installed = together([...topics, ...apps, ...sides[given.productSides]], version);
  const db = database(installed.models, () => clock.now().slice(0, 19).replace('T', ' '));
  for (const name of new Set([given.currency, 'EUR', 'USD', 'GBP', 'CAD', 'JPY']))
    db.insert('res.currency', { name, active: name === given.currency });
  const currency = db.lookUp('res.currency', 'name', given.currency)?.[0] ?? 0;
  const partner = db.insert('res.partner', { name: 'My Company', active: true, type: 'contact', phone: false });
  const company = db.insert('res.company', { name: 'My Company', currency_id: currency, partner_id: partner.id });
  // The first user is the system's own.
  db.insert('res.users', {
    login: '__system__',
    name: 'OdooBot',
    email: false,
    company_id: company.id,
    company_ids: [company.id],
    tz: false,
  });
  const user = db.insert('res.users', userValues(given.login, company.id));
  for (const name of ['Product Price', 'Discount', 'Stock Weight', 'Volume']) db.insert('decimal.precision', { name, digits: 2 });
  insertCountries(db);
  const outside = { location_id: false, barcode: false, company_id: false, active: true } as const;
  const partners = version < 19 ? db.insert('stock.location', { ...outside, name: 'Partners', usage: 'view' }).id : false;
  const suppliers = db.insert('stock.location', { ...outside, name: 'Vendors', usage: 'supplier', location_id: partners });
  const customers = db.insert('stock.location', { ...outside, name: 'Customers', usage: 'customer', location_id: partners });
  const world: World = {
    db,
    topics: installed,
    version,
    clock,
    currency: given.currency,
    companyId: company.id,
    userId: user.id,
    administrator: given.administrator,
    customersId: customers.id,
    suppliersId: suppliers.id,
  };
  installed.install(world);
  return world;
}

/** One more user of the company; gives its id. */
export function addUser(world: World, login: string): number {
  return world.db.insert('res.users', userValues(login, world.companyId)).id;
}

function userValues(login: string, company: number): Values {
  return {
    login,
    name: 'Quartermaster',
    email: 'integration@example.com',
    company_id: company,
    company_ids: [company],
    tz: 'Europe/Brussels',
  };
}
