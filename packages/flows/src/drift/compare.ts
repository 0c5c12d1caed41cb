import type { Instant } from '@quartermaster/domain';
import { compareOrder } from './compare-order.ts';
import { compareLevel, comparePosition } from './compare-stock.ts';
import type { Difference } from './difference.ts';
import type { DriftPolicy } from './policy.ts';
import type { DriftSubject, DriftViews } from './views.ts';

/** What was found, and of what it could be said: an entry of the ledger about something else stays as it is. */
export type Comparison = { readonly differences: readonly Difference[]; readonly compared: readonly Compared[] };

/** An order with all its shipments, one figure, or one position. */
export type Compared = Exclude<DriftSubject, { kind: 'order' }> | { readonly kind: 'order'; readonly order: string };

/**
 * Compares what channels, ERP and journal say of the same things. Pure: the same views, time and policy give the same differences. The three are never read at one instant, so a difference is
 * only one look's word: it counts when a later look finds it again ({@link DriftPolicy.windowMinutes}).
 */
export function compareDrift({ orders, levels, positions }: DriftViews, policy: DriftPolicy, now: Instant): Comparison {
  const differences: Difference[] = [];
  const compared: Compared[] = [];
  const take = (subject: Compared, found: readonly Difference[] | null) => {
    if (found === null) return;
    differences.push(...found);
    compared.push(subject);
  };
  for (const each of orders) {
    const found = compareOrder(each, policy, now);
    const whole = each.channel !== null && each.erp !== null;
    // With a side unread the others are compared, but what was found before is not over.
    if (whole) take({ kind: 'order', order: each.key }, found);
    else differences.push(...(found ?? []));
  }
  for (const each of levels)
    take({ kind: 'level', connection: each.connection, sku: each.sku, node: each.node }, compareLevel(each, policy, now));
  for (const each of positions) take({ kind: 'position', sku: each.sku, node: each.node }, comparePosition(each));
  return { differences, compared };
}
