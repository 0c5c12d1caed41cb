import type { Transfer } from '../../operations/transfer.ts';
import type { Workbench } from './workbench.ts';

/** What is on a shelf of a lot, by its name. */
export type LotOnShelf = { readonly id: number; readonly name: string };

/** Ways to make what tests of the warehouse side need: deliveries that wait, places, lots. */
export type Floor = {
  /** The delivery of a new confirmed order, as it stands after Odoo reserved it. */
  delivery(
    lines: readonly { readonly product: number; readonly units: number }[],
    more?: { readonly warehouse?: number },
  ): Promise<Transfer>;
  /** A place outside of all warehouses. */
  place(): Promise<number>;
  /** A tracked product with a lot per entry, of these units, on the shelf of QME. */
  tracked(kind: 'lot' | 'serial', units: readonly number[]): Promise<{ readonly id: number; readonly lots: readonly LotOnShelf[] }>;
  /** Units of a product at a place, and how many of them are set aside. */
  stock(product: number, location: number, lot?: number): Promise<{ readonly units: number; readonly reserved: number }>;
  carrier(): Promise<number>;
  /** Units of the only line of an order that reached the customer. */
  delivered(order: number | null): Promise<number | undefined>;
};

export function floorOf({ odoo, client, node, customer, product, unique, operations }: Workbench): Floor {
  return {
    async delivery(lines, { warehouse = node('QME').id } = {}) {
      const order_line = lines.map((line) =>
        odoo.command.create('sale.order.line', { product_id: line.product, product_uom_qty: line.units }),
      );
      const [order = 0] = await odoo.create('sale.order', [{ partner_id: await customer(), warehouse_id: warehouse, order_line }]);
      await client.act('sale.order', 'action_confirm', [order]);
      const { picks, deliveries } = await operations.deliveries.ofOrder(order);
      const [first] = [...picks, ...deliveries];
      if (first === undefined) throw new Error('the order has no delivery');
      return first;
    },
    async place() {
      const [id = 0] = await odoo.create('stock.location', [{ name: unique('Place'), usage: 'internal' }]);
      return id;
    },
    async tracked(kind, units) {
      const { id } = await product({ tracking: kind });
      const made: LotOnShelf[] = [];
      for (const each of units) {
        const name = unique('LOT');
        const lot = await operations.lots.ensure({ product: id, name });
        made.push({ id: lot, name });
        if (each > 0) await operations.counts.apply([{ product: id, location: node('QME').lot_stock_id, lot, units: each }]);
      }
      return { id, lots: made };
    },
    async stock(of, location, lot) {
      const quants = await odoo.searchRead(
        'stock.quant',
        [
          ['product_id', '=', of],
          ['location_id', '=', location],
        ],
        ['quantity', 'reserved_quantity', 'lot_id'],
      );
      const there = quants.filter((quant) => lot === undefined || quant.lot_id === lot);
      return {
        units: there.reduce((sum, quant) => sum + quant.quantity, 0),
        reserved: there.reduce((sum, quant) => sum + quant.reserved_quantity, 0),
      };
    },
    async carrier() {
      const { id } = await product();
      const [carrier = 0] = await odoo.create('delivery.carrier', [{ name: unique('Carrier'), delivery_type: 'fixed', product_id: id }], {
        also: { fixed_price: 17 },
      });
      return carrier;
    },
    async delivered(order) {
      const [line] = await odoo.searchRead('sale.order.line', [['order_id', '=', order ?? 0]], ['qty_delivered'], { limit: 1 });
      return line?.qty_delivered;
    },
  };
}

/** The first move of a transfer. */
export function firstMove(transfer: Transfer): Transfer['moves'][number] {
  const [move] = transfer.moves;
  if (move === undefined) throw new Error(`${transfer.name} has no move`);
  return move;
}
