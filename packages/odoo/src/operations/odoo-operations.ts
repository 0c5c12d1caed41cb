import { systemClock } from '@quartermaster/connector-kit';
import type { Safety } from '@quartermaster/domain';
import type { OdooOptions } from '../client/client.ts';
import { sessions, type Session } from '../session/session.ts';
import { deliveries } from './deliveries.ts';
import { orders } from './orders.ts';
import { packing } from './packing.ts';
import { lots } from './lots.ts';
import { waves } from './waves.ts';
import { returns } from './returns.ts';
import { transfers } from './transfers.ts';
import { counts } from './counts.ts';
import { scrap } from './scrap.ts';
import { creditNotes } from './credit-notes.ts';
import { invoices } from './invoicing.ts';
import { landedCosts } from './landed-costs.ts';
import { activities, attachments, messages } from './messages.ts';
import { payments } from './payments.ts';
import { purchases } from './purchasing.ts';
import { vendorPrices } from './vendor-prices.ts';
import { replenishment } from './replenishment.ts';
import { bind, type Bound, type Operations } from './operation.ts';

/** All groups of operations. */
const groups = {
  orders,
  deliveries,
  packing,
  lots,
  waves,
  returns,
  transfers,
  counts,
  scrap,
  invoices,
  creditNotes,
  payments,
  messages,
  activities,
  attachments,
  vendorPrices,
  purchases,
  replenishment,
  landedCosts,
};

/** Typed operations on Odoo's documents; how each is kept from happening twice is declared in {@link operationSafety}. */
export type OdooOperations = { readonly [Group in keyof typeof groups]: Bound<(typeof groups)[Group]> };

/** Opens the operations; nothing is sent before the first call. */
export function odooOperations(options: OdooOptions): OdooOperations {
  return operationsOn(sessions(options, options.clock ?? systemClock).open);
}

/** The same on a connection that somebody else opened. */
export function operationsOn(open: () => Promise<Session>): OdooOperations {
  return {
    orders: bind(groups.orders, open),
    deliveries: bind(groups.deliveries, open),
    packing: bind(groups.packing, open),
    lots: bind(groups.lots, open),
    waves: bind(groups.waves, open),
    returns: bind(groups.returns, open),
    transfers: bind(groups.transfers, open),
    counts: bind(groups.counts, open),
    scrap: bind(groups.scrap, open),
    invoices: bind(groups.invoices, open),
    creditNotes: bind(groups.creditNotes, open),
    payments: bind(groups.payments, open),
    messages: bind(groups.messages, open),
    activities: bind(groups.activities, open),
    attachments: bind(groups.attachments, open),
    vendorPrices: bind(groups.vendorPrices, open),
    purchases: bind(groups.purchases, open),
    replenishment: bind(groups.replenishment, open),
    landedCosts: bind(groups.landedCosts, open),
  };
}

/** How each operation is kept from happening twice, by its name. */
export const operationSafety: Readonly<Record<string, Safety>> = Object.fromEntries(
  Object.values<Operations>(groups).flatMap((group) => Object.values(group).map(({ name, safety }) => [name, safety])),
);
