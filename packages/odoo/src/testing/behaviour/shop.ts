import { z } from 'zod';
import { operationsOn, type OdooOperations } from '../../operations/odoo-operations.ts';
import type { Invoice } from '../../operations/invoice.ts';
import type { Workbench } from './workbench.ts';

/** A line to sell. */
export type Sold = {
  readonly quantity: number;
  readonly price: number;
  /** Default `order`: billed by ordered quantities. */
  readonly policy?: 'order' | 'delivery';
  /** Default false: goods on the shelf. */
  readonly service?: boolean;
};

/** Ways to make what tests of the paper side need: orders, invoices, vendors. */
export type Shop = {
  readonly operations: OdooOperations;
  readonly order: (
    lines: readonly Sold[],
    more?: { readonly confirm?: boolean; readonly pricelist?: number },
  ) => Promise<{ readonly id: number }>;
  /** A posted invoice of a new order. */
  readonly invoiced: (lines: readonly Sold[], more?: { readonly post?: boolean }) => Promise<Invoice & { readonly order: number }>;
  /** Ships units of the first line. */
  readonly deliver: (order: number, units: number) => Promise<void>;
  /** What a person does who credits units of the first line by Odoo's own form. */
  readonly creditByForm: (invoice: number, units: number) => Promise<void>;
  /** What a person does who registers a payment by Odoo's own form. */
  readonly payByForm: (invoice: number, amount: string) => Promise<void>;
  readonly orderLines: (order: number) => Promise<{ ordered: number; invoiced: number; toInvoice: number }[]>;
  readonly pricelist: (currency: string) => Promise<{ readonly id: number; readonly currency: number }>;
  readonly journal: (type: 'bank' | 'cash') => Promise<number>;
  readonly vendor: () => Promise<number>;
};

export function shopOf(bench: Workbench): Shop {
  const { odoo, client, session } = bench;
  const operations = operationsOn(() => Promise.resolve(session));

  async function sell({ policy = 'order', service = false, price }: Sold): Promise<number> {
    if (!service) {
      const { id } = await bench.product({ units: { QME: 100 }, price });
      await odoo.write('product.product', [id], {}, { also: { invoice_policy: policy } });
      return id;
    }
    const kind = client.version === 17 ? { detailed_type: 'service' } : { type: 'service' };
    const also = { ...kind, taxes_id: [[6, 0, []]], invoice_policy: policy };
    const [id = 0] = await odoo.create('product.product', [{ name: bench.unique('Service'), list_price: price }], { also });
    return id;
  }

  const shop: Shop = {
    operations,
    async order(lines, { confirm = true, pricelist } = {}) {
      const commands = [];
      for (const line of lines) {
        const values = { product_id: await sell(line), product_uom_qty: line.quantity, price_unit: line.price };
        commands.push(odoo.command.create('sale.order.line', values));
      }
      const own = { partner_id: await bench.customer(), warehouse_id: bench.node('QME').id, order_line: commands };
      const [id = 0] = await odoo.create('sale.order', [pricelist === undefined ? own : { ...own, pricelist_id: pricelist }]);
      if (confirm) await client.act('sale.order', 'action_confirm', [id]);
      return { id };
    },
    async invoiced(lines, { post = true } = {}) {
      const { id: order } = await shop.order(lines);
      const [draft] = (await operations.invoices.create({ order })).drafts;
      if (draft === undefined) throw new Error('the order was not invoiced');
      return { ...(post ? await operations.invoices.post({ invoice: draft.id }) : draft), order };
    },
    async deliver(order, units) {
      const [delivery] = await odoo.searchRead(
        'stock.picking',
        [
          ['sale_id', '=', order],
          ['state', '=', 'assigned'],
        ],
        ['move_ids'],
      );
      if (delivery === undefined) throw new Error('the order has no delivery');
      await odoo.write('stock.move', delivery.move_ids.slice(0, 1), { quantity: units }, { also: { picked: true } });
      await client.act('stock.picking', 'button_validate', [delivery.id], { context: { skip_backorder: true, skip_sms: true } });
    },
    async creditByForm(invoice, units) {
      const context = { active_model: 'account.move', active_ids: [invoice] };
      const [move] = await odoo.read('account.move', [invoice], ['journal_id']);
      const values = { move_ids: [odoo.command.set([invoice])], reason: 'by hand', journal_id: move?.journal_id ?? 0 };
      const form = await odoo.create('account.move.reversal', [values], { context });
      const answer = await client.act('account.move.reversal', 'refund_moves', form, { context });
      const { res_id: note } = z.object({ res_id: z.int() }).parse(answer);
      const [line] = (await operations.invoices.read(note)).lines;
      await odoo.write('account.move', [note], {
        invoice_line_ids: [odoo.command.update('account.move.line', line?.id ?? 0, { quantity: units })],
      });
      await operations.invoices.post({ invoice: note });
    },
    async payByForm(invoice, amount) {
      const context = { active_model: 'account.move', active_ids: [invoice] };
      const form = await odoo.create('account.payment.register', [{ amount, journal_id: await shop.journal('bank') }], { context });
      await client.act('account.payment.register', 'action_create_payments', form, { context });
    },
    async orderLines(order) {
      const lines = await odoo.searchRead(
        'sale.order.line',
        [['order_id', '=', order]],
        ['product_uom_qty', 'qty_invoiced', 'qty_to_invoice'],
      );
      return lines.map((line) => ({ ordered: line.product_uom_qty, invoiced: line.qty_invoiced, toInvoice: line.qty_to_invoice }));
    },
    async pricelist(currency) {
      const query = { domain: [['name', '=', currency]], fields: ['active'], archived: true };
      const [row] = await client.searchRead('res.currency', query, z.object({ id: z.int(), active: z.boolean() }));
      if (row === undefined) throw new Error(`there is no currency ${currency}`);
      if (!row.active) await client.write('res.currency', [row.id], { active: true });
      const [id = 0] = await odoo.create('product.pricelist', [{ name: bench.unique(currency), currency_id: row.id }]);
      return { id, currency: row.id };
    },
    async journal(type) {
      const [journal] = await operations.payments.journals(type);
      if (journal !== undefined) return journal.id;
      const [id = 0] = await odoo.create('account.journal', [{ name: bench.unique(type), code: type === 'bank' ? 'QMB' : 'QMC', type }]);
      return id;
    },
    async vendor() {
      const [id = 0] = await odoo.create('res.partner', [{ name: bench.unique('Vendor') }]);
      return id;
    },
  };
  return shop;
}
