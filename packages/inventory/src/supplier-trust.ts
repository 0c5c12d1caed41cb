import { epochMs, type Instant } from '@quartermaster/domain';
import { z } from 'zod';

/** How a supplier's past receipts date what it announces. Null: they do not, and what is declared holds. */
export const supplierTrustSchema = z
  .strictObject({
    /** Receipts of so many days. */
    days: z.int().min(30).max(730).default(180),
    /** Planned with as late as so many percent of the receipts were at most. */
    percent: z.number().min(0).max(100).default(80),
    /** Of fewer receipts nothing is concluded. */
    leastReceipts: z.int().positive().default(5),
  })
  .nullable()
  .default(null);
export type SupplierTrust = z.infer<typeof supplierTrustSchema>;

/** Whole days after which something came that was promised; 0 on its day or before. */
export function daysLate({ promisedAt, at }: { readonly promisedAt: Instant; readonly at: Instant }): number {
  return Math.max(0, Math.floor((epochMs(at) - epochMs(promisedAt)) / 86_400_000));
}

/** What is to be thought of a delivery by the days that its supplier's receipts were late: how late to plan with it, and how many percent of them were on time. By few receipts what is declared, and null. */
export function deliveryTrust(
  { lateDays, history }: { readonly lateDays: number; readonly history: SupplierTrust },
  late: readonly number[],
): { readonly lateDays: number; readonly confidence: number | null } {
  if (history === null || late.length < history.leastReceipts) return { lateDays, confidence: null };
  const sorted = late.toSorted((one, other) => one - other);
  const rank = Math.max(1, Math.ceil((history.percent / 100) * sorted.length - 1e-9));
  const onTime = sorted.filter((days) => days === 0).length;
  return { lateDays: sorted[rank - 1] ?? lateDays, confidence: (100 * onTime) / sorted.length };
}
