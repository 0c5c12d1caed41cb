import { money, type Money } from '@quartermaster/domain';

/** What a carrier of the sandbox charges for a service: a base and a price per kilogram, by country. */
export type SandboxTariff = {
  /** Id of the carrier account, such as `se-101`. */
  readonly carrierId: string;
  readonly carrierCode: string;
  readonly serviceCode: string;
  readonly maxGrams?: number;
  /** Hundredths of the price without it, put on top. */
  readonly fuelPercent?: number;
  readonly signatureMinor?: number;
  /** The first lane that fits; `'*'` is any country. */
  readonly lanes: readonly {
    readonly from: string;
    readonly to: string;
    readonly baseMinor: number;
    readonly perKgMinor: number;
    readonly days: number | null;
    readonly zone?: number;
  }[];
};

export type SandboxOffer =
  | {
      readonly kind: 'offered';
      readonly base: Money;
      readonly fuel: Money;
      readonly confirmation: Money;
      readonly insurance: Money;
      readonly days: number | null;
      readonly zone: number | null;
    }
  | { readonly kind: 'refused'; readonly message: string };

/** What a tariff makes of a parcel: a price with its parts, or the carrier's words why not. */
export function offerOf(
  tariff: SandboxTariff,
  parcel: {
    readonly from: string;
    readonly to: string;
    readonly grams: number;
    readonly currency: string;
    readonly isSigned: boolean;
    readonly insuredMinor: number;
  },
): SandboxOffer {
  const lane = tariff.lanes.find(({ from, to }) => (from === '*' || from === parcel.from) && (to === '*' || to === parcel.to));
  if (lane === undefined) return { kind: 'refused', message: `${tariff.serviceCode} is not available from ${parcel.from} to ${parcel.to}` };
  if (tariff.maxGrams !== undefined && parcel.grams > tariff.maxGrams)
    return { kind: 'refused', message: `${tariff.serviceCode}: the weight exceeds the maximum of ${tariff.maxGrams} grams` };
  const baseMinor = lane.baseMinor + Math.round((lane.perKgMinor * parcel.grams) / 1_000);
  const of = (minor: number) => money(minor, parcel.currency);
  return {
    kind: 'offered',
    base: of(baseMinor),
    fuel: of(Math.round((baseMinor * (tariff.fuelPercent ?? 0)) / 100)),
    confirmation: of(parcel.isSigned ? (tariff.signatureMinor ?? 0) : 0),
    insurance: of(Math.ceil(parcel.insuredMinor / 100)),
    days: lane.days,
    zone: lane.zone ?? null,
  };
}
