import type { OdooClient } from '../client/client.ts';
import { mayAccess } from '../session/session.ts';
import { ifReadable } from './if-readable.ts';

export type AccessOperation = 'create' | 'read' | 'write' | 'unlink';

/** Something that people do with the connector, and what they need for it. */
type Activity = {
  readonly name: string;
  /** Whether the daemon cannot do its work without. */
  readonly daily: boolean;
  readonly needs: readonly (readonly [model: string, operation: AccessOperation, right: Right])[];
};

/** Rights as Odoo's form of users calls them, application and level; from the newest version down, because some moved. */
const rightNames = {
  sales: () => 'Sales: all documents',
  inventory: () => 'Inventory: user',
  inventoryAdministrator: () => 'Inventory: administrator',
  contacts: () => 'Contact creation',
  products: (version: number) =>
    version >= 19 ? 'Products: create' : version === 18 ? 'Extra rights: product creation' : 'Sales: administrator',
  invoicing: (version: number) =>
    version >= 19 ? 'Accounting: invoicing' : version === 18 ? 'Invoicing: invoicing' : 'Invoicing: billing',
  purchase: () => 'Purchase: user',
  manufacturing: () => 'Manufacturing: user',
  accessRights: () => 'Administration: access rights',
  settings: () => 'Administration: settings',
} as const satisfies Record<string, (version: number) => string>;
type Right = keyof typeof rightNames;

const activities: readonly Activity[] = [
  {
    name: 'orders',
    daily: true,
    needs: [
      ['sale.order', 'read', 'sales'],
      ['sale.order', 'create', 'sales'],
      ['sale.order', 'write', 'sales'],
      ['sale.order.line', 'create', 'sales'],
      ['sale.order.line', 'write', 'sales'],
      ['product.product', 'read', 'sales'],
    ],
  },
  {
    name: 'customers',
    daily: true,
    needs: [
      ['res.partner', 'create', 'contacts'],
      ['res.partner', 'write', 'contacts'],
    ],
  },
  {
    name: 'deliveries',
    daily: true,
    needs: [
      ['stock.warehouse', 'read', 'inventory'],
      ['stock.quant', 'read', 'inventory'],
      ['stock.picking', 'create', 'inventory'],
      ['stock.picking', 'write', 'inventory'],
      ['stock.move', 'write', 'inventory'],
      ['stock.move.line', 'write', 'inventory'],
    ],
  },
  { name: 'batches', daily: false, needs: [['stock.picking.batch', 'create', 'inventory']] },
  { name: 'lots', daily: false, needs: [['stock.lot', 'create', 'inventory']] },
  { name: 'inventory counts', daily: false, needs: [['stock.quant', 'write', 'inventory']] },
  { name: 'returns', daily: false, needs: [['stock.return.picking', 'create', 'inventory']] },
  { name: 'scrap', daily: false, needs: [['stock.scrap', 'create', 'inventory']] },
  { name: 'kits', daily: false, needs: [['mrp.bom', 'read', 'manufacturing']] },
  {
    name: 'invoices and credit notes',
    daily: false,
    needs: [
      ['account.move', 'create', 'invoicing'],
      ['account.move', 'write', 'invoicing'],
      ['account.move.reversal', 'create', 'invoicing'],
    ],
  },
  {
    name: 'payments',
    daily: false,
    needs: [
      ['account.payment', 'create', 'invoicing'],
      ['account.payment.register', 'create', 'invoicing'],
    ],
  },
  { name: 'purchases', daily: false, needs: [['purchase.order', 'create', 'purchase']] },
  { name: 'landed costs', daily: false, needs: [['stock.landed.cost', 'create', 'inventoryAdministrator']] },
  { name: 'reordering rules', daily: false, needs: [['stock.warehouse.orderpoint', 'create', 'inventoryAdministrator']] },
  { name: 'products', daily: false, needs: [['product.product', 'create', 'products']] },
  {
    name: 'the set-up of warehouses and routes',
    daily: false,
    needs: [
      ['stock.warehouse', 'create', 'inventoryAdministrator'],
      ['stock.route', 'create', 'inventoryAdministrator'],
      ['decimal.precision', 'write', 'settings'],
    ],
  },
  { name: 'quiet look-ups of external ids', daily: false, needs: [['ir.model.data', 'read', 'accessRights']] },
];

/** What the user may do of one activity. */
export type ActivityRights = {
  readonly activity: string;
  readonly daily: boolean;
  /** Whether the app that it belongs to is installed. */
  readonly installed: boolean;
  readonly missing: readonly { readonly model: string; readonly operation: AccessOperation; readonly right: string }[];
};

/** Asks Odoo for every right that the connector can make use of, one after the other: a small server has few connections to its database. Nothing is tried out. */
export async function readRights(client: OdooClient): Promise<readonly ActivityRights[]> {
  const read: ActivityRights[] = [];
  for (const { name, daily, needs } of activities) {
    const missing: ActivityRights['missing'][number][] = [];
    let installed = true;
    for (const [model, operation, right] of needs) {
      const may = await ifReadable(() => mayAccess(client, model, operation));
      // A model that is not there has nothing to ask for.
      if (may === null) installed = false;
      if (may === false) missing.push({ model, operation, right: rightNames[right](client.version) });
    }
    read.push({ activity: name, daily, installed, missing });
  }
  return read;
}
