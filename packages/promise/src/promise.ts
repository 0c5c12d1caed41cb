import { epochMs, type Instant } from '@quartermaster/domain';
import { arrivalAfter, transitDaysFor, type Transit, type TransitTerms } from './arrival.ts';
import type { Confidence } from './calendar.ts';
import { dispatchAt, type DispatchTerms } from './dispatch.ts';
import type { PromiseStep } from './step.ts';

/** A way to a customer: when it leaves, how long it takes, and how sure a promise is to be. */
export type WayTerms = {
  readonly dispatch: DispatchTerms;
  readonly transit: TransitTerms;
  readonly takes: Transit;
  readonly confidence: Confidence;
};

export type DeliveryPromise =
  | {
      readonly kind: 'promised';
      /** Local date of the warehouse. */
      readonly dispatchDate: string;
      /** Local date of the customer: until then it is there. */
      readonly deliveryDate: string;
      /** Orders before this instant have this promise. */
      readonly orderBefore: Instant;
      readonly transitDays: number;
      /** Percent of the parcels that arrive in time; null where the carrier names one number only. */
      readonly confidence: Confidence | null;
      readonly steps: readonly PromiseStep[];
    }
  | { readonly kind: 'none'; readonly why: string };

/** What may be promised to an order of that moment, and why. A later order never has an earlier promise. */
export function promiseAt(terms: WayTerms, at: Instant): DeliveryPromise {
  const taken = transitDaysFor(terms.takes, terms.confidence);
  if (taken === null) return { kind: 'none', why: `how long ${terms.confidence} % of the parcels take is not known` };
  const dispatch = dispatchAt(terms.dispatch, at);
  if (dispatch === null) return { kind: 'none', why: 'nothing leaves within a year' };
  const arrival = arrivalAfter(terms.transit, dispatch.date, taken.days);
  if (arrival === null) return { kind: 'none', why: 'nothing is delivered within a year' };
  return {
    kind: 'promised',
    dispatchDate: dispatch.date,
    deliveryDate: arrival.date,
    orderBefore: dispatch.closesAt,
    transitDays: taken.days,
    confidence: taken.confidence,
    steps: [...dispatch.steps, { kind: 'transit', ...taken }, ...arrival.steps],
  };
}

/** What may be said in a shop: ordered before that instant, there on that day. */
export type OrderWindow = {
  readonly orderBefore: Instant;
  /** Milliseconds from now until then. */
  readonly leftMs: number;
  /** Local date of the warehouse, of an order now or, in a later window, of its first moment. */
  readonly dispatchDate: string;
  readonly deliveryDate: string;
};

/**
 * The next windows from a moment on, each until the promise becomes a later day: the window holds one millisecond before `orderBefore` and no longer at it, over changes of the clock, too. Fewer than `count` where
 * nothing more can be promised.
 */
export function orderWindows(terms: WayTerms, now: Instant, count: number): OrderWindow[] {
  const windows: OrderWindow[] = [];
  let at = now;
  while (windows.length < count) {
    const first = promiseAt(terms, at);
    if (first.kind === 'none') break;
    let last = first;
    let next = promiseAt(terms, last.orderBefore);
    while (next.kind === 'promised' && next.deliveryDate === first.deliveryDate) {
      last = next;
      next = promiseAt(terms, last.orderBefore);
    }
    const { orderBefore } = last;
    windows.push({
      orderBefore,
      leftMs: epochMs(orderBefore) - epochMs(now),
      dispatchDate: first.dispatchDate,
      deliveryDate: first.deliveryDate,
    });
    at = orderBefore;
  }
  return windows;
}

/** `2 h 10 min`, for a shop: whole minutes, and rather a minute less than one too many. */
export function durationText(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  const [days, hours] = [Math.floor(minutes / 1_440), Math.floor((minutes % 1_440) / 60)];
  const parts = [days > 0 ? `${days} d` : '', hours > 0 ? `${hours} h` : '', minutes % 60 > 0 ? `${minutes % 60} min` : ''];
  return parts.filter((part) => part !== '').join(' ') || '0 min';
}
