import type { ErpOrderDraft } from '@quartermaster/domain';
import { spawn } from 'node:child_process';
import { z } from 'zod';
import type { Vocabulary } from '../src/session/vocabulary.ts';
import type { World } from './world.ts';

/** What a script in Odoo's own shell says of itself. */
const resultSchema = z.object({ seconds: z.number(), confirmed: z.int() });

/**
 * Writes the orders by Odoo's own ORM, without a client in between: the same customers, addresses, orders and lines in one batch, confirmed and committed. `shell` is a command that
 * starts `odoo-bin shell` on the database. Five orders go first, so that what Odoo keeps in memory is there, as it is on a server that runs.
 */
export async function writeInProcess(
  shell: string,
  drafts: readonly ErpOrderDraft[],
  { layout, productIds }: World,
  vocabulary: Vocabulary,
): Promise<number> {
  const orders = drafts.map((draft) => ({
    name: draft.shipTo.name,
    street: draft.shipTo.lines[0] ?? '',
    zip: draft.shipTo.postalCode,
    city: draft.shipTo.city,
    country: draft.shipTo.country,
    email: draft.shipTo.email,
    reference: draft.reference,
    warehouse: layout.nodes.get(draft.lines[0]?.node ?? '')?.id,
    lines: draft.lines.map((line) => ({
      product: productIds.get(line.sku),
      name: line.title,
      quantity: line.quantity,
      price: Number(line.unitPrice),
      route: layout.nodes.get(line.node ?? '')?.wayOut?.routeId,
    })),
  }));
  const text = await run(shell, script({ orders, taxes: vocabulary.saleLineTaxes, route: vocabulary.saleLineRoute }));
  const line = /^BENCH (.*)$/m.exec(text)?.[1];
  if (line === undefined) throw new Error(`the shell says nothing of the bench: ${text.slice(-2_000)}`);
  const { seconds, confirmed } = resultSchema.parse(JSON.parse(line));
  if (confirmed !== drafts.length) throw new Error(`the shell confirmed ${confirmed} orders of ${drafts.length}`);
  return seconds;
}

function script(data: unknown): string {
  // JSON in a JSON text is a Python text, too.
  return `
import json, time
data = json.loads(${JSON.stringify(JSON.stringify(data))})
countries = {c.code: c.id for c in env['res.country'].search([])}

def write(orders):
    address = lambda o: {'name': o['name'], 'street': o['street'], 'zip': o['zip'], 'city': o['city'], 'country_id': countries[o['country']], 'email': o['email']}
    customers = env['res.partner'].create([dict(address(o), child_ids=[(0, 0, dict(address(o), type='delivery'))]) for o in orders])
    made = env['sale.order'].create([{
        'partner_id': customer.id,
        'partner_shipping_id': customer.child_ids.id,
        'partner_invoice_id': customer.id,
        'warehouse_id': o['warehouse'],
        'client_order_ref': o['reference'],
        'date_order': '2026-11-20 08:15:00',
        'order_line': [(0, 0, {
            'sequence': at,
            'product_id': line['product'],
            'name': line['name'],
            'product_uom_qty': line['quantity'],
            'price_unit': line['price'],
            'discount': 0,
            data['taxes']: [(6, 0, [])],
            data['route']: [(6, 0, [line['route']])] if data['route'] == 'route_ids' else line['route'],
        }) for at, line in enumerate(o['lines'], 1)],
    } for o, customer in zip(orders, customers)])
    made.action_confirm()
    return made

write(data['orders'][:5])
env.cr.rollback()
began = time.time()
made = write(data['orders'])
env.cr.commit()
seconds = time.time() - began
print('BENCH ' + json.dumps({'seconds': seconds, 'confirmed': len(made.filtered(lambda o: o.state == 'sale' and o.picking_ids))}))
`;
}

/** Feeds a command and gives what it prints. */
function run(command: string, input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, { shell: true, stdio: ['pipe', 'pipe', 'pipe'] });
    let printed = '';
    child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    child.on('error', reject);
    child.on('close', () => resolve(printed));
    child.stdin.end(input);
  });
}
