import { numberOf, textOf, type Row, type Values } from '../engine/database.ts';
import { userError } from '../engine/errors.ts';
import { char, computed, date, monetary, one, selection, set } from '../engine/field.ts';
import { action, type Topic } from '../engine/topic.ts';
import { required, rowsBy, type World } from '../engine/world.ts';
import { moveDefaults, openOfLine, residualOf, setOff } from './accounting.ts';

/** Payments, and how they are set off against invoices. */
export const payments: Topic = {
  models: (version) => ({
    'account.payment': {
      name: char,
      payment_type: selection('outbound', 'inbound'),
      partner_type: selection('customer', 'supplier'),
      partner_id: one('res.partner'),
      amount: monetary,
      currency_id: one('res.currency'),
      journal_id: one('account.journal', { required: true }),
      company_id: one('res.company'),
      date,
      [version === 17 ? 'ref' : 'memo']: char,
      state: version === 17 ? selection('draft', 'posted', 'cancel') : selection('draft', 'in_process', 'paid', 'canceled', 'rejected'),
      move_id: one('account.move'),
      reconciled_invoice_ids: computed('many2many', 'account.move'),
      reconciled_bill_ids: computed('many2many', 'account.move'),
      ...(version === 17 ? {} : { invoice_ids: set('account.move') }),
    },
  }),
  labels: { 'account.payment': 'Payments' },
  rights: { 'account.payment': [] },
  methods: {
    'account.payment': { action_post: action((world, { ids }) => postPayments(world, ids)) },
    'account.move': { js_assign_outstanding_line: action((world, { ids, args }) => assign(world, ids, args['line_id']), ['line_id']) },
  },
  computed: {
    'account.payment.reconciled_invoice_ids': (world, row) => paidBy(world, row, 'out_'),
    'account.payment.reconciled_bill_ids': (world, row) => paidBy(world, row, 'in_'),
  },
  create: {
    'account.payment': (world, values) =>
      world.db.insert('account.payment', {
        payment_type: 'inbound',
        partner_type: 'customer',
        currency_id: world.db.get('res.company', world.companyId)?.['currency_id'] ?? false,
        company_id: world.companyId,
        date: world.clock.now().slice(0, 10),
        move_id: false,
        amount: 0,
        ...values,
        state: 'draft',
      }),
  },
};

/** `action_post`: answers nothing. Only 19 takes it easy to be asked twice. */
export function postPayments(world: World, ids: readonly number[]): void {
  for (const id of ids) {
    const payment = required(world.db.get('account.payment', id), `payment ${id}`);
    if (payment['state'] !== 'draft') {
      if (world.version === 19) continue;
      throw userError(`The entry ${textOf(payment, 'name')} (id ${numberOf(payment, 'move_id')}) must be in draft.`);
    }
    const journal = required(world.db.get('account.journal', numberOf(payment, 'journal_id')), 'journal');
    const prefix = `P${textOf(journal, 'code')}/${world.clock.now().slice(0, 4)}`;
    const name = `${prefix}/${String(world.db.next(prefix)).padStart(5, '0')}`;
    world.db.update('account.payment', id, {
      name,
      state: world.version === 17 ? 'posted' : 'in_process',
      move_id: entryOf(world, payment, name).id,
    });
  }
}

/** The entry of a payment: the bank's side, and the open item of the partner. */
function entryOf(world: World, payment: Row, name: string): Row {
  const partner: Values = { partner_id: numberOf(payment, 'partner_id') };
  const entry = world.db.insert('account.move', {
    ...moveDefaults(world, { ...partner, journal_id: numberOf(payment, 'journal_id'), currency_id: numberOf(payment, 'currency_id') }),
    name,
    state: 'posted',
  });
  const account = (type: string) => [...world.db.all('account.account')].find((each) => each['account_type'] === type)?.id ?? false;
  const line = { move_id: entry.id, price_unit: numberOf(payment, 'amount'), sale_line_ids: [], tax_ids: [] };
  world.db.insert('account.move.line', { ...line, account_id: account('asset_current'), display_type: 'tax' });
  const owed = account(payment['partner_type'] === 'supplier' ? 'liability_payable' : 'asset_receivable');
  world.db.insert('account.move.line', { ...line, account_id: owed, display_type: 'payment_term' });
  return entry;
}

function assign(world: World, ids: readonly number[], line: unknown): void {
  const item = required(world.db.get('account.move.line', Number(line)), 'open item');
  const invoice = required(world.db.get('account.move', ids[0] ?? 0), 'invoice');
  const entry = required(world.db.get('account.move', numberOf(item, 'move_id')), 'entry');
  const open = openOfLine(world, item);
  if (open === 0 || residualOf(world, invoice) === 0) {
    if (world.version === 19) return;
    throw userError('You are trying to reconcile some entries that are already reconciled.');
  }
  setOff(world, invoice, entry, open);
}

function paidBy(world: World, payment: Row, side: 'out_' | 'in_'): readonly number[] {
  const entry = numberOf(payment, 'move_id');
  const invoices = rowsBy(world, 'account.partial.reconcile', 'counterpart_id', entry).map((each) => numberOf(each, 'invoice_id'));
  return [...new Set(invoices)].filter((id) => textOf(world.db.get('account.move', id) ?? {}, 'move_type').startsWith(side));
}
