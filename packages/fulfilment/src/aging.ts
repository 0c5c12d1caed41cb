import { compareText, addDays, epochMs, localDate, type Instant } from '@quartermaster/domain';
import type { OrderState } from './order-case.ts';

/** An order that something of has not left. */
export type AgingOrder = {
  readonly order: string;
  readonly name: string;
  readonly state: OrderState;
  readonly placedAt: Instant;
  /** What it waits for, in words. */
  readonly waitsFor: string;
  /** Local date until which it should be there. */
  readonly promiseDate: string;
  /** When the last of it arrives, as things stand; null while that is not planned. */
  readonly arrivesOn: string | null;
  /** A shipment of it is not ready by its cutoff, as its node's crew stands; then it arrives on this date. */
  readonly ifLeftBehind: string | null;
};

/** Orders of one age: from so many hours since they were placed until less than so many; the last has no end. */
export type AgeBucket = {
  readonly fromHours: number;
  readonly toHours: number | null;
  readonly orders: number;
  readonly byState: Readonly<Partial<Record<OrderState, number>>>;
};

/** `late`: as planned, or as it stands, it comes after its promise. `at-risk`: it does when the crew does not make its cutoff, or nothing is planned and the promise is tomorrow at the latest. */
export type EndangeredPromise = AgingOrder & { readonly standing: 'late' | 'at-risk'; readonly why: string };

export type Aging = {
  /** Youngest first; every bucket is there, also an empty one. */
  readonly buckets: readonly AgeBucket[];
  /** The promise that ends first comes first, then the oldest order. */
  readonly promises: readonly EndangeredPromise[];
};

/** How old open orders are, and which of them will not, or may not, be there as promised. `hours` are the ages at which a bucket ends; dates are those of `zone`. */
export function agingOf(
  orders: readonly AgingOrder[],
  { at, zone, hours }: { readonly at: Instant; readonly zone: string; readonly hours: readonly number[] },
): Aging {
  const ends = [...hours, null];
  const ageOf = ({ placedAt }: AgingOrder) => Math.max(0, epochMs(at) - epochMs(placedAt)) / 3_600_000;
  const buckets = ends.map((toHours, index): AgeBucket => {
    const fromHours = hours[index - 1] ?? 0;
    const members = orders.filter((each) => ageOf(each) >= fromHours && (toHours === null || ageOf(each) < toHours));
    const byState: Partial<Record<OrderState, number>> = {};
    for (const { state } of members) byState[state] = (byState[state] ?? 0) + 1;
    return { fromHours, toHours, orders: members.length, byState };
  });
  const today = localDate(at, zone);
  const promises = orders
    .flatMap((each): EndangeredPromise[] => {
      const danger = dangerOf(each, today);
      return danger === null ? [] : [{ ...each, ...danger }];
    })
    .sort((a, b) => compareText(a.promiseDate, b.promiseDate) || compareText(a.placedAt, b.placedAt) || compareText(a.order, b.order));
  return { buckets, promises };
}

function dangerOf({ promiseDate, arrivesOn, ifLeftBehind }: AgingOrder, today: string): Pick<EndangeredPromise, 'standing' | 'why'> | null {
  if (promiseDate < today) return { standing: 'late', why: `it was promised for ${promiseDate}` };
  if (arrivesOn === null)
    return promiseDate > addDays(today, 1)
      ? null
      : { standing: 'at-risk', why: `nothing is planned, and it is promised for ${promiseDate}` };
  if (arrivesOn > promiseDate) return { standing: 'late', why: `it arrives on ${arrivesOn}, and is promised for ${promiseDate}` };
  if (ifLeftBehind === null || ifLeftBehind <= promiseDate) return null;
  return {
    standing: 'at-risk',
    why: `its crew is not done by the cutoff: then it arrives on ${ifLeftBehind}, and is promised for ${promiseDate}`,
  };
}
