import { currencyExponent, type Clock } from '@quartermaster/domain';
import type { Database, Row } from './database.ts';
import type { OdooVersion } from './field.ts';
import type { Topics } from './topic.ts';

/** The emulated database and what its code needs to know. Ids are those of the records that every fresh database has. */
export type World = {
  readonly db: Database;
  readonly topics: Topics;
  readonly version: OdooVersion;
  readonly clock: Clock;
  readonly currency: string;
  readonly companyId: number;
  readonly userId: number;
  /** Whether our user may do everything, or what Sales and Inventory allow. */
  readonly administrator: boolean;
  readonly customersId: number;
  readonly suppliersId: number;
};

/** Context of a call. */
export type Context = Readonly<Record<string, unknown>>;

/** Rounds half away from zero to a number of digits, as Odoo does: a hair is added first, so that 1.005 becomes 1.01. */
export function rounded(value: number, digits: number): number {
  const factor = 10 ** digits;
  const scaled = Math.abs(value) * factor;
  const result = Math.round(scaled + scaled * Number.EPSILON * 8) / factor;
  return value < 0 ? -result : result;
}

export function currencyDigits(world: World, order: Row): number {
  return currencyExponent(currencyCode(world, order));
}

/** Currency of an order: its price list's, or the company's. */
export function currencyCode(world: World, order: Row): string {
  const pricelist = order['pricelist_id'];
  const currency = typeof pricelist === 'number' ? world.db.get('product.pricelist', pricelist)?.['currency_id'] : undefined;
  const row = typeof currency === 'number' ? world.db.get('res.currency', currency) : undefined;
  return typeof row?.['name'] === 'string' ? row['name'] : world.currency;
}

export function digitsOf(world: World, precision: string): number {
  for (const row of world.db.all('decimal.precision'))
    if (row['name'] === precision && typeof row['digits'] === 'number') return row['digits'];
  return 2;
}

export function required(row: Row | undefined, what: string): Row {
  if (row === undefined) throw new RangeError(`the sandbox has no ${what}`);
  return row;
}

/** Rows by an indexed field, by ascending id. */
export function rowsBy(world: World, model: string, field: string, id: number): Row[] {
  return (world.db.lookUp(model, field, id) ?? []).flatMap((each) => world.db.get(model, each) ?? []);
}
