/** What FedEx asks for a service on a lane, at list; the contract takes a share off the base. */
export type SandboxService = {
  /** FedEx's word, such as `FEDEX_GROUND`. */
  readonly code: string;
  readonly name: string;
  /** `'*'` is any country. */
  readonly from: string;
  readonly to: string;
  readonly baseMinor: number;
  readonly perPoundMinor: number;
  /** Business days. */
  readonly days: number;
};

export type Quoted = {
  readonly code: string;
  readonly name: string;
  readonly billedPounds: number;
  readonly isDimensional: boolean;
  readonly baseMinor: number;
  /** By FedEx's words of surcharges. */
  readonly surcharges: readonly { readonly type: string; readonly minor: number }[];
  readonly discountMinor: number;
  readonly listMinor: number;
  readonly totalMinor: number;
  readonly zone: string;
  readonly days: number;
};

export type Priced = {
  readonly from: string;
  readonly to: string;
  readonly pounds: number;
  /** Sides in inches, where they are known. */
  readonly inches: readonly number[] | null;
  readonly isResidential: boolean;
  readonly isSigned: boolean;
  readonly onSaturday: boolean;
  readonly declaredMinor: number;
};

/** FedEx takes no parcel above 150 pounds. */
export const mostPounds = 150;

/** Pounds that are billed: the parcel's own, or its size by the divisor 139, whichever is more; sides and pounds are rounded up. */
export function billed({ pounds, inches }: Pick<Priced, 'pounds' | 'inches'>): {
  readonly pounds: number;
  readonly isDimensional: boolean;
} {
  const own = Math.ceil(pounds);
  const bySize = inches === null ? 0 : Math.ceil(inches.map((side) => Math.ceil(side)).reduce((volume, side) => volume * side, 1) / 139);
  return { pounds: Math.max(own, bySize), isDimensional: bySize > own };
}

/** The price of a service, or null where it does not go there. The fuel surcharge is 16 % of freight and surcharges; a declared value is free up to 100 of the currency. */
export function quote(service: SandboxService, parcel: Priced, discountPercent: number): Quoted | null {
  const fits = (lane: string, country: string) => lane === '*' || lane === country;
  if (!fits(service.from, parcel.from) || !fits(service.to, parcel.to)) return null;
  const { pounds: billedPounds, isDimensional } = billed(parcel);
  const baseMinor = service.baseMinor + service.perPoundMinor * billedPounds;
  const asked = [
    ...(parcel.isResidential ? [{ type: 'RESIDENTIAL_DELIVERY', minor: 595 }] : []),
    ...(parcel.isSigned ? [{ type: 'SIGNATURE_OPTION', minor: 640 }] : []),
    ...(parcel.onSaturday ? [{ type: 'SATURDAY_DELIVERY', minor: 1_600 }] : []),
    ...(parcel.declaredMinor > 10_000 ? [{ type: 'INSURED_VALUE', minor: Math.ceil(parcel.declaredMinor / 10_000) * 105 }] : []),
  ];
  const beforeFuel = asked.reduce((sum, { minor }) => sum + minor, baseMinor);
  const surcharges = [...asked, { type: 'FUEL', minor: Math.round(beforeFuel * 0.16) }];
  const listMinor = surcharges.reduce((sum, { minor }) => sum + minor, baseMinor);
  const discountMinor = Math.round((baseMinor * discountPercent) / 100);
  return {
    code: service.code,
    name: service.name,
    billedPounds,
    isDimensional,
    baseMinor,
    surcharges,
    discountMinor,
    listMinor,
    totalMinor: listMinor - discountMinor,
    zone: parcel.from === parcel.to ? '04' : 'US001O',
    days: service.days,
  };
}
