import { idsOf, numberOf, referenceOf, textOf, type Row, type Values } from '../engine/database.ts';
import { accessError, userError } from '../engine/errors.ts';
import { boolean, char, computed, date, float, json, many, one, selection, set } from '../engine/field.ts';
import { action, type Topic } from '../engine/topic.ts';
import { required, rounded, rowsBy, type World } from '../engine/world.ts';

/** Journals, invoices, credit notes and bills, and what is set off against what. Only lines that people enter are there: no tax or receivable lines. */
export const accounting: Topic = {
  models: (version) => ({
    'account.journal': {
      name: { ...char, required: true },
      code: char,
      type: selection('sale', 'purchase', 'cash', 'bank', 'general', 'credit'),
      company_id: one('res.company'),
      active: boolean,
    },
    'account.account': {
      name: char,
      code: char,
      account_type: char,
      ...(version >= 18 ? { company_ids: set('res.company') } : { company_id: one('res.company') }),
    },
    'account.analytic.plan': { name: { ...char, required: true } },
    'account.analytic.account': {
      name: { ...char, required: true },
      plan_id: one('account.analytic.plan', { required: true }),
      company_id: one('res.company'),
      active: boolean,
    },
    'account.move': {
      name: char,
      state: selection('draft', 'posted', 'cancel'),
      move_type: selection('entry', 'out_invoice', 'out_refund', 'in_invoice', 'in_refund', 'out_receipt', 'in_receipt'),
      ref: char,
      invoice_origin: char,
      invoice_date: date,
      invoice_date_due: date,
      partner_id: one('res.partner'),
      commercial_partner_id: computed('many2one', 'res.partner'),
      currency_id: one('res.currency', { required: true }),
      company_id: one('res.company'),
      journal_id: one('account.journal', { required: true }),
      reversed_entry_id: one('account.move'),
      invoice_line_ids: many('account.move.line', 'move_id'),
      amount_untaxed: computed('monetary'),
      amount_tax: computed('monetary'),
      amount_total: computed('monetary'),
      amount_residual: computed('monetary'),
      payment_state: computed('selection'),
    },
    'account.move.line': {
      move_id: one('account.move', { required: true }),
      product_id: one('product.product'),
      name: char,
      quantity: float,
      price_unit: float,
      discount: float,
      tax_ids: set('account.tax'),
      account_id: one('account.account'),
      analytic_distribution: json,
      product_uom_id: one('uom.uom'),
      display_type: selection('product', 'payment_term', 'tax'),
      price_subtotal: computed('monetary'),
      price_total: computed('monetary'),
      account_type: computed('selection'),
      reconciled: computed('boolean'),
    },
    'account.partial.reconcile': { invoice_id: one('account.move'), counterpart_id: one('account.move'), amount: float },
  }),
  labels: { 'account.move': 'Journal Entry' },
  rights: { 'account.move': ['read'], 'account.move.line': ['read'] },
  methods: {
    'account.move': { action_post: { ...action((world, { ids }) => postMoves(world, ids)), right: 'read' } },
  },
  computed: {
    'account.move.commercial_partner_id': (world, row) => commercialPartner(world, numberOf(row, 'partner_id')),
    'account.move.amount_untaxed': (world, row) => amountsOf(world, row).untaxed,
    'account.move.amount_tax': (world, row) => amountsOf(world, row).tax,
    'account.move.amount_total': (world, row) => amountsOf(world, row).total,
    'account.move.amount_residual': (world, row) => residualOf(world, row),
    'account.move.payment_state': (world, row) => paymentState(world, row),
    'account.move.line.price_subtotal': (world, row) => lineAmounts(world, row).untaxed,
    'account.move.line.price_total': (world, row) => lineAmounts(world, row).total,
    'account.move.line.account_type': (world, row) =>
      textOf(world.db.get('account.account', numberOf(row, 'account_id')) ?? {}, 'account_type'),
    'account.move.line.reconciled': (world, row) => row['display_type'] === 'payment_term' && openOfLine(world, row) === 0,
  },
  create: {
    'account.move': (world, values) => world.db.insert('account.move', moveDefaults(world, values)),
    'account.move.line': (world, values) => world.db.insert('account.move.line', lineValues(world, values)),
    'account.analytic.account': (world, values) =>
      world.db.insert('account.analytic.account', { company_id: world.companyId, active: true, ...values }),
    'account.account': (world, values) => world.db.insert('account.account', { ...ofCompany(world), ...values }),
  },
  writing: { 'account.move': keepPosted },
  removing: {
    'account.move': (world, move) => {
      if (move['state'] === 'posted') throw userError('You cannot delete a posted journal item without proper authorization.');
      for (const line of rowsBy(world, 'account.move.line', 'move_id', move.id)) world.db.remove('account.move.line', line.id);
    },
  },
  install(world) {
    const journal = (code: string, name: string, type: string) =>
      world.db.insert('account.journal', { code, name, type, company_id: world.companyId, active: true });
    journal('INV', world.version === 19 ? 'Sales' : 'Customer Invoices', 'sale');
    journal('BILL', world.version === 19 ? 'Purchases' : 'Vendor Bills', 'purchase');
    journal('BNK1', 'Bank', 'bank');
    journal('CSH1', 'Cash', 'cash');
    const account = (code: string, name: string, account_type: string) =>
      world.db.insert('account.account', { code, name, account_type, ...ofCompany(world) });
    world.db.insert('account.analytic.plan', { name: 'Project' });
    account('400000', 'Product Sales', 'income');
    account('600000', 'Expenses', 'expense');
    account('121000', 'Account Receivable', 'asset_receivable');
    account('211000', 'Account Payable', 'liability_payable');
    account('101403', 'Outstanding Receipts', 'asset_current');
  },
};

function ofCompany(world: World): Values {
  return world.version >= 18 ? { company_ids: [world.companyId] } : { company_id: world.companyId };
}

/** A line that people enter stands on no account of what is owed. */
function lineValues(world: World, values: Values): Values {
  const account = world.db.get('account.account', numberOf(values, 'account_id'));
  const kind = textOf(account ?? {}, 'account_type');
  const isEntered = (values['display_type'] ?? 'product') === 'product';
  if (isEntered && (kind === 'liability_payable' || kind === 'asset_receivable'))
    throw userError(
      `Any journal item on a ${kind === 'asset_receivable' ? 'receivable' : 'payable'} account must have a due date and vice versa.`,
    );
  return {
    display_type: 'product',
    quantity: 1,
    price_unit: 0,
    discount: 0,
    sale_line_ids: [],
    tax_ids: [],
    name: false,
    analytic_distribution: false,
    ...values,
  };
}

/** Defaults of a new invoice. Until it is posted 17 and 18 show a name that is none. */
export function moveDefaults(world: World, values: Values): Values {
  const kind = textOf(values, 'move_type') || 'entry';
  const wanted = kind.startsWith('out_') ? 'sale' : kind.startsWith('in_') ? 'purchase' : 'general';
  const today = world.clock.now().slice(0, 10);
  return {
    move_type: 'entry',
    name: world.version === 19 ? false : '/',
    state: 'draft',
    ref: false,
    invoice_origin: false,
    invoice_date: false,
    invoice_date_due: kind === 'entry' ? false : today,
    partner_id: false,
    currency_id: world.db.get('res.company', world.companyId)?.['currency_id'] ?? false,
    company_id: world.companyId,
    journal_id: [...world.db.all('account.journal')].find((journal) => journal['type'] === wanted)?.id ?? 1,
    reversed_entry_id: false,
    ...values,
  };
}

/** `action_post`: answers false when it did it. A credit note is set off against the invoice that it reverses. */
export function postMoves(world: World, ids: readonly number[]): false {
  if (!world.administrator) throw accessError("You don't have the access rights to post an invoice.");
  for (const id of ids) {
    const move = required(world.db.get('account.move', id), `invoice ${id}`);
    if (move['state'] !== 'draft') throw userError(`The entry ${textOf(move, 'name')} (id ${id}) must be in draft.`);
    const kind = textOf(move, 'move_type');
    const isVendors = kind.startsWith('in_');
    if (isVendors && move['invoice_date'] === false) throw userError('The Bill/Refund date is required to validate this document.');
    const day = textOf(move, 'invoice_date') || world.clock.now().slice(0, 10);
    const prefix = `${kind.endsWith('_refund') ? 'R' : ''}${isVendors ? 'BILL' : 'INV'}/${day.slice(0, 4)}`;
    const name = `${prefix}/${String(world.db.next(prefix)).padStart(5, '0')}`;
    const posted = world.db.update('account.move', id, { state: 'posted', name, invoice_date: day });
    const reversed = world.db.get('account.move', numberOf(move, 'reversed_entry_id'));
    if (reversed?.['state'] === 'posted') setOff(world, reversed, posted, residualOf(world, posted));
  }
  return false;
}

/** Sets an entry off against an invoice, as far as both go. */
export function setOff(world: World, invoice: Row, counterpart: Row, open: number): void {
  const amount = rounded(Math.min(residualOf(world, invoice), open), 2);
  if (amount > 0) world.db.insert('account.partial.reconcile', { invoice_id: invoice.id, counterpart_id: counterpart.id, amount });
}

export function amountsOf(world: World, move: Row): { untaxed: number; tax: number; total: number } {
  const lines = rowsBy(world, 'account.move.line', 'move_id', move.id).filter((line) => line['display_type'] === 'product');
  const amounts = lines.map((line) => lineAmounts(world, line));
  const untaxed = rounded(
    amounts.reduce((sum, each) => sum + each.untaxed, 0),
    2,
  );
  const total = rounded(
    amounts.reduce((sum, each) => sum + each.total, 0),
    2,
  );
  return { untaxed, total, tax: rounded(total - untaxed, 2) };
}

export function residualOf(world: World, move: Row): number {
  return rounded(amountsOf(world, move).total - settledOf(world, move.id), 2);
}

/** What is left of the open item of an entry. */
export function openOfLine(world: World, line: Row): number {
  return rounded(Math.abs(numberOf(line, 'price_unit')) - settledOf(world, numberOf(line, 'move_id')), 2);
}

export function commercialPartner(world: World, id: number): number | false {
  const partner = world.db.get('res.partner', id);
  if (partner === undefined) return false;
  return referenceOf(partner, 'parent_id') ?? partner.id;
}

function settledOf(world: World, moveId: number): number {
  const partials = [
    ...rowsBy(world, 'account.partial.reconcile', 'invoice_id', moveId),
    ...rowsBy(world, 'account.partial.reconcile', 'counterpart_id', moveId),
  ];
  return partials.reduce((sum, each) => sum + numberOf(each, 'amount'), 0);
}

/** An invoice that only credit notes settle is reversed; a credit note that is used up is paid. */
function paymentState(world: World, move: Row): string {
  const { total } = amountsOf(world, move);
  if (move['state'] !== 'posted') return 'not_paid';
  const residual = residualOf(world, move);
  if (residual === total && total !== 0) return 'not_paid';
  if (residual > 0) return 'partial';
  const counterparts = rowsBy(world, 'account.partial.reconcile', 'invoice_id', move.id).map((each) =>
    textOf(world.db.get('account.move', numberOf(each, 'counterpart_id')) ?? {}, 'move_type'),
  );
  return counterparts.length > 0 && counterparts.every((kind) => kind.endsWith('_refund')) ? 'reversed' : 'paid';
}

function lineAmounts(world: World, line: Row): { untaxed: number; total: number } {
  const untaxed = rounded(numberOf(line, 'quantity') * numberOf(line, 'price_unit') * (1 - numberOf(line, 'discount') / 100), 2);
  const rates = idsOf(line, 'tax_ids').map((tax) => numberOf(world.db.get('account.tax', tax) ?? {}, 'amount'));
  return { untaxed, total: rounded(untaxed + rates.reduce((sum, rate) => sum + rounded((untaxed * rate) / 100, 2), 0), 2) };
}

/** From 18 on a posted entry refuses what 17 takes in silence. */
function keepPosted(world: World, before: Row, values: Values): Values {
  const kept = ['invoice_date', 'partner_id', 'currency_id'].filter((field) => values[field] !== undefined);
  if (before['state'] !== 'posted' || world.version === 17 || kept.length === 0) return values;
  throw userError(`You cannot modify the following readonly fields on a posted move: ${kept.join(', ')}`);
}
