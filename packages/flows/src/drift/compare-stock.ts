import { epochMs, type Instant, type StockPosition } from '@quartermaster/domain';
import type { Difference } from './difference.ts';
import type { DriftPolicy } from './policy.ts';
import type { LevelViews } from './views.ts';

/**
 * In what a channel's figure of an article differs from what it may show now; null when nothing can be said. A figure that the channel refused, or of something that it never listed, is told
 * elsewhere. Who is to blame shows in what we set last: another figure was made there, by an editor or by a sale; the same is ours, and late.
 */
export function compareLevel(
  { connection, sku, node, shown, promised, known }: LevelViews,
  policy: DriftPolicy,
  now: Instant,
): Difference[] | null {
  if (known !== null && epochMs(known.changedAt) > epochMs(now) - policy.windowMinutes * 60_000) return null;
  if (known !== null && (!known.listed || known.state === 'refused')) return [];
  const subject = { kind: 'level', connection, sku, node } as const;
  const sides = { channel: shown, erp: { promised }, journal: known === null ? null : { set: known.available, since: known.changedAt } };
  if (shown === null) {
    const wasListed = known !== null && known.available !== null && known.available > 0;
    return wasListed ? [{ cause: 'unlisted-in-channel', subject, blame: 'person', sides, units: promised, money: null, heal: null }] : [];
  }
  if (shown === promised) return [];
  const cause = shown > promised ? 'shown-above-promise' : 'shown-below-promise';
  const blame = known === null || known.available === shown ? 'late' : 'person';
  // What was never published goes out with the next publication by itself.
  const heal = known === null ? null : ({ kind: 'publish-again', connection, sku, node, shown } as const);
  return [{ cause, subject, blame, sides, units: Math.abs(shown - promised), money: null, heal }];
}

/** What cannot be right in the ERP's own stock. A kit has no stock of its own. */
export function comparePosition({ sku, node, sellable, reserved, kit }: StockPosition): Difference[] {
  if (kit !== null || reserved <= sellable) return [];
  const sides = { channel: null, erp: { sellable, reserved }, journal: null };
  const subject = { kind: 'position', sku, node } as const;
  return [{ cause: 'over-reserved-in-erp', subject, blame: 'unknown', sides, units: reserved - sellable, money: null, heal: null }];
}
