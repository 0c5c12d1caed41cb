/** A shipping option of the sandbox: what it does, and what it costs by lane. */
export type SandboxOption = {
  /** Such as `postnl:standard/signature`; what is before the colon is the carrier. */
  readonly code: string;
  readonly contractId: number;
  readonly minGrams?: number;
  readonly maxGrams: number;
  /** Hundredths of the price without it, put on top. */
  readonly fuelPercent?: number;
  readonly signature?: boolean;
  readonly ageCheck?: 16 | 18;
  readonly weekend?: 'saturday' | 'sunday' | 'weekends';
  readonly incoterm?: 'dap' | 'ddp';
  readonly returns?: boolean;
  /** Default true. */
  readonly tracked?: boolean;
  readonly needsServicePoint?: boolean;
  /** What a shipment has to have beyond the rest. */
  readonly demands?: readonly ('to_email' | 'to_telephone')[];
  /** The carrier's label is a PDF, whatever is asked for. */
  readonly pdfOnly?: boolean;
  /** The carrier makes ZPL itself: a label that was bought so can be had as nothing else. */
  readonly nativeZpl?: boolean;
  /** No prices: a contract of our own that Sendcloud does not know the prices of. */
  readonly unpriced?: boolean;
  readonly currency?: string;
  /** The first lane that fits; `'*'` is any country. */
  readonly lanes: readonly {
    readonly from: string;
    readonly to: string;
    readonly baseMinor: number;
    readonly perKgMinor: number;
    readonly leadHours: number | null;
  }[];
};

export type SandboxPrice = {
  readonly baseMinor: number;
  readonly fuelMinor: number;
  readonly insuranceMinor: number;
  readonly leadHours: number | null;
};

/** What an option asks for a parcel; null where it does not take it. */
export function priceOf(
  option: SandboxOption,
  parcel: { readonly from: string; readonly to: string; readonly grams: number; readonly insured: number },
): SandboxPrice | null {
  const lane = option.lanes.find(({ from, to }) => (from === '*' || from === parcel.from) && (to === '*' || to === parcel.to));
  if (lane === undefined || parcel.grams > option.maxGrams || parcel.grams < (option.minGrams ?? 1)) return null;
  const baseMinor = lane.baseMinor + Math.round((lane.perKgMinor * parcel.grams) / 1_000);
  return {
    baseMinor,
    fuelMinor: Math.round((baseMinor * (option.fuelPercent ?? 0)) / 100),
    insuranceMinor: Math.ceil(parcel.insured),
    leadHours: lane.leadHours,
  };
}

export function totalOf({ baseMinor, fuelMinor, insuranceMinor }: SandboxPrice): number {
  return baseMinor + fuelMinor + insuranceMinor;
}

export function decimal(minor: number): string {
  return (minor / 100).toFixed(2);
}
