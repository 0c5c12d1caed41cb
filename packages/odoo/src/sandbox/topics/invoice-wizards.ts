import { idsOf, numberOf, textOf, type Row, type Values } from '../engine/database.ts';
import { userError } from '../engine/errors.ts';
import { char, date, monetary, one, set } from '../engine/field.ts';
import { createRecord } from '../engine/records.ts';
import { action, type Topic } from '../engine/topic.ts';
import { required, rowsBy, type Context, type World } from '../engine/world.ts';
import { commercialPartner, openOfLine, residualOf, setOff } from './accounting.ts';
import { postPayments } from './payments.ts';

/** The forms by which people reverse invoices and register payments. They look for nothing that was done before, so who asks twice gets two. */
export const invoiceWizards: Topic = {
  models: () => ({
    'account.move.reversal': {
      move_ids: set('account.move'),
      journal_id: one('account.journal', { required: true }),
      reason: char,
      date,
    },
    'account.payment.register': {
      line_move_id: one('account.move'),
      amount: monetary,
      journal_id: one('account.journal'),
      payment_date: date,
      communication: char,
    },
  }),
  rights: { 'account.move.reversal': [], 'account.payment.register': [] },
  methods: {
    'account.move.reversal': { refund_moves: action((world, { ids }) => refund(world, ids)) },
    'account.payment.register': { action_create_payments: action((world, { ids }) => pay(world, ids)) },
  },
  create: {
    'account.move.reversal': (world, values, context) => {
      const moves = idsOf(values, 'move_ids').length > 0 ? idsOf(values, 'move_ids') : activeIds(context);
      return world.db.insert('account.move.reversal', { reason: false, date: today(world), ...values, move_ids: moves });
    },
    'account.payment.register': (world, values, context) => {
      const invoice = required(world.db.get('account.move', activeIds(context)[0] ?? 0), 'invoice');
      const residual = residualOf(world, invoice);
      if (residual === 0) {
        throw userError(
          world.version === 19
            ? "There's nothing left to pay for the selected journal items, so no payment registration is necessary. You've got your finances under control like a boss!"
            : "You can't register a payment because there is nothing left to pay on the selected journal items.",
        );
      }
      const bank = [...world.db.all('account.journal')].find((journal) => journal['type'] === 'bank')?.id ?? false;
      const defaults = { amount: residual, journal_id: bank, payment_date: today(world), communication: textOf(invoice, 'name') };
      return world.db.insert('account.payment.register', { ...defaults, ...values, line_move_id: invoice.id });
    },
  },
};

/** `refund_moves`: a draft credit note of everything, which people then change. */
function refund(world: World, ids: readonly number[]): unknown {
  let made = 0;
  for (const form of ids.map((id) => required(world.db.get('account.move.reversal', id), 'form'))) {
    for (const invoice of idsOf(form, 'move_ids').map((id) => required(world.db.get('account.move', id), `invoice ${id}`))) {
      const reason = textOf(form, 'reason');
      made = createRecord(world, 'account.move', {
        move_type: textOf(invoice, 'move_type') === 'in_invoice' ? 'in_refund' : 'out_refund',
        reversed_entry_id: invoice.id,
        partner_id: numberOf(invoice, 'partner_id'),
        journal_id: numberOf(form, 'journal_id'),
        currency_id: numberOf(invoice, 'currency_id'),
        invoice_date: textOf(form, 'date'),
        invoice_origin: invoice['invoice_origin'] ?? false,
        ref: `Reversal of: ${textOf(invoice, 'name')}${reason === '' ? '' : `, ${reason}`}`,
        invoice_line_ids: rowsBy(world, 'account.move.line', 'move_id', invoice.id).map((line) => [0, 0, copied(line)]),
      }).id;
    }
  }
  return { name: 'Reverse Moves', type: 'ir.actions.act_window', res_model: 'account.move', view_mode: 'form', res_id: made };
}

/** `action_create_payments`: posts a payment and sets it off, whether or not anything is left to pay by now. */
function pay(world: World, ids: readonly number[]): unknown {
  let made = 0;
  for (const form of ids.map((id) => required(world.db.get('account.payment.register', id), 'form'))) {
    const invoice = required(world.db.get('account.move', numberOf(form, 'line_move_id')), 'invoice');
    const kind = textOf(invoice, 'move_type');
    made = createRecord(world, 'account.payment', {
      payment_type: kind === 'out_invoice' || kind === 'in_refund' ? 'inbound' : 'outbound',
      partner_type: kind.startsWith('out_') ? 'customer' : 'supplier',
      partner_id: commercialPartner(world, numberOf(invoice, 'partner_id')),
      amount: numberOf(form, 'amount'),
      currency_id: numberOf(invoice, 'currency_id'),
      journal_id: numberOf(form, 'journal_id'),
      date: textOf(form, 'payment_date'),
      [world.version === 17 ? 'ref' : 'memo']: textOf(form, 'communication'),
    }).id;
    postPayments(world, [made]);
    const entry = required(world.db.get('account.move', numberOf(world.db.get('account.payment', made) ?? {}, 'move_id')), 'entry');
    const item = rowsBy(world, 'account.move.line', 'move_id', entry.id).find((line) => line['display_type'] === 'payment_term');
    setOff(world, invoice, entry, item === undefined ? 0 : openOfLine(world, item));
  }
  return { name: 'Payments', type: 'ir.actions.act_window', res_model: 'account.payment', view_mode: 'form', res_id: made };
}

function copied(line: Row): Values & { readonly tax_ids: readonly number[] } {
  return {
    product_id: line['product_id'] ?? false,
    name: line['name'] ?? false,
    quantity: numberOf(line, 'quantity'),
    price_unit: numberOf(line, 'price_unit'),
    discount: numberOf(line, 'discount'),
    account_id: line['account_id'] ?? false,
    tax_ids: idsOf(line, 'tax_ids'),
    sale_line_ids: idsOf(line, 'sale_line_ids'),
  };
}

function activeIds(context: Context): readonly number[] {
  const ids = context['active_ids'];
  return Array.isArray(ids) ? ids.filter((id) => typeof id === 'number') : [];
}

function today(world: World): string {
  return world.clock.now().slice(0, 10);
}
