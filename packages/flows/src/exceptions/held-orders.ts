import { compareText, type Instant } from '@quartermaster/domain';
import type { HoldCode, OrderCase } from '@quartermaster/fulfilment';
import { ownerOf } from '../context.ts';
import type { FlowSettings } from '../settings.ts';

/** Orders that wait on holds of one code. */
export type HeldOrders = {
  readonly code: HoldCode;
  readonly count: number;
  /** The one that has been waiting longest: by its name, and since when. */
  readonly oldest: { readonly name: string; readonly since: Instant };
  /** Who looks after them, by name. */
  readonly owners: readonly string[];
};

/** What is held, by code, the most first; an order with several holds counts under each of their codes. Pure. */
export function heldByCode(cases: readonly OrderCase[], settings: FlowSettings): HeldOrders[] {
  const standing = cases
    .flatMap(({ key, order, holds }) => holds.map((hold) => ({ key, name: order.name, hold })))
    .sort((a, b) => compareText(a.hold.placedAt, b.hold.placedAt) || compareText(a.key, b.key));
  return [...Map.groupBy(standing, ({ hold }) => hold.code)]
    .flatMap(([code, held]) => {
      const [first] = held;
      if (first === undefined) return [];
      const owners = new Set(held.map(({ hold }) => hold.owner ?? ownerOf(settings, code)));
      const oldest = { name: first.name, since: first.hold.placedAt };
      return [{ code, count: new Set(held.map(({ key }) => key)).size, oldest, owners: [...owners].sort(compareText) }];
    })
    .sort((a, b) => b.count - a.count || compareText(a.code, b.code));
}
