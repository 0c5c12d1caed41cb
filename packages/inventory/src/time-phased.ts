import { compareText, epochMs, instantOf, type Instant, type StockPosition } from '@quartermaster/domain';
import { z } from 'zod';
import { deliveryTrust, supplierTrustSchema } from './supplier-trust.ts';

/** Units that come or are wanted at a moment. */
export type Dated = { readonly at: Instant; readonly units: number };

/** From a moment on, so many units more may be promised without breaking a promise that was made for later. */
export type PromisableFrom = { readonly at: Instant; readonly units: number };

/** How far supply that is only announced is trusted. */
export const supplyTrustSchema = z
  .strictObject({
    /** Of each announced receipt so many percent are counted on. */
    percent: z.number().min(0).max(100).default(100),
    /** Receipts come so many days later than announced. */
    lateDays: z.number().nonnegative().default(0),
    /** How late they come is taken from the supplier's own receipts, where there are enough of them; see {@link supplierTrustSchema}. */
    history: supplierTrustSchema,
  })
  .prefault({});
export type SupplyTrust = z.infer<typeof supplyTrustSchema>;

/** Supply that is counted on; `confidence` is how many percent of its supplier's receipts came on time, null where nobody knows. */
export type TrustedSupply = Dated & { readonly confidence: number | null };

/**
 * What is counted on of announced supply, at the dates on which it is counted on: as late as the supplier's history says (`lateOf`: whole days that each receipt of who sends it was late), or as declared. What
 * is late already counts from now plus the usual delay: a date in the past is no date. Earliest first.
 */
export function confidentSupply(
  inbound: StockPosition['inbound'],
  trust: SupplyTrust,
  now: Instant,
  lateOf: (expectedAt: Instant) => readonly number[] = () => [],
): TrustedSupply[] {
  return inbound
    .map(({ units, expectedAt }) => {
      const { lateDays, confidence } = deliveryTrust(trust, lateOf(expectedAt));
      return {
        at: instantOf(Math.max(epochMs(expectedAt), epochMs(now)) + lateDays * 86_400_000),
        units: Math.floor((units * trust.percent) / 100 + 1e-9),
        confidence,
      };
    })
    .filter(({ units }) => units > 0)
    .sort((one, other) => compareText(one.at, other.at));
}

/**
 * Available to promise over time: what is there now, with dated supply and committed demand. At each moment it is the least that is left at any later one, so that what is promised now never takes
 * what an earlier promise needs later. `onHand` may be below 0: what is owed already is paid from the next supply. The first entry is now; dates in the past count as now; each entry differs from the
 * one before.
 */
export function timePhased(given: {
  readonly now: Instant;
  readonly onHand: number;
  readonly supply: readonly Dated[];
  readonly demand: readonly Dated[];
}): PromisableFrom[] {
  const { now, onHand } = given;
  const changes = new Map<Instant, number>([[now, onHand]]);
  const add = ({ at, units }: Dated, sign: number) => {
    const moment = at < now ? now : at;
    changes.set(moment, (changes.get(moment) ?? 0) + sign * units);
  };
  for (const each of given.supply) add(each, 1);
  for (const each of given.demand) add(each, -1);
  let stock = 0;
  const stocks = [...changes].sort(([one], [other]) => (one < other ? -1 : 1)).map(([at, change]) => ({ at, units: (stock += change) }));
  let least = Infinity;
  const promisable = stocks.toReversed().map(({ at, units }) => ({ at, units: Math.max(0, (least = Math.min(least, units))) }));
  return promisable.toReversed().filter((each, index, all) => index === 0 || each.units !== all[index - 1]?.units);
}

/** The first moment at which so many units may be promised; null: not with what is known. */
export function promisableOn(phases: readonly PromisableFrom[], units: number): Instant | null {
  return phases.find((phase) => phase.units >= units)?.at ?? null;
}
