/** What DHL asks for a product on a lane by the account's contract, before fuel. */
export type SandboxProduct = {
  /** Global code, such as `P`. */
  readonly code: string;
  /** Local code, which a shipment has to name where it differs. */
  readonly localCode: string;
  readonly name: string;
  /** `'*'` is any country. */
  readonly from: string;
  readonly to: string;
  /** Whether it carries what the customs are told of (`true`), what they are not (`false`), or both. */
  readonly declarable: boolean | 'both';
  readonly baseMinor: number;
  readonly perHalfKiloMinor: number;
  readonly days: number;
};

/** A service beyond the product, by its code. */
export type QuotedService = { readonly code: string; readonly name: string; readonly minor: number };

export type Quoted = {
  readonly product: SandboxProduct;
  readonly provided: number;
  readonly volumetric: number;
  readonly freightMinor: number;
  /** With the fuel surcharge. */
  readonly services: readonly QuotedService[];
  readonly taxMinor: number;
  readonly totalMinor: number;
};

export type Priced = {
  readonly from: string;
  readonly to: string;
  readonly isDeclarable: boolean;
  readonly kilos: number;
  /** Sides in centimetres, where they are known. */
  readonly sides: readonly number[] | null;
  readonly services: readonly string[];
};

/** The sandbox takes no piece above 70 kilograms, as DHL does without an agreement. */
export const mostKilos = 70;

/** What the sandbox asks for services; those that are not here it does not have. */
export const servicePrices: Readonly<Record<string, { readonly name: string; readonly minor: number }>> = {
  AA: { name: 'SATURDAY DELIVERY', minor: 1_500 },
  DD: { name: 'DUTY TAX PAID', minor: 1_700 },
  IB: { name: 'EXTENDED LIABILITY', minor: 500 },
  II: { name: 'SHIPMENT INSURANCE', minor: 1_400 },
  SD: { name: 'ADULT SIGNATURE', minor: 600 },
  SF: { name: 'DIRECT SIGNATURE', minor: 550 },
  WY: { name: 'PAPERLESS TRADE', minor: 0 },
};

/** Kilograms that a size counts for, by the divisor 5,000. */
export function volumetricKilos(sides: readonly number[] | null): number {
  return sides === null ? 0 : Math.ceil((sides.reduce((volume, side) => volume * side, 1) / 5_000) * 100) / 100;
}

/** The price of a product, or null where it does not go there. The larger of weight and volume counts, in half kilograms; fuel is a fifth of the freight. */
export function quote(product: SandboxProduct, parcel: Priced, taxPercent: number): Quoted | null {
  const fits = (lane: string, country: string) => lane === '*' || lane === country;
  if (!fits(product.from, parcel.from) || !fits(product.to, parcel.to) || parcel.kilos > mostKilos) return null;
  if (product.declarable !== 'both' && product.declarable !== parcel.isDeclarable) return null;
  const volumetric = volumetricKilos(parcel.sides);
  const freightMinor = product.baseMinor + product.perHalfKiloMinor * Math.ceil(Math.max(parcel.kilos, volumetric) * 2);
  const services = [
    ...parcel.services.flatMap((code) => {
      const service = servicePrices[code];
      return service === undefined ? [] : [{ code, ...service }];
    }),
    { code: 'FF', name: 'FUEL SURCHARGE', minor: Math.round(freightMinor * 0.2) },
  ];
  const netMinor = services.reduce((sum, { minor }) => sum + minor, freightMinor);
  const taxMinor = Math.round((netMinor * taxPercent) / 100);
  return { product, provided: parcel.kilos, volumetric, freightMinor, services, taxMinor, totalMinor: netMinor + taxMinor };
}
