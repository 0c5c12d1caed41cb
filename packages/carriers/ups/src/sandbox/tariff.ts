/** What UPS asks for a service on a lane, at list; the contract takes a share off. */
export type SandboxService = {
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
  readonly baseMinor: number;
  /** By UPS's codes of accessorial charges. */
  readonly extras: readonly { readonly code: string; readonly minor: number }[];
  readonly listMinor: number;
  readonly discountMinor: number;
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
  readonly signature: boolean;
  readonly saturday: boolean;
};

/** UPS takes no parcel above 150 pounds or 70 kilograms. */
export const mostPounds = 150;

/** Pounds that are billed: the parcel's own or its size by the divisor 139, whichever is more; sides and pounds are rounded up. */
export function billedPounds({ pounds, inches }: Pick<Priced, 'pounds' | 'inches'>): number {
  const own = Math.ceil(pounds);
  if (inches === null) return own;
  return Math.max(own, Math.ceil(inches.map((side) => Math.ceil(side)).reduce((volume, side) => volume * side, 1) / 139));
}

/** The price of a service, or null where it does not go there. The fuel surcharge is 18 % of freight and accessorials. */
export function quote(service: SandboxService, parcel: Priced, discountPercent: number): Quoted | null {
  const fits = (lane: string, country: string) => lane === '*' || lane === country;
  if (!fits(service.from, parcel.from) || !fits(service.to, parcel.to)) return null;
  const billed = billedPounds(parcel);
  const baseMinor = service.baseMinor + service.perPoundMinor * billed;
  const accessorials = [
    ...(parcel.isResidential ? [{ code: '270', minor: 595 }] : []),
    ...(parcel.signature ? [{ code: '120', minor: 640 }] : []),
    ...(parcel.saturday ? [{ code: '300', minor: 1_600 }] : []),
  ];
  const beforeFuel = accessorials.reduce((sum, { minor }) => sum + minor, baseMinor);
  const extras = [...accessorials, { code: '375', minor: Math.round(beforeFuel * 0.18) }];
  const listMinor = extras.reduce((sum, { minor }) => sum + minor, baseMinor);
  const discountMinor = Math.round((baseMinor * discountPercent) / 100);
  return {
    code: service.code,
    name: service.name,
    billedPounds: billed,
    baseMinor,
    extras,
    listMinor,
    discountMinor,
    totalMinor: listMinor - discountMinor,
    zone: parcel.from === parcel.to ? '004' : '071',
    days: service.days,
  };
}
