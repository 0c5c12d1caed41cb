import { money, type Money } from '@quartermaster/domain';

/** What a carrier of the sandbox charges for a service: a base and a price per kilogram, by country. */
export type SandboxTariff = {
  /** The carrier's token, such as `usps`. */
  readonly carrier: string;
  /** Its name as rates have it; default the token in capitals. */
  readonly provider?: string;
  /** Token of the service, such as `usps_ground_advantage`. */
  readonly service: string;
  /** Object id of the carrier account; default one per carrier. */
  readonly account?: string;
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

/** What a tariff makes of a parcel: a price, or the carrier's words why not. */
export function offerOf(
  tariff: SandboxTariff,
  parcel: { readonly from: string; readonly to: string; readonly grams: number; readonly currency: string },
): SandboxOffer {
  const lane = tariff.lanes.find(({ from, to }) => (from === '*' || from === parcel.from) && (to === '*' || to === parcel.to));
  if (lane === undefined) return { kind: 'refused', message: `${tariff.service} is not available from ${parcel.from} to ${parcel.to}` };
  if (tariff.maxGrams !== undefined && parcel.grams > tariff.maxGrams)
    return { kind: 'refused', message: `${tariff.service}: Package exceeds maximum weight` };
  return {
    kind: 'offered',
    price: money(lane.baseMinor + Math.round((lane.perKgMinor * parcel.grams) / 1_000), parcel.currency),
    days: lane.days,
  };
}

export function accountOf(tariff: SandboxTariff): string {
  return tariff.account ?? Buffer.from(`account of ${tariff.carrier}`).toString('hex').padEnd(32, '0').slice(-32);
}

export function providerOf(tariff: SandboxTariff): string {
  return tariff.provider ?? tariff.carrier.toUpperCase();
}
