import type { Money, Refund } from '@quartermaster/domain';
import { money } from '@quartermaster/domain';

/** What Shopify knows of a line that is to be refunded. Units that were refunded or taken out before are in neither figure. */
export type RefundableLine = { readonly refundable: number; readonly unfulfilled: number };

/** Units of a line to be refunded as Shopify has it, by the line's id. */
export type RefundUnits = { readonly lineId: string; readonly quantity: number; readonly restockType: 'CANCEL' | 'NO_RESTOCK' | 'RETURN' };

/**
 * The units of a refund. Where they are to be on sale again, those that shipped come back (`RETURN`) and those that did not are no longer to be shipped (`CANCEL`): a cancellation takes the
 * unshipped first, any other reason the shipped. Where not, Shopify is told no more than that they are paid back. Units that were taken out of the order before are money only: Shopify has
 * none of them left to refund.
 */
export function refundUnits(request: Refund, lines: ReadonlyMap<string, RefundableLine>): RefundUnits[] {
  return merged(request.lines).flatMap(({ lineId, units }) => {
    const { refundable, unfulfilled } = lines.get(lineId) ?? { refundable: 0, unfulfilled: 0 };
    const all = Math.min(units, refundable);
    if (request.restockAt === null) return parts(lineId, [['NO_RESTOCK', all]]);
    const open = Math.min(unfulfilled, refundable);
    const cancelled = request.reason === 'cancelled' ? Math.min(all, open) : Math.max(0, all - (refundable - open));
    return parts(lineId, [
      ['CANCEL', cancelled],
      ['RETURN', all - cancelled],
    ]);
  });
}

/** What the customer gets: lines, shipping and adjustment, and the tax that comes on top of them. Throws a `RangeError` for several currencies. */
export function refundTotal(request: Refund, taxesIncluded: boolean, currency: string): Money {
  const parts = [...request.lines, ...(request.shipping === null ? [] : [request.shipping])];
  const amounts = parts.flatMap(({ amount, tax }) => (taxesIncluded ? [amount] : [amount, tax]));
  const all = request.adjustment === null ? amounts : [...amounts, request.adjustment];
  for (const one of all) if (one.currency !== currency) throw new RangeError(`an amount in ${one.currency} of an order in ${currency}`);
  return money(
    all.reduce((sum, one) => sum + one.minor, 0),
    currency,
  );
}

/** A payment that money can be given back out of, at most so much. */
export type Payment = { readonly id: string; readonly gateway: string; readonly most: number };
export type PaidBack = { readonly payment: Payment; readonly minor: number };

/** Which payments an amount comes out of, in their order; null where they do not hold so much. */
export function allocate(total: number, payments: readonly Payment[]): PaidBack[] | null {
  let rest = total;
  const chosen: PaidBack[] = [];
  for (const payment of payments) {
    const minor = Math.min(rest, payment.most);
    if (minor <= 0) continue;
    chosen.push({ payment, minor });
    rest -= minor;
  }
  return rest === 0 ? chosen : null;
}

function merged(lines: Refund['lines']): { readonly lineId: string; readonly units: number }[] {
  const units = new Map<string, number>();
  for (const line of lines) units.set(line.lineId, (units.get(line.lineId) ?? 0) + line.units);
  return [...units].map(([lineId, sum]) => ({ lineId, units: sum }));
}

function parts(lineId: string, by: readonly (readonly [RefundUnits['restockType'], number])[]): RefundUnits[] {
  return by.flatMap(([restockType, quantity]) => (quantity > 0 ? [{ lineId, quantity, restockType }] : []));
}
