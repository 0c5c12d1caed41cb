import { money, type Money } from '@quartermaster/domain';

/** What a carrier of the sandbox charges for a service: a base and a price per kilogram, by country. */
export type SandboxTariff = {
  readonly carrier: string;
  readonly service: string;
  /** Id of the carrier account; default one per carrier. */
  readonly account?: string;
  /** `easypost` (default): paid from the wallet at purchase. `carrier`: billed by the carrier when it scans the parcel, so there is nothing to refund. */
  readonly billing?: 'easypost' | 'carrier';
  readonly maxGrams?: number;
  /** The first lane that fits; `'*'` is any country. */
  readonly lanes: readonly {
    readonly from: string;
    readonly to: string;
    readonly baseMinor: number;
    readonly perKgMinor: number;
    readonly days: number | null;
  }[];
};

export type SandboxOffer =
  | { readonly kind: 'offered'; readonly price: Money; readonly days: number | null }
  | { readonly kind: 'refused'; readonly message: string };

const kilogramsPerOunce = 0.028349523125;
/** Ounces come rounded up to a tenth, some three grams. */
const ounceSlackKilograms = 0.003;

/** What a tariff makes of a parcel: a price, or the carrier's words why not. */
export function offerOf(
  tariff: SandboxTariff,
  parcel: { readonly from: string; readonly to: string; readonly ounces: number; readonly currency: string },
): SandboxOffer {
  const lane = tariff.lanes.find(({ from, to }) => (from === '*' || from === parcel.from) && (to === '*' || to === parcel.to));
  if (lane === undefined) return { kind: 'refused', message: `${tariff.service} is not available from ${parcel.from} to ${parcel.to}` };
  const kilograms = parcel.ounces * kilogramsPerOunce;
  if (tariff.maxGrams !== undefined && kilograms - ounceSlackKilograms > tariff.maxGrams / 1_000)
    return { kind: 'refused', message: `${tariff.service}: the parcel is too heavy` };
  return { kind: 'offered', price: money(lane.baseMinor + Math.round(lane.perKgMinor * kilograms), parcel.currency), days: lane.days };
}

export function accountOf(tariff: SandboxTariff): string {
  return tariff.account ?? `ca_${tariff.carrier.toLowerCase()}`;
}
