import {
  currencyExponent,
  decimalOf,
  formatMoney,
  isFault,
  money,
  moneyFromDecimal,
  sameMoney,
  sumMoney,
  type ErpBill,
  type ErpBillDraft,
  type ErpBillKey,
  type ErpVendorBills,
  type Money,
} from '@quartermaster/domain';
import { z } from 'zod';
import { odooFault } from '../client/exceptions.ts';
import { claim } from '../operations/claim.ts';
import { documentXid } from '../operations/documents.ts';
import { readInvoice, type Invoice } from '../operations/invoice.ts';
import { operation } from '../operations/operation.ts';
import { needing, rights } from '../operations/rights.ts';
import { nestedTable, type Table } from '../session/import-table.ts';
import { recordNamed } from '../session/look-up.ts';
import type { Session } from '../session/session.ts';

/** Bills of vendors as drafts of Odoo's: `account.move` of type `in_invoice`, or `in_refund` where the vendor gives money back. Never posted. */
export function vendorBills(open: () => Promise<Session>): ErpVendorBills {
  return {
    safety: writing.safety,
    find: async (key) => finding.run(await open(), key),
    write: async (draft) => writing.run(await open(), draft),
  };
}

const name = 'vendorBills.write';

const finding = needing(
  rights.invoicing,
  operation('vendorBills.find', 'natural', async (session, key: ErpBillKey): Promise<ErpBill | null> => {
    const id = await recordNamed(session, 'account.move', billXid(key));
    return id === null ? null : billOf(await readInvoice(session, id, 'vendorBills.find'), key.currency);
  }),
);

/** The external id is the claim: it comes into being with the bill and its lines in one import. The lines bear no taxes, because the vendor's taxes are lines of their own. */
const writing = needing(
  rights.invoicing,
  operation(name, 'claim', async (session, draft: ErpBillDraft): Promise<ErpBill> => {
    const { key, total } = draft;
    const lines = draft.lines.map(({ amount }) => amount);
    if (lines.length === 0) throw refused('the bill has no lines', 'Nothing is to be billed.');
    const sum = sumMoney(lines, key.currency);
    if (!sameMoney(sum, total)) throw refused(`the lines come to ${formatMoney(sum)}, the bill to ${formatMoney(total)}`, totalAdvice);
    const { id, isNew } = await claim(session, 'account.move', billXid(key), () => billTable(session, draft));
    const bill = billOf(await readInvoice(session, id, name), key.currency);
    if (sameMoney(bill.total, total)) return bill;
    if (isNew) {
      await session.client.call({ model: 'account.move', method: 'unlink', ids: [id], repeat: 'always', timeout: 'write' }, z.unknown());
      throw refused(`the bill comes to ${formatMoney(bill.total)} in Odoo, not to ${formatMoney(total)}; it was taken back`, totalAdvice);
    }
    throw odooFault(
      'conflict',
      name,
      `bill ${bill.name ?? id} is there and comes to ${formatMoney(bill.total)}, not ${formatMoney(total)}`,
      {
        advice: 'Somebody changed it: compare it with the invoice, or delete the draft and write it again.',
      },
    );
  }),
);

/** External id of a bill: kind, the invoice's names, and the currency as its part. */
function billXid({ carrier, account, invoiceNumber, currency }: ErpBillKey): string {
  return documentXid('vendor-bill', [carrier, account, invoiceNumber].map(encodeURIComponent).join('/'), currency);
}

async function billTable(session: Session, draft: ErpBillDraft): Promise<Table> {
  const { key, vendor, day, lines, total } = draft;
  const [partner, currency, accounts, analytics] = await Promise.all([
    vendorOf(session, vendor),
    currencyOf(session, key.currency),
    accountsOf(session, [...new Set(lines.map(({ account }) => account))]),
    analyticsOf(session, [...new Set(lines.flatMap(({ analytic }) => analytic ?? []))]),
  ]);
  const isCredit = total.minor < 0;
  const xid = billXid(key);
  const record = {
    id: xid,
    move_type: isCredit ? 'in_refund' : 'in_invoice',
    'partner_id/.id': String(partner),
    'currency_id/.id': String(currency),
    invoice_date: day,
    ref: key.invoiceNumber,
  };
  const nested = lines.map(({ label, account, analytic, amount }, index) => ({
    'invoice_line_ids/id': `${xid}_${index + 1}`,
    'invoice_line_ids/name': label,
    'invoice_line_ids/quantity': '1',
    'invoice_line_ids/price_unit': decimalOf(isCredit ? money(-amount.minor, amount.currency) : amount),
    'invoice_line_ids/account_id/.id': String(accounts.get(account)),
    // An empty cell clears the taxes that the account or the vendor would bring along; a missing column does not.
    'invoice_line_ids/tax_ids/.id': '',
    ...(analytics.size === 0
      ? {}
      : { 'invoice_line_ids/analytic_distribution': analytic === null ? '' : JSON.stringify({ [String(analytics.get(analytic))]: 100 }) }),
  }));
  return nestedTable(record, nested);
}

const idSchema = z.object({ id: z.int() });

async function vendorOf({ client }: Session, reference: string): Promise<number> {
  const domain = [
    ['ref', '=', reference],
    ['company_id', 'in', [client.company.id, false]],
  ];
  const [partner, ...others] = await client.searchRead('res.partner', { domain, fields: ['id'], limit: 2 }, idSchema);
  if (partner !== undefined && others.length === 0) return partner.id;
  throw refused(
    `Odoo has ${partner === undefined ? 'no vendor' : 'several partners'} with the reference ${reference}`,
    'Give the reference to the vendor, and to nobody else (contact, tab "Sales & Purchase").',
  );
}

async function currencyOf({ client }: Session, currency: string): Promise<number> {
  const [found] = await client.searchRead('res.currency', { domain: [['name', '=', currency]], fields: ['id'], limit: 1 }, idSchema);
  if (found !== undefined) return found.id;
  throw refused(`Odoo has no active currency ${currency}`, 'Activate the currency in Odoo.');
}

/** Ids of accounts by code. Until 17 an account is of one company, from 18 on of several. */
async function accountsOf({ client }: Session, codes: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const company = client.version >= 18 ? 'company_ids' : 'company_id';
  const domain = [
    ['code', 'in', codes],
    [company, 'in', [client.company.id]],
  ];
  const rows = await client.searchRead('account.account', { domain, fields: ['code'] }, z.object({ id: z.int(), code: z.string() }));
  return found('account', codes, new Map(rows.map(({ id, code }) => [code, id])), 'Create the account, or correct its code in the config.');
}

async function analyticsOf({ client }: Session, names: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (names.length === 0) return new Map();
  const domain = [
    ['name', 'in', names],
    ['company_id', 'in', [client.company.id, false]],
  ];
  const query = { domain, fields: ['name'] };
  const rows = await client.searchRead('account.analytic.account', query, z.object({ id: z.int(), name: z.string() })).catch(unseen);
  const twice = names.find((each) => rows.filter(({ name: there }) => there === each).length > 1);
  if (twice !== undefined) throw refused(`Odoo has several analytic accounts ${twice}`, 'Give the name to one alone.');
  const advice = 'Create the analytic account, or correct its name in the config.';
  return found('analytic account', names, new Map(rows.map(({ id, name: there }) => [there, id])), advice);
}

/** Analytic accounting is a setting of Invoicing, and a right of its own. */
function unseen(error: unknown): never {
  if (!isFault(error) || error.code !== 'forbidden') throw error;
  throw odooFault('misconfigured', name, 'this user sees no analytic accounts', {
    advice: 'Switch on "Analytic Accounting" in the settings of Invoicing, or name no analytic accounts in the config.',
  });
}

function found(what: string, wanted: readonly string[], ids: ReadonlyMap<string, number>, advice: string): ReadonlyMap<string, number> {
  const missing = wanted.filter((each) => !ids.has(each));
  if (missing.length > 0) throw refused(`Odoo has no ${what} ${missing.join(', ')}`, advice);
  return ids;
}

const stateOf: Readonly<Record<string, ErpBill['state']>> = { posted: 'posted', cancel: 'cancelled' };

function billOf({ id, kind, number, state, total }: Invoice, currency: string): ErpBill {
  const amount = amountOf(total, currency);
  const signed = kind === 'vendor-credit-note' ? money(-amount.minor, currency) : amount;
  return { ref: String(id), name: number, state: stateOf[state] ?? 'draft', total: signed };
}

/** Odoo may send more digits than the currency has, all of them zero. */
function amountOf(total: string, currency: string): Money {
  return moneyFromDecimal(Number(total).toFixed(currencyExponent(currency)), currency);
}

const totalAdvice = 'Look for a rounding, or a rule of this Odoo that changes the lines of bills.';

function refused(message: string, advice: string) {
  return odooFault('refused', name, message, { advice });
}
