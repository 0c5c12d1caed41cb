import { orderKey } from '@quartermaster/domain';
import { createOperations, type Asked } from '@quartermaster/flows';
import { JournalError } from '@quartermaster/journal';
import type { SandboxApp } from '@quartermaster/connector-kit/sandbox';
import { z } from 'zod';
import { accounts, businessOf } from './business.ts';
import { chanceOf } from './chance.ts';
import type { Day, HappeningOf } from './day.ts';
import type { Replica } from './replica.ts';
import type { Trace } from './trace.ts';
import type { VirtualTime } from './virtual-time.ts';
import { placeOf, type World } from './world.ts';

/** An order that a customer placed: by the id of its happening. */
export type PlacedOrder = {
  readonly happening: number;
  readonly shop: string;
  readonly id: string;
  readonly name: string;
  /** As the journal names it. */
  readonly key: string;
  /** Somebody changed it in Odoo by hand, so that what stands there is no longer ours alone. */
  editedInOdoo: boolean;
};

/** Customers, clerks of the shop, people in Odoo, operators: what they do, they do at once and without asking. */
export type People = {
  readonly placed: ReadonlyMap<number, PlacedOrder>;
  readonly order: (given: HappeningOf<'order'>) => void;
  readonly shopEdit: (given: HappeningOf<'shop-edit'>) => void;
  readonly odooEdit: (given: HappeningOf<'odoo-edit'>) => Promise<void>;
  readonly receipt: (given: HappeningOf<'receipt'>) => void;
  readonly operator: (given: HappeningOf<'operator'>) => Promise<void>;
};

const ada = { name: 'Ada Example', address1: 'Invalidenstr. 1', zip: '10115', city: 'Berlin', countryCode: 'DE' };
const elsewhere = { ...ada, address1: 'Elbchaussee 9', zip: '22765', city: 'Hamburg' };

export function openPeople(given: {
  readonly day: Day;
  readonly time: VirtualTime;
  readonly world: World;
  readonly trace: Trace;
  readonly replicas: readonly Replica[];
}): People {
  const { day, time, world, trace, replicas } = given;
  const placed = new Map<number, PlacedOrder>();
  const settings = businessOf(day);
  const note = (who: string, what: string) => trace.note(time.nowMs(), who, what);
  const shopOf = (id: string) => {
    const shop = world.shops.get(id);
    if (shop === undefined) throw new RangeError(`there is no shop ${id}`);
    return shop;
  };

  return {
    placed,
    order({ id, shop, lines, payment, shipping, risky }) {
      const made = shopOf(shop).placeOrder({
        // Two shops count their ids alike, but not their numbers, by which people in Odoo know the orders.
        number: (day.shops.indexOf(shop) + 1) * 1_000 + id,
        lines: lines.map(({ sku, quantity, discount }) => ({ sku, quantity, ...(discount === null ? {} : { discount }) })),
        address: ada,
        financialStatus: payment,
        ...(shipping === null ? {} : { shippingPrice: shipping }),
        ...(risky ? { risk: 'HIGH' } : {}),
      });
      const key = orderKey({ tenant: settings.tenant, company: settings.company, connection: shop }, made.id);
      placed.set(id, { happening: id, shop, id: made.id, name: made.name, key, editedInOdoo: false });
      note('customer', `orders ${made.name} at ${shop}`);
    },
    shopEdit({ order, edit }) {
      const found = placed.get(order);
      if (found === undefined) return;
      const shop = shopOf(found.shop);
      note('shop', `${edit} ${found.name}`);
      const shot = shop.snapshot().orders.find(({ id }) => id === found.id);
      const open = shot !== undefined && shot.cancelledAt === null && shot.fulfillmentStatus !== 'FULFILLED';
      switch (edit) {
        case 'cancel':
          if (open) shop.cancelOrder(found.id);
          return;
        case 'address':
          return shop.changeAddress(found.id, elsewhere);
        case 'refund-unit': {
          const line = shot?.lines.findIndex(({ currentQuantity }) => currentQuantity > 0) ?? -1;
          if (open && line >= 0 && shot.fulfillments.length === 0) shop.refund(found.id, { lines: [{ line, quantity: 1 }] });
          return;
        }
        case 'refund-money':
          if (open) shop.refund(found.id, { amount: '1.00' });
          return;
        case 'pay':
          if (open && shot.financialStatus === 'PENDING') shop.setFinancialStatus(found.id, 'PAID');
          return;
        case 'hold':
          if (open) shop.holdOrder(found.id);
          return;
        case 'release':
          if (open) shop.releaseHold(found.id);
          return;
      }
    },
    async odooEdit({ order, edit }) {
      const found = placed.get(order);
      if (found === undefined) return;
      const odoo = odooHands(world.odoo.app);
      const [sale] = await odoo.find('sale.order', [['client_order_ref', '=', found.name]]);
      note('clerk', `${edit} ${found.name} in Odoo${sale === undefined ? ', which has none' : ''}`);
      if (sale === undefined) return;
      const pickings = await odoo.linked('sale.order', sale, 'picking_ids');
      const [picking] = pickings;
      found.editedInOdoo = true;
      switch (edit) {
        case 'cancel':
          return odoo.act('sale.order', 'action_cancel', [sale], { context: { disable_cancel_warning: true } });
        case 'validate':
          return picking === undefined
            ? undefined
            : odoo.act('stock.picking', 'button_validate', [picking], { context: { skip_backorder: true } });
        case 'unreserve':
          return odoo.act('stock.picking', 'do_unreserve', pickings);
        case 'cancel-delivery':
          return picking === undefined ? undefined : odoo.act('stock.picking', 'action_cancel', [picking]);
        case 'price': {
          const [line] = await odoo.find('sale.order.line', [['order_id', '=', sale]]);
          return line === undefined ? undefined : odoo.act('sale.order.line', 'write', [line], { vals: { price_unit: 1 } });
        }
      }
    },
    receipt({ sku, node, units }) {
      note('warehouse', `receives ${units} ${sku} at ${node}`);
      world.odoo.receive({ sku, node, units });
      const place = placeOf(sku, node);
      world.goodsIn.set(place, (world.goodsIn.get(place) ?? 0) + units);
    },
    async operator(wanted) {
      // Asked twice with the same id: the first answer may have been lost with the process that should give it.
      await operate(wanted);
      await time.clock.sleep(30_000);
      await operate(wanted);
    },
  };

  async function operate({ id, order, act }: HappeningOf<'operator'>): Promise<void> {
    const found = placed.get(order);
    const alive = replicas.map((replica) => replica.running()).filter((running) => running !== null);
    const asked = alive[chanceOf(day.seed, `operator/${id}`).between(0, alive.length - 1)];
    if (found === undefined || asked === undefined) return;
    const { life, world: flows } = asked;
    const operations = createOperations(flows);
    const by: Asked = { requestId: `operator-${id}`, by: 'olga', role: 'supervisor', reason: 'it is so' };
    const erp = settings.erp.connection;
    note('operator', `asks ${life.name} to ${act} ${found.name}`);
    const work = async () => {
      switch (act) {
        case 'hold':
          return operations.holdOrder(by, { order: found.key, owner: null, until: null });
        case 'release':
          return operations.releaseOrder(by, { order: found.key, code: 'all' });
        case 'override':
          return operations.overrideOrder(by, { order: found.key, choice: { kind: 'forbid', node: 'HAM', service: null }, until: null });
        case 'pause':
          return operations.pauseConnection(by, { connection: erp, minutes: 5 });
        case 'resume':
          return operations.resumeConnection(by, { connection: erp });
        case 'retry':
        case 'drop': {
          const [stuck] = await flows.journal.read((tx) => tx.intents.list({ states: ['dead', 'failed'], limit: 1 }));
          if (stuck === undefined) return null;
          return act === 'drop'
            ? operations.dropIntent(by, { intent: stuck.id })
            : operations.retryIntent(by, { intent: stuck.id, provedAbsent: false });
        }
      }
    };
    const answer = await Promise.race([
      life.within(work).catch((error: unknown) => {
        if (error instanceof JournalError) return null;
        throw error;
      }),
      time.clock.sleep(20_000).then(() => null),
    ]);
    note(
      'operator',
      `hears ${answer === null ? 'nothing' : answer.kind === 'refused' ? `${answer.code}: ${answer.message}` : answer.kind}`,
    );
  }
}

/** Odoo by the hands of its people, past all wires. */
function odooHands(app: SandboxApp) {
  const call = async (model: string, method: string, body: Record<string, unknown>): Promise<unknown> => {
    const answer = await app(
      new Request(`http://odoo.test/json/2/${model}/${method}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `bearer ${accounts.odooKey}` },
        body: JSON.stringify(body),
      }),
    );
    return answer.json();
  };
  return {
    async find(model: string, domain: readonly unknown[]): Promise<number[]> {
      const rows = z.array(z.object({ id: z.int() })).parse(await call(model, 'search_read', { domain, fields: ['id'] }));
      return rows.map(({ id }) => id);
    },
    async linked(model: string, id: number, field: string): Promise<number[]> {
      const [row] = z.array(z.record(z.string(), z.unknown())).parse(await call(model, 'read', { ids: [id], fields: [field] }));
      return z.array(z.int()).parse(row?.[field] ?? []);
    },
    /** What Odoo refuses to its people stays undone. */
    async act(model: string, method: string, ids: readonly number[], more: Record<string, unknown> = {}): Promise<void> {
      await call(model, method, { ids, ...more });
    },
  };
}
