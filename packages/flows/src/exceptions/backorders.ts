import { epochMs } from '@quartermaster/domain';
import { openLines, type OrderCase } from '@quartermaster/fulfilment';
import type { Transaction } from '@quartermaster/journal';
import { ownerOf, type FlowContext } from '../context.ts';
import { findCase, type StoredCase } from '../order-cases.ts';

export const backorderedCode = 'backordered';

/**
 * Tells a person of orders that waves leave without a node for too long, and takes it back of those that wait for nothing any more. To be called in the transaction of a wave, after what it
 * decided was taken up; `sourced` are the orders that it was about.
 */
export async function tellBackorders(tx: Transaction, context: FlowContext, sourced: readonly StoredCase[]): Promise<void> {
  const told = await tx.exceptions.list({ code: backorderedCode, open: true, limit: 10_000 });
  const keys = new Set([...sourced.map((stored) => stored.case.key), ...told.map(({ subjectKey }) => subjectKey)]);
  const reasons = new Map(told.map(({ subjectKey, reason }) => [subjectKey, reason]));
  for (const key of keys) {
    const found = await findCase(tx, key);
    const reason = found === null ? null : whyBackordered(found.case, context);
    const which = { code: backorderedCode, subjectKey: key };
    const at = context.clock.now();
    if (reason === null) {
      if (reasons.has(key)) await tx.exceptions.resolve(which, { by: 'quartermaster', reason: 'nothing of it waits any more', at });
    } else if (reasons.get(key) !== reason)
      await tx.exceptions.raise({ ...which, owner: ownerOf(context.settings, backorderedCode), reason, at });
  }
}

/** What of an order waits without a node, in a sentence; null when nothing does, or not for long enough. */
function whyBackordered(given: OrderCase, { settings, clock }: Pick<FlowContext, 'settings' | 'clock'>): string | null {
  const { backorderAfterMinutes } = settings.exceptions;
  if (given.state !== 'committed' || backorderAfterMinutes === null) return null;
  const open = openLines(given);
  const waitedMs = epochMs(clock.now()) - epochMs(given.order.placedAt);
  if (open.length === 0 || waitedMs < backorderAfterMinutes * 60_000) return null;
  return `no node for ${open.map(({ sku, units }) => `${units} x ${sku}`).join(', ')}, ordered at ${given.order.placedAt}`;
}
