import type { Clock } from '@quartermaster/domain';
import { database } from './database.ts';
import { schemaOf, type OdooVersion } from './schema.ts';
import { createWarehouse } from './warehouses.ts';
import type { World } from './world.ts';

/** A new database as its installation leaves it: one company with a warehouse WH, a user, a tax of 15 % on every product, all countries and a handful of currencies. */
export function freshDatabase(given: {
  readonly version: OdooVersion;
  readonly clock: Clock;
  readonly currency: string;
  readonly login: string;
  readonly administrator: boolean;
  readonly deliveryApp: boolean;
}): World {
  const { version, clock } = given;
  const db = database(schemaOf(version, given.deliveryApp), () => clock.now().slice(0, 19).replace('T', ' '));
  for (const name of new Set([given.currency, 'EUR', 'USD', 'GBP', 'CAD', 'JPY']))
    db.insert('res.currency', { name, active: name === given.currency });
  const currency = db.lookUp('res.currency', 'name', given.currency)?.[0] ?? 0;
  const partner = db.insert('res.partner', { name: 'My Company', active: true, type: 'contact', phone: false });
  const company = db.insert('res.company', { name: 'My Company', currency_id: currency, partner_id: partner.id });
  // The first user is the system's own.
  db.insert('res.users', { login: '__system__', name: 'OdooBot', email: false, company_id: company.id, tz: false });
  const user = db.insert('res.users', {
    login: given.login,
    name: 'Quartermaster',
    email: 'integration@example.com',
    company_id: company.id,
    tz: 'Europe/Brussels',
  });
  db.insert('account.tax', { name: '15%', amount: 15 });
  for (const name of ['Product Price', 'Discount', 'Stock Weight', 'Volume']) db.insert('decimal.precision', { name, digits: 2 });
  for (const [code, name] of countries) {
    const country = db.insert('res.country', { code, name });
    for (const [stateCode, stateName] of states[code] ?? [])
      db.insert('res.country.state', { code: stateCode, name: stateName, country_id: country.id });
  }
  const outside = { location_id: false, barcode: false, company_id: false, active: true } as const;
  const partners = version < 19 ? db.insert('stock.location', { ...outside, name: 'Partners', usage: 'view' }).id : false;
  const suppliers = db.insert('stock.location', { ...outside, name: 'Vendors', usage: 'supplier', location_id: partners });
  const customers = db.insert('stock.location', { ...outside, name: 'Customers', usage: 'customer', location_id: partners });
  const world: World = {
    db,
    version,
    clock,
    currency: given.currency,
    companyId: company.id,
    userId: user.id,
    administrator: given.administrator,
    customersId: customers.id,
    suppliersId: suppliers.id,
  };
  createWarehouse(world, { code: 'WH', name: 'My Company' });
  return world;
}

const regionNames = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
/** Every region that Unicode names: Odoo has them all, and a few codes of history more or less do no harm here. */
const countries: readonly (readonly [code: string, name: string])[] = letters().flatMap((first) =>
  letters().flatMap((second) => {
    const name = regionNames.of(first + second);
    return name === undefined ? [] : [[first + second, name] as const];
  }),
);

function letters(): string[] {
  return Array.from({ length: 26 }, (_, index) => String.fromCodePoint(65 + index));
}

const states: Readonly<Record<string, readonly (readonly [code: string, name: string])[]>> = {
  CA: [
    ['BC', 'British Columbia'],
    ['ON', 'Ontario'],
    ['QC', 'Quebec'],
  ],
  US: [
    ['AL', 'Alabama'],
    ['AK', 'Alaska'],
    ['AZ', 'Arizona'],
    ['AR', 'Arkansas'],
    ['CA', 'California'],
    ['CO', 'Colorado'],
    ['CT', 'Connecticut'],
    ['DE', 'Delaware'],
    ['DC', 'District of Columbia'],
    ['FL', 'Florida'],
    ['GA', 'Georgia'],
    ['HI', 'Hawaii'],
    ['ID', 'Idaho'],
    ['IL', 'Illinois'],
    ['IN', 'Indiana'],
    ['IA', 'Iowa'],
    ['KS', 'Kansas'],
    ['KY', 'Kentucky'],
    ['LA', 'Louisiana'],
    ['ME', 'Maine'],
    ['MD', 'Maryland'],
    ['MA', 'Massachusetts'],
    ['MI', 'Michigan'],
    ['MN', 'Minnesota'],
    ['MS', 'Mississippi'],
    ['MO', 'Missouri'],
    ['MT', 'Montana'],
    ['NE', 'Nebraska'],
    ['NV', 'Nevada'],
    ['NH', 'New Hampshire'],
    ['NJ', 'New Jersey'],
    ['NM', 'New Mexico'],
    ['NY', 'New York'],
    ['NC', 'North Carolina'],
    ['ND', 'North Dakota'],
    ['OH', 'Ohio'],
    ['OK', 'Oklahoma'],
    ['OR', 'Oregon'],
    ['PA', 'Pennsylvania'],
    ['RI', 'Rhode Island'],
    ['SC', 'South Carolina'],
    ['SD', 'South Dakota'],
    ['TN', 'Tennessee'],
    ['TX', 'Texas'],
    ['UT', 'Utah'],
    ['VT', 'Vermont'],
    ['VA', 'Virginia'],
    ['WA', 'Washington'],
    ['WV', 'West Virginia'],
    ['WI', 'Wisconsin'],
    ['WY', 'Wyoming'],
  ],
};
