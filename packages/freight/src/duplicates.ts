import { daysBetween } from '@quartermaster/domain';
import type { InvoiceLine } from './invoice-line.ts';
import { byInvoice } from './variance.ts';

/**
 * The lines that charge again what was charged before: the same tracking number, charge and amount, on the same invoice or another one within so many days of the first. Credits and what belongs to
 * no parcel repeat rightly. A discount that comes again with its charge is one of them: what is claimed back is the net.
 */
export function duplicateLines(lines: readonly InvoiceLine[], withinDays: number): ReadonlySet<InvoiceLine> {
  const firsts = new Map<string, InvoiceLine>();
  const duplicates = new Set<InvoiceLine>();
  for (const line of lines.toSorted(byInvoice)) {
    if (line.trackingNumber === null || line.class === 'credit' || line.charge.amount.minor === 0) continue;
    const { type, vendorCode, amount } = line.charge;
    const key = JSON.stringify([
      line.carrier,
      line.trackingNumber,
      line.class,
      type,
      vendorCode,
      line.description,
      amount.minor,
      amount.currency,
    ]);
    const first = firsts.get(key);
    if (first !== undefined && daysBetween(first.invoiceDay, line.invoiceDay) <= withinDays) duplicates.add(line);
    else firsts.set(key, line);
  }
  return duplicates;
}
