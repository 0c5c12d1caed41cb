import { isFault } from '@quartermaster/domain';
import { z } from 'zod';
import type { Json } from '../client/client.ts';
import { odooFault } from '../client/exceptions.ts';
import type { Session } from '../session/session.ts';
import { operation } from './operation.ts';

/** What somebody counted at a place. */
export type Count = {
  readonly location: number;
  readonly product: number;
  /** Units that lie there, those that are set aside among them. */
  readonly units: number;
  /** Needed for a product with lots. */
  readonly lot?: number;
  /** Default: goods that lie there loose. */
  readonly package?: number;
};

/** The same after it was applied. */
export type Counted = Count & {
  readonly quant: number;
  readonly before: number;
  /** What is set aside of it. Odoo takes the reservations of other deliveries back when less is there than they hold. */
  readonly reserved: number;
};

/** Inventory counts. */
export const counts = {
  /**
   * Says how many units lie at places, in one transaction; where the books say so already, nothing is written. Throws `forbidden` for a user whom Odoo 17 does not let apply counts,
   * and `refused` for a product with lots that is counted without one: until 18 Odoo asks a person then and applies nothing, from 19 on it books units without a lot.
   */
  apply: operation('counts.apply', 'natural', (session, counted: readonly Count[]): Promise<Counted[]> =>
    session.inTurn('everything', () => applyCounts(session, counted)),
  ),
};

const name = 'counts.apply';

async function applyCounts(session: Session, counted: readonly Count[]): Promise<Counted[]> {
  const keys = counted.map(keyOf);
  if (new Set(keys).size !== keys.length) throw odooFault('invalid-request', name, 'a place is counted twice');
  if (counted.some((count) => !Number.isFinite(count.units) || count.units < 0))
    throw odooFault('invalid-request', name, 'a count is below zero');
  await refuseDoubtful(session, counted);
  const before = await readQuants(session, counted);
  const changed = counted.filter((count) => (before.get(keyOf(count))?.quantity ?? 0) !== count.units);
  if (changed.length > 0) {
    const values = changed.map((count) => ({
      product_id: count.product,
      location_id: count.location,
      inventory_quantity: count.units,
      ...(count.lot === undefined ? {} : { lot_id: count.lot }),
      ...(count.package === undefined ? {} : { package_id: count.package }),
    }));
    const quants = await session.client.create('stock.quant', values, { inventory_mode: true });
    await applyOrWithdraw(session, quants);
  }
  const after = await readQuants(session, counted);
  return counted.map((count) => {
    const quant = after.get(keyOf(count));
    if ((quant?.quantity ?? 0) !== count.units)
      throw odooFault('conflict', name, `${quant?.quantity ?? 0} units lie there after the count, not ${count.units}`, {
        outcome: 'unknown',
        retry: { kind: 'safely' },
      });
    return { ...count, quant: quant?.id ?? 0, before: before.get(keyOf(count))?.quantity ?? 0, reserved: quant?.reserved ?? 0 };
  });
}

/** Applies what was written down; what Odoo does not apply is taken back, so that nobody applies it by accident later. */
async function applyOrWithdraw({ client }: Session, quants: readonly number[]): Promise<void> {
  const withdraw = () =>
    client.write('stock.quant', quants, { inventory_quantity: 0, inventory_quantity_set: false }, { inventory_mode: true });
  let answer: unknown;
  try {
    answer = await client.act('stock.quant', 'action_apply_inventory', quants);
  } catch (error) {
    if (!isFault(error) || error.facts.outcome !== 'not-applied') throw error;
    await withdraw();
    if (error.code !== 'refused') throw error;
    throw odooFault('forbidden', name, error.facts.message, {
      advice: 'Give the user the right "Inventory: Administrator", which counts need until Odoo 17.',
    });
  }
  if (typeof answer !== 'object' || answer === null) return;
  await withdraw();
  throw odooFault('refused', name, 'Odoo asks a person first, and applies nothing', {
    advice: 'Somebody else is counting there: try again.',
  });
}

async function refuseDoubtful({ odoo }: Session, counted: readonly Count[]): Promise<void> {
  const products = await odoo.read(
    'product.product',
    counted.map((count) => count.product),
    ['tracking'],
  );
  for (const count of counted) {
    const tracking = products.find((product) => product.id === count.product)?.tracking;
    if (tracking === undefined) throw odooFault('not-found', name, `there is no product ${count.product}`);
    if (tracking !== 'none' && count.lot === undefined)
      throw odooFault('refused', name, `product ${count.product} has lots, and none is named`, { advice: 'Count each lot by itself.' });
    if (tracking === 'serial' && count.units > 1) throw odooFault('invalid-request', name, 'a serial number stands for one unit');
  }
}

const oneOrFalse = z.union([z.int(), z.literal(false)]);
const quantSchema = z.object({
  id: z.int(),
  product_id: z.int(),
  location_id: z.int(),
  lot_id: oneOrFalse,
  package_id: oneOrFalse,
  owner_id: oneOrFalse,
  quantity: z.number(),
  reserved_quantity: z.number(),
});

type Lying = { readonly id: number; readonly quantity: number; readonly reserved: number };

/** What lies at the counted places. A quant may be split for a while, after two changes at once. */
async function readQuants({ client }: Session, counted: readonly Count[]): Promise<ReadonlyMap<string, Lying>> {
  const domain: Json[] = [
    ['product_id', 'in', [...new Set(counted.map((count) => count.product))]],
    ['location_id', 'in', [...new Set(counted.map((count) => count.location))]],
    ['owner_id', '=', false],
  ];
  const fields = ['product_id', 'location_id', 'lot_id', 'package_id', 'owner_id', 'quantity', 'reserved_quantity'];
  const found = new Map<string, Lying>();
  for (const row of await client.searchRead('stock.quant', { domain, fields }, quantSchema)) {
    const key = `${row.product_id} ${row.location_id} ${row.lot_id || 0} ${row.package_id || 0}`;
    const there = found.get(key);
    found.set(key, {
      id: there?.id ?? row.id,
      quantity: (there?.quantity ?? 0) + row.quantity,
      reserved: (there?.reserved ?? 0) + row.reserved_quantity,
    });
  }
  return found;
}

function keyOf(count: Count): string {
  return `${count.product} ${count.location} ${count.lot ?? 0} ${count.package ?? 0}`;
}
