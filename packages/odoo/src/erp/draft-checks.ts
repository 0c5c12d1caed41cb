import { formatMoney, isFault, sameMoney, type ConnectorFault, type ErpOrderDraft, type Money } from '@quartermaster/domain';
import { odooFault } from '../client/exceptions.ts';
import { idSchema } from '../session/layout.ts';
import type { Session } from '../session/session.ts';
import { demandCountries, readGeography } from './geography.ts';
import { readProductIds } from './products.ts';
import { orderTable, totalOf, type Geography, type OrderKnowledge } from './translate.ts';
import type { OrderOutcome } from './write-orders.ts';

export const ordersOperation = 'sale.order.load';

/** Drafts that nothing speaks against, and what their rows need to know. */
export type Prepared = { readonly drafts: readonly ErpOrderDraft[]; readonly known: OrderKnowledge; readonly geography: Geography };

/** Reads what the orders need, all together, and refuses those that cannot be written before anything is. */
export async function prepareDrafts(
  session: Session,
  drafts: readonly ErpOrderDraft[],
): Promise<{ readonly prepared: Prepared; readonly refused: readonly OrderOutcome[] }> {
  const { layout, vocabulary, warehouseSplit } = session;
  const right = drafts.filter((draft) => sameMoney(totalOf(draft), draft.total));
  const skus = [...new Set(right.flatMap((draft) => draft.lines.map((line) => line.sku)))];
  const [productIds, pricelistIds, geography] = await Promise.all([
    readProductIds(session, skus),
    readPricelists(session, [...new Set(right.map((draft) => draft.total.currency))]),
    right.length === 0 ? nowhere : readGeography(session, right.flatMap(addressesOf)),
  ]);
  const known = { layout, vocabulary, warehouseSplit, productIds, pricelistIds };
  const passed: ErpOrderDraft[] = [];
  const refused: OrderOutcome[] = [];
  for (const draft of drafts) {
    const fault = refusal(session, draft, known, geography);
    if (fault === null) passed.push(draft);
    else refused.push({ kind: 'failed', key: draft.key, fault });
  }
  return { prepared: { drafts: passed, known, geography }, refused };
}

export function wrongTotal(odoo: Money, draft: Money, what: string): ConnectorFault {
  const message = `the order comes to ${formatMoney(odoo)} in Odoo, but its total is ${formatMoney(draft)}; ${what}`;
  return odooFault('refused', ordersOperation, message, {
    advice:
      'Prices are written at the precision of the currency and without taxes: look for a rounding, or a rule of this Odoo that changes prices.',
  });
}

const nowhere: Geography = { countries: new Map(), states: new Map() };

function addressesOf(draft: ErpOrderDraft) {
  return draft.billTo === null ? [draft.shipTo] : [draft.shipTo, draft.billTo];
}

/** Why a draft cannot be written, or null. */
function refusal(session: Session, draft: ErpOrderDraft, known: OrderKnowledge, geography: Geography): ConnectorFault | null {
  try {
    const expected = totalOf(draft);
    if (!sameMoney(expected, draft.total)) throw wrongTotal(expected, draft.total, 'nothing was written');
    demandProducts(draft, known.productIds);
    demandPricelist(session, draft.total.currency, known.pricelistIds);
    demandCountries(geography, addressesOf(draft));
    // Names a warehouse or route that is missing.
    orderTable([draft], known);
    return null;
  } catch (error) {
    if (isFault(error)) return error;
    throw error;
  }
}

function demandProducts(draft: ErpOrderDraft, productIds: ReadonlyMap<string, number>): void {
  const unknown = [...new Set(draft.lines.filter((line) => !productIds.has(line.sku)).map((line) => line.sku))];
  if (unknown.length === 0) return;
  throw odooFault('refused', ordersOperation, `Odoo has no product, or several, with the internal reference ${unknown.join(', ')}`, {
    advice: 'Create the product, or give the reference to one product alone.',
  });
}

/** A price list gives an order its currency. Its prices do not matter, since each line has its own. */
async function readPricelists({ client }: Session, currencies: readonly string[]): Promise<ReadonlyMap<string, number | null>> {
  const found = new Map<string, number | null>();
  for (const currency of currencies) {
    if (currency === client.company.currency) {
      found.set(currency, null);
      continue;
    }
    const domain = [
      ['currency_id.name', '=', currency],
      ['company_id', 'in', [client.company.id, false]],
    ];
    const [pricelist] = await client.searchRead('product.pricelist', { domain, fields: ['id'], limit: 1 }, idSchema);
    if (pricelist !== undefined) found.set(currency, pricelist.id);
  }
  return found;
}

function demandPricelist({ client }: Session, currency: string, pricelistIds: ReadonlyMap<string, number | null>): void {
  if (pricelistIds.has(currency)) return;
  throw odooFault(
    'misconfigured',
    ordersOperation,
    `the company works in ${client.company.currency} and has no price list in ${currency}`,
    {
      advice: 'Run the set-up with this currency, or create a price list for it.',
    },
  );
}
