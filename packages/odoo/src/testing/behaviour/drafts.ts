import { money, type ErpLineDraft, type ErpOrderDraft } from '@quartermaster/domain';
import { address, productLine } from '../shop-floor.ts';
import type { Workbench } from './workbench.ts';

/** A channel order that was not written before, of lines at a price of one euro; `node` null waits for one. */
export function draftOrder(
  { unique }: Workbench,
  lines: readonly { readonly sku: string; readonly units: number; readonly node: string | null }[],
): ErpOrderDraft {
  const drafted = lines.map(({ sku, units, node }, index): ErpLineDraft => productLine(String(index + 1), sku, units, node, '1.00'));
  return {
    key: { scope: { tenant: 't', company: 'c', connection: 'test' }, orderId: unique('order') },
    reference: unique('#'),
    placedAt: '2026-11-20T08:15:00.000Z',
    subject: unique('subject'),
    shipTo: address,
    billTo: null,
    lines: drafted,
    total: money(lines.reduce((sum, { units }) => sum + units, 0) * 100, 'EUR'),
  };
}
