import { chargeSchema, destinationSchema, moneySchema, sumMoney, type Charge, type Label } from '@quartermaster/domain';
import { z } from 'zod';
import { daySchema, type ChargeClass } from './invoice-line.ts';
import { normalReference, normalTrackingNumber } from './tracking-number.ts';
import { upsAccessorials } from './ups-layout.ts';

/** What we owe for one bought label until the carrier's invoice comes: one parcel. */
export const accrualSchema = z.object({
  /** The same for the same label: the key of the purchase. */
  id: z.string().min(1),
  carrier: z.string(),
  service: z.string(),
  trackingNumber: z.string().min(1),
  leadTrackingNumber: z.string().nullable(),
  /** What was printed on the label or goes by the shipment: the order, the delivery, the shipment's id. */
  references: z.array(z.string()),
  orderId: z.string(),
  shipmentId: z.string(),
  node: z.string(),
  boughtOn: daySchema,
  /** Null while the label is not given back. */
  voidedOn: daySchema.nullable(),
  isReturn: z.boolean(),
  price: moneySchema,
  /** They sum to `price`; empty where one sum was told only. */
  charges: z.array(chargeSchema),
  /** As declared; what the carrier was to charge by its own rate where it said so. */
  grams: z.int().positive(),
  billableGrams: z.int().positive().nullable(),
  zone: z.string().nullable(),
  box: z.string().nullable(),
  items: z.array(z.object({ sku: z.string(), units: z.int().positive() })),
  destination: destinationSchema.nullable(),
  /** The day that the carrier named, and whether it guarantees it. */
  promisedOn: daySchema.nullable(),
  isGuaranteed: z.boolean(),
});
export type Accrual = z.infer<typeof accrualSchema>;

/** What a label does not say of itself. */
export type LabelCircumstances = Omit<Accrual, 'carrier' | 'service' | 'trackingNumber' | 'price' | 'charges'>;

/** The accrual of a bought label. */
export function accrualOf(label: Label, circumstances: LabelCircumstances): Accrual {
  return {
    ...circumstances,
    carrier: label.carrier,
    service: label.service,
    trackingNumber: normalTrackingNumber(label.trackingNumber) ?? label.trackingNumber,
    leadTrackingNumber: normalTrackingNumber(circumstances.leadTrackingNumber ?? ''),
    references: circumstances.references.flatMap((reference) => normalReference(reference) ?? []),
    price: label.price,
    charges: label.charges,
  };
}

/** Classes that a price has from the start; all others come afterwards. */
export const expectedClasses = [
  'base',
  'fuel',
  'residential',
  'accessorial',
  'duty-tax',
  'return',
] as const satisfies readonly ChargeClass[];
export type ExpectedClass = (typeof expectedClasses)[number];

/** What is expected to be billed of an accrual: by class, or as one sum where its charges do not tell (`itemised` null). A label that was given back is expected to cost nothing. */
export type Expectation = { readonly total: number; readonly itemised: Readonly<Record<ExpectedClass, number>> | null };

/** In minor units of the accrual's currency. */
export function expectationOf(accrual: Accrual): Expectation {
  if (accrual.voidedOn !== null) return { total: 0, itemised: expectedAmounts([]) };
  const { currency, minor } = accrual.price;
  const isItemised = accrual.charges.length > 0 && accrual.charges.every(({ amount }) => amount.currency === currency);
  const sum = isItemised
    ? sumMoney(
        accrual.charges.map(({ amount }) => amount),
        currency,
      ).minor
    : null;
  return { total: minor, itemised: sum === minor ? expectedAmounts(accrual.charges) : null };
}

/** Amounts of charges by class, in minor units. */
export function expectedAmounts(charges: readonly Charge[]): Readonly<Record<ExpectedClass, number>> {
  const amounts: Record<ExpectedClass, number> = { base: 0, fuel: 0, residential: 0, accessorial: 0, 'duty-tax': 0, return: 0 };
  for (const charge of charges) amounts[classOf(charge)] += charge.amount.minor;
  return amounts;
}

function classOf({ type, vendorCode }: Charge): ExpectedClass {
  switch (type) {
    case 'shipping':
    case 'discount':
    case 'adjustment':
      return 'base';
    case 'fuel-charge':
      return 'fuel';
    case 'tax':
    case 'duties-and-taxes':
    case 'tariff':
    case 'brokerage-fee':
      return 'duty-tax';
    case 'returns':
      return 'return';
    case 'insurance':
    case 'confirmation':
    case 'additional-fees':
    case 'delivery':
    case 'handling':
    case 'special-goods':
    case 'pickup':
    case 'location-fee':
    case 'oversize':
    case 'notifications':
    case 'tip':
    case 'admin-fee':
      return isResidential(vendorCode) ? 'residential' : 'accessorial';
    default:
      return type satisfies never;
  }
}

/** Carriers have no charge type of their own for it: UPS a code, the others the word. */
function isResidential(vendorCode: string | null): boolean {
  if (vendorCode === null) return false;
  return upsAccessorials[vendorCode]?.class === 'residential' || /resid/i.test(vendorCode);
}
