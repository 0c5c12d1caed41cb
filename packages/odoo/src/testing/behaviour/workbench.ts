import { systemClock } from '@quartermaster/connector-kit';
import type { Erp, NodeId } from '@quartermaster/domain';
import type { OdooClient, OdooOptions } from '../../client/client.ts';
import { odooErp } from '../../erp/erp.ts';
import type { everyVersion } from '../../models/curated/every-version.ts';
import type { TypedOdoo } from '../../models/typed-odoo.ts';
import { operationsOn, type OdooOperations } from '../../operations/odoo-operations.ts';
import { nodeOf, type Node } from '../../session/layout.ts';
import { sessions, type Session } from '../../session/session.ts';
import { storableValues } from '../../session/vocabulary.ts';
import { prepareOdoo } from '../../setup/prepare.ts';
import type { Target } from './target.ts';

/** What every test of the behaviour works with: an open Odoo with two warehouses of its own, QME and QMW, and ways to make what a test needs. */
export type Workbench = {
  readonly version: number;
  readonly administrator: OdooOptions;
  readonly salesperson: OdooOptions;
  readonly client: OdooClient;
  readonly odoo: TypedOdoo<typeof everyVersion>;
  readonly session: Session;
  readonly operations: OdooOperations;
  readonly erp: Erp;
  /** Different in every run, so that names are never taken. */
  readonly run: string;
  /** A text that was not used before. */
  readonly unique: (word: string) => string;
  readonly node: (id: NodeId) => Node;
  /** A product of its own with these units on the shelves of the warehouses. */
  readonly product: (given?: NewProduct) => Promise<{ readonly id: number; readonly sku: string }>;
  /** A customer of its own; without a telephone, which would make Odoo ask about text messages. */
  readonly customer: () => Promise<number>;
  /** Ends what was opened for it. */
  readonly close: () => Promise<void>;
};

export type NewProduct = {
  readonly units?: Readonly<Partial<Record<'QME' | 'QMW', number>>>;
  readonly tracking?: 'none' | 'lot' | 'serial';
  readonly price?: number;
};

export async function openWorkbench(target: Target): Promise<Workbench> {
  const { administrator, salesperson, close = () => Promise.resolve() } = await target.open();
  await prepareOdoo(administrator, {
    nodes: [
      { code: 'QME', name: 'QM East' },
      { code: 'QMW', name: 'QM West' },
    ],
    products: [],
    stock: [],
    currency: 'EUR',
  });
  const { open } = sessions(administrator, administrator.clock ?? systemClock);
  const session = await open();
  const { client, odoo, layout, vocabulary } = session;
  const run = Date.now().toString(36);
  let used = 0;
  const unique = (word: string) => `${word}-${run}-${++used}`;
  const node = (id: NodeId) => nodeOf(layout, id, 'test');

  return {
    version: client.version,
    close,
    administrator,
    salesperson,
    client,
    odoo,
    session,
    operations: operationsOn(open),
    erp: odooErp({ connection: 'odoo', ...administrator }),
    run,
    unique,
    node,
    async product({ units = {}, tracking, price = 10 } = {}) {
      const sku = unique('SKU');
      const also = { ...storableValues(vocabulary), ...(tracking === undefined ? {} : { tracking }), taxes_id: [[6, 0, []]] };
      const [id = 0] = await odoo.create('product.product', [{ name: sku, default_code: sku, list_price: price }], { also });
      const counts = (['QME', 'QMW'] as const).flatMap((code) => {
        const counted = units[code];
        return counted === undefined ? [] : [{ product_id: id, location_id: node(code).lot_stock_id, inventory_quantity: counted }];
      });
      if (counts.length > 0) {
        const quants = await odoo.create('stock.quant', counts, { context: { inventory_mode: true } });
        await client.act('stock.quant', 'action_apply_inventory', quants);
      }
      return { id, sku };
    },
    async customer() {
      const [id = 0] = await odoo.create('res.partner', [{ name: unique('Customer') }]);
      return id;
    },
  };
}
