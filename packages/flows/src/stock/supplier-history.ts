import { instantSchema, type ErpReceipt, type Instant, type NodeId, type Sku, type StockPosition } from '@quartermaster/domain';
import { confidentSupply, daysLate, type TrustedSupply } from '@quartermaster/inventory';
import type { ReadTransaction, Transaction } from '@quartermaster/journal';
import { z } from 'zod';
import type { FlowContext } from '../context.ts';
import { speakingTo } from '../speaking-to.ts';
import { keptPast, pastDays, refreshPast } from './erp-past.ts';
import type { StockFacts } from './stock-facts.ts';

// How late suppliers have been, by their receipts in the ERP, and who sends what is to come (`inventory.supply.history`).

const schema = z.object({
  /** Whole days that each receipt of a supplier was late. */
  suppliers: z.array(z.object({ supplier: z.string(), late: z.array(z.int()) })),
  /** What is to come of whom. */
  coming: z.array(z.object({ sku: z.string(), node: z.string(), at: instantSchema, supplier: z.string() })),
  /** Who sent an article last, for what was ordered since this was read. */
  usual: z.array(z.object({ sku: z.string(), supplier: z.string() })),
});
type SupplierHistory = z.infer<typeof schema>;
const past = { kind: 'supplier-history', schema };

/** Whole days that each receipt was late of who sends an article that is expected at a node at an instant; nothing where nobody knows. */
export type LateReceipts = (sku: Sku, node: NodeId, expectedAt: Instant) => readonly number[];

/** Reads receipts anew, where the policy dates supply by them and what is known is old. Throws the ERP's fault, unless it only does not let its user see them. */
export async function refreshSuppliers(context: FlowContext): Promise<void> {
  const { settings, erp } = context;
  const { history } = settings.inventory.supply;
  const told = erp.history;
  if (history === null || told === null) return;
  const read = async () => supplierHistory(await speakingTo(erp.connection, () => told.receipts(pastDays(context, history.days))));
  await refreshPast(context, past, { days: history.days, read });
}

/** How late suppliers were, as it was read last; nothing where no policy asks for it. */
export async function keptReceipts(
  tx: ReadTransaction | Transaction,
  { inventory }: Pick<FlowContext['settings'], 'inventory'>,
): Promise<LateReceipts> {
  const kept = inventory.supply.history === null ? null : await keptPast(tx, past);
  if (kept === null) return () => [];
  const late = new Map(kept.suppliers.map((each) => [each.supplier, each.late]));
  const coming = new Map(kept.coming.map(({ sku, node, at, supplier }) => [lineKey(sku, node, at), supplier]));
  const usual = new Map(kept.usual.map(({ sku, supplier }) => [sku, supplier]));
  return (sku, node, expectedAt) => late.get(coming.get(lineKey(sku, node, expectedAt)) ?? usual.get(sku) ?? '') ?? [];
}

/** What is to come of a position, dated and trusted by the policy and by who sends it. Pure. */
export function trustedSupply(
  { sku, node, inbound }: StockPosition,
  { inventory }: Pick<FlowContext['settings'], 'inventory'>,
  { now, lateReceipts }: Pick<StockFacts, 'now' | 'lateReceipts'>,
): TrustedSupply[] {
  return confidentSupply(inbound, inventory.supply, now, (expectedAt) => lateReceipts(sku, node, expectedAt));
}

function supplierHistory(receipts: readonly ErpReceipt[]): SupplierHistory {
  const known = receipts.flatMap(({ supplier, ...receipt }) => (supplier === null ? [] : [{ ...receipt, supplier }]));
  const received = known.filter(({ isReceived }) => isReceived);
  const usual = new Map(received.map(({ sku, supplier }) => [sku, supplier]));
  return {
    suppliers: [...Map.groupBy(received, ({ supplier }) => supplier)].map(([supplier, own]) => ({ supplier, late: own.map(daysLate) })),
    coming: known.flatMap(({ sku, node, at, supplier, isReceived }) => (isReceived ? [] : [{ sku, node, at, supplier }])),
    usual: [...usual].map(([sku, supplier]) => ({ sku, supplier })),
  };
}

function lineKey(sku: Sku, node: NodeId, at: Instant): string {
  return JSON.stringify([sku, node, at]);
}
