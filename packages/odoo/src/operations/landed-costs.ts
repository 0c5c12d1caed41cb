import { z } from 'zod';
import { odooFault } from '../client/exceptions.ts';
import type { Decimal } from '../models/types.ts';
import { nestedTable, type Table } from '../session/import-table.ts';
import type { Session } from '../session/session.ts';
import { claim } from './claim.ts';
import { documentXid } from './documents.ts';
import { operation } from './operation.ts';
import { needing, rights } from './rights.ts';

export type LandedCost = {
  /** The same for every attempt: one document per key. */
  readonly key: string;
  /** Receipts that are done, whose goods bear the costs. */
  readonly receipts: readonly number[];
  readonly costs: readonly {
    /** Service product that names the cost, such as freight or duty. */
    readonly product: number;
    readonly label: string;
    readonly amount: Decimal;
    readonly split: 'equal' | 'by_quantity' | 'by_current_cost_price' | 'by_weight' | 'by_volume';
  }[];
};

export type PostedLandedCost = {
  readonly id: number;
  readonly name: string | null;
  readonly state: string;
  readonly total: Decimal;
  /** What each product of the receipts bears. */
  readonly shares: readonly {
    readonly product: number;
    readonly quantity: number;
    readonly before: Decimal;
    readonly added: Decimal;
    readonly after: Decimal;
  }[];
};

/** Freight, duty and the like, put onto the value of received goods. */
export const landedCosts = {
  /** Computes and validates landed costs. Throws `refused` unless the goods are valued first-in-first-out or at average cost: Odoo takes no others. */
  apply: needing(
    rights.inventoryAdministration,
    operation('landedCosts.apply', 'claim', async (session, given: LandedCost): Promise<PostedLandedCost> => {
      const { id } = await claim(session, 'stock.landed.cost', documentXid('landed-cost', given.key), async () => {
        await demandValued(session, given.receipts);
        return costTable(given);
      });
      const before = await readCost(session, id);
      if (before.state === 'done') return before;
      await session.client.act('stock.landed.cost', 'compute_landed_cost', [id], { repeat: 'always' });
      await session.client.act('stock.landed.cost', 'button_validate', [id]);
      const after = await readCost(session, id);
      if (after.state === 'done') return after;
      throw odooFault('refused', name, `landed cost ${after.name ?? id} is still ${after.state}`, {
        advice: 'Validate it in Odoo and see what it asks for.',
      });
    }),
  ),
};

const name = 'landedCosts.apply';

function costTable(given: LandedCost): Table {
  const cost = { id: documentXid('landed-cost', given.key), 'picking_ids/.id': given.receipts.join(',') };
  const lines = given.costs.map((line, index) => ({
    'cost_lines/id': documentXid('landed-cost', given.key, `line ${index}`),
    'cost_lines/product_id/.id': String(line.product),
    'cost_lines/name': line.label,
    'cost_lines/price_unit': line.amount,
    'cost_lines/split_method': line.split,
  }));
  return nestedTable(cost, lines);
}

/** Some goods must be valued so that they can bear costs, and the receipts must be done. */
async function demandValued({ client, odoo }: Session, receipts: readonly number[]): Promise<void> {
  const pickings = await odoo.read('stock.picking', receipts, ['state', 'move_ids']);
  const open = receipts.filter((id) => pickings.find((picking) => picking.id === id)?.state !== 'done');
  if (open.length > 0) throw odooFault('refused', name, `receipts ${open.join(', ')} are not done`, { advice: 'Receive the goods first.' });
  const moves = await odoo.read(
    'stock.move',
    pickings.flatMap((picking) => picking.move_ids),
    ['product_id'],
  );
  const products = { domain: [['id', 'in', moves.map((move) => move.product_id)]], fields: ['cost_method'], archived: true };
  const methods = await client.searchRead('product.product', products, z.object({ id: z.int(), cost_method: z.unknown() }));
  if (methods.some(({ cost_method }) => cost_method === 'fifo' || cost_method === 'average')) return;
  throw odooFault('refused', name, 'none of the goods is valued first-in-first-out or at average cost', {
    advice: 'Give their category one of these costing methods; at standard cost there is nothing to add to.',
  });
}

async function readCost({ odoo }: Session, id: number): Promise<PostedLandedCost> {
  const [cost] = await odoo.read('stock.landed.cost', [id], ['name', 'state', 'amount_total']);
  if (cost === undefined) throw odooFault('not-found', name, `there is no landed cost ${id}`);
  const shares = await odoo.searchRead(
    'stock.valuation.adjustment.lines',
    [['cost_id', '=', id]],
    ['product_id', 'quantity', 'former_cost', 'additional_landed_cost', 'final_cost'],
  );
  return {
    id,
    name: cost.name,
    state: cost.state ?? '',
    total: cost.amount_total,
    shares: shares.map((share) => ({
      product: share.product_id,
      quantity: share.quantity,
      before: share.former_cost,
      added: share.additional_landed_cost,
      after: share.final_cost,
    })),
  };
}
