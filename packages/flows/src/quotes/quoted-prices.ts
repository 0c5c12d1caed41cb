import { currencyExponent, type Instant } from '@quartermaster/domain';
import type { TariffLane } from '@quartermaster/parcels';
import { quoteKey, type LaneQuotes, type Quote, type QuotedLane, type QuotedRate } from './quote-record.ts';

/** What the carriers quote, lane by lane, by rising weight. */
export type Quotes = { readonly of: (lane: QuotedLane) => readonly Quote[] };

export const noQuotes: Quotes = { of: () => [] };

export function quotesOf(byLane: ReadonlyMap<string, readonly Quote[]>): Quotes {
  return { of: (lane) => byLane.get(quoteKey(lane)) ?? [] };
}

/** The quotes that still hold: of the day on which the parcel leaves, asked for as we would now, and not run out. */
export function heldQuotes(
  kept: LaneQuotes | undefined,
  wanted: { readonly dispatchDate: string; readonly asking: string; readonly at: Instant },
): readonly Quote[] {
  if (kept === undefined || kept.dispatchDate !== wanted.dispatchDate || kept.asking !== wanted.asking) return [];
  return kept.quotes.filter(({ expiresAt }) => expiresAt === null || expiresAt > wanted.at);
}

/** The quoted rate of a parcel: that of the lightest quoted weight that holds it; null where none does. `service` is the carrier's own code. */
export function quotedRate(quotes: readonly Quote[], service: string, grams: number): QuotedRate | null {
  const rates = quotes.filter((quote) => quote.grams >= grams).flatMap((quote) => quote.rates.filter((rate) => rate.service === service));
  return rates[0] ?? null;
}

/**
 * The lane of a tariff with the carrier's own prices where it was asked: up to each quoted weight a parcel costs what was quoted for that weight, so never less than the carrier asks; above the
 * heaviest one the tariff stands. A quote that is below that of a lighter parcel does not make a heavier one cheaper than the lighter. The days are those of the quotes, the longest of them.
 */
export function quotedLane(
  lane: TariffLane,
  quotes: readonly Quote[],
  { service, currency, maxGrams }: { readonly service: string; readonly currency: string; readonly maxGrams: number },
): TariffLane {
  const scale = 10 ** currencyExponent(currency);
  const bands: { upToKg: number; amount: number }[] = [];
  const days: number[] = [];
  for (const { grams, rates } of quotes) {
    const rate = rates.find((each) => each.service === service);
    if (rate === undefined) continue;
    bands.push({ upToKg: grams / 1_000, amount: Math.max(rate.minor / scale, bands.at(-1)?.amount ?? 0) });
    if (rate.transitDays !== null) days.push(rate.transitDays);
  }
  const heaviest = bands.at(-1);
  if (heaviest === undefined) return lane;
  const beyond = tariffBands(lane, heaviest.upToKg, maxGrams / 1_000).filter(({ upToKg }) => upToKg > heaviest.upToKg);
  return {
    zone: lane.zone,
    transitDays: days.length === 0 ? lane.transitDays : Math.max(...days),
    bands: [...bands, ...beyond.map(({ upToKg, amount }) => ({ upToKg, amount: Math.max(amount, heaviest.amount) }))],
  };
}

/** The bands of a lane; a straight line becomes a staircase of whole kilograms from `fromKg` on. */
function tariffBands(lane: TariffLane, fromKg: number, maxKg: number): readonly { readonly upToKg: number; readonly amount: number }[] {
  if ('bands' in lane) return lane.bands;
  const steps = Math.max(0, Math.ceil(maxKg - fromKg));
  return Array.from({ length: steps }, (_, index) => {
    const upToKg = Math.min(maxKg, fromKg + index + 1);
    return { upToKg, amount: lane.base + lane.perKg * upToKg };
  });
}
