import { fingerprint, type ServiceNames } from '@quartermaster/connector-kit';
import { decimalOf, sumMoney, type Customs, type DeliveryTerms, type Money, type Parcel, type Rate } from '@quartermaster/domain';
import { productPrice } from './charges.ts';
import { notDone } from './faults.ts';
import { lengths } from './limits.ts';
import { dayOf, instantOfLocal } from './moments.ts';
import type { WireProduct } from './wire.ts';

/** The reference that a purchase is found again by (`CU`): of capitals and digits alone, and its key's own. */
export function referenceOf(key: string): string {
  return `QM${fingerprint(key).slice(0, 26).toUpperCase()}`;
}

/** A reference for people as DHL's labels take it. Null where nothing is left. */
export function spokenReferenceOf(text: string): string | null {
  const plain = text
    .normalize('NFKD')
    .replaceAll(/[^\x20-\x7E]/g, '')
    .trim()
    .slice(0, lengths.reference)
    .trim();
  return plain === '' ? null : plain;
}

/** Kilograms of whole grams, which DHL takes to the gram: nothing has to be rounded. */
export function kilograms(grams: number): number {
  return grams / 1_000;
}

/** A parcel in kilograms and centimetres, which DHL takes in every country (`metric`). */
export function packageOf({ grams, millimetres }: Pick<Parcel, 'grams' | 'millimetres'>): Record<string, unknown> {
  if (millimetres === null) return { weight: kilograms(grams) };
  const [length, width, height] = millimetres;
  return { weight: kilograms(grams), dimensions: { length: length / 10, width: width / 10, height: height / 10 } };
}

/** Whether the customs are told of goods. Documents cross borders as documents, by products of their own. */
export function isDeclarable({ customs }: Pick<DeliveryTerms, 'customs'>): boolean {
  return customs !== null && customs.contents !== 'documents';
}

/** What the goods are worth; null without goods. Throws `invalid-request` where they are valued in several currencies, which no invoice is. */
export function declaredValueOf(customs: Customs | null): Money | null {
  const currency = customs?.items[0]?.unitValue.currency;
  if (customs === null || currency === undefined) return null;
  if (customs.items.some(({ unitValue }) => unitValue.currency !== currency))
    throw notDone(
      'invalid-request',
      'customs.declare',
      'the goods are valued in several currencies',
      'Value them in the currency of the invoice.',
    );
  return sumMoney(
    customs.items.map(({ units, unitValue }) => ({ minor: unitValue.minor * units, currency: unitValue.currency })),
    currency,
  );
}

/** DHL writes amounts as JSON numbers. */
export function numberOf(amount: Money): number {
  return Number(decimalOf(amount));
}

/**
 * What is asked beyond the product, by DHL's service codes: `SF` a signature, `SD` one of an adult, `AA` Saturday, `II` insurance (`IB` for documents), `DD` duties paid by us, `WY` the invoice sent
 * ahead instead of paper. `SD` is not in the specification's examples: it is the code of DHL's list of services.
 */
export function valueAddedServicesOf(delivery: DeliveryTerms, given: { readonly paperlessTrade: boolean }): Record<string, unknown>[] {
  const { signature, onSaturday, insured, customs } = delivery;
  const declarable = isDeclarable(delivery);
  return [
    ...(signature === 'none' ? [] : [{ serviceCode: signature === 'adult' ? 'SD' : 'SF' }]),
    ...(onSaturday ? [{ serviceCode: 'AA' }] : []),
    ...(insured === null
      ? []
      : [{ serviceCode: customs?.contents === 'documents' ? 'IB' : 'II', value: numberOf(insured), currency: insured.currency }]),
    ...(declarable && customs?.incoterm === 'DDP' ? [{ serviceCode: 'DD' }] : []),
    ...(declarable && given.paperlessTrade ? [{ serviceCode: 'WY' }] : []),
  ];
}

/**
 * Rates by rising price, one per product; a product without a price and one in another currency are problems in words. A rate holds until the cutoff (`zone` is the node's): what is handed over
 * later arrives later.
 */
export function ratesOf(
  products: readonly WireProduct[],
  given: { readonly currency: string; readonly zone: string },
  names: ServiceNames,
): { readonly rates: Rate[]; readonly problems: string[] } {
  const answers = products.map((product): { readonly rate: Rate } | { readonly problem: string } => {
    const service = names.toOurs(product.productCode);
    const price = productPrice(product);
    if (price === null) return { problem: `DHL names no price of ${service} for this account.` };
    if (price.total.currency !== given.currency)
      return { problem: `DHL ${service} is priced in ${price.total.currency}, not in ${given.currency}.` };
    const days = Number(product.deliveryCapabilities?.totalTransitDays ?? Number.NaN);
    const rate: Rate = {
      service,
      total: price.total,
      charges: price.charges,
      billable: billableOf(product),
      zone: null,
      arrival: {
        day: dayOf(product.deliveryCapabilities?.estimatedDeliveryDateAndTime),
        transitDays: Number.isFinite(days) ? days : null,
        percentiles: null,
        // QDDC is the date that DHL commits itself to; the other one (QDDF) is the fastest possible.
        isGuaranteed: product.networkTypeCode === 'TD' && product.deliveryCapabilities?.deliveryTypeCode === 'QDDC',
      },
      expiresAt: instantOfLocal(product.pickupCapabilities?.localCutoffDateAndTime, given.zone),
      isNegotiated: true,
    };
    return { rate };
  });
  return {
    rates: answers
      .flatMap((answer) => ('rate' in answer ? [answer.rate] : []))
      .sort((a, b) => a.total.minor - b.total.minor || (a.service < b.service ? -1 : 1)),
    problems: answers.flatMap((answer) => ('problem' in answer ? [answer.problem] : [])),
  };
}

/** DHL bills the larger of weight and volume; its own rounding up to half a kilogram is not in the answer. */
function billableOf({ weight }: WireProduct): Rate['billable'] {
  const provided = weight?.provided ?? 0;
  const volumetric = weight?.volumetric ?? 0;
  const billed = Math.max(provided, volumetric);
  if (billed <= 0 || weight?.unitOfMeasurement === 'imperial') return null;
  return { grams: Math.round(billed * 1_000), because: volumetric > provided ? 'dimensional' : 'actual' };
}
