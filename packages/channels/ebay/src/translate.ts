import { addressHash } from '@quartermaster/connector-kit';
import {
  channelOrderSchema,
  decimalOf,
  destinationOf,
  type Address,
  type ChannelOrder,
  type ConnectionId,
  type OrderLine,
  type Person,
  type Sku,
} from '@quartermaster/domain';
import { beforeConversion, minorOf, sum, unitPriceOf } from './amounts.ts';
import { subjectOf } from './buyer.ts';
import type { WireContact, WireLineItem, WireOrder, WireTax } from './wire.ts';

/** What translation must know of the connection. */
export type Translating = {
  readonly connection: ConnectionId;
  /** Whether prices of the marketplace hold their tax: then `taxesIncluded` of an order for which eBay tells no tax. */
  readonly pricesIncludeTax: boolean;
  /** SKU of an item that was listed without one by the Trading API; null where it has none for us either. */
  readonly skuOf: (item: Pick<WireLineItem, 'legacyItemId' | 'legacyVariationId'>) => Sku | null;
};

/**
 * Turns eBay's order into ours. Amounts are those after conversion, in the currency of `pricingSummary.total`; what the buyer was shown is `customerTotal`.
 *
 * Lines, shipping, taxes and discount always add up to eBay's own total. Taxes that eBay tells come on top of its prices; of a price that holds VAT it does not tell how much, so such an
 * order has `taxesIncluded` and no tax. What eBay collects and remits itself is told twice (`taxes`, `ebayCollectAndRemitTaxes`) and is counted once, as tax of its line and as
 * `remittedTax`. Throws a `RangeError` when an amount is finer than its currency, or of another one than the order.
 */
export function translateOrder(wire: WireOrder, given: Translating, revision: string): { order: ChannelOrder; person: Person } {
  const { currency } = wire.pricingSummary.total;
  const minor = (amount: Parameters<typeof minorOf>[0]) => minorOf(amount, currency);
  const amount = (value: number) => ({ minor: value, currency });
  const drafts = wire.lineItems.map((line) => draftOf(line, currency));
  const summary = wire.pricingSummary;
  const total = totalOf(wire);
  const shipping = minor(summary.deliveryCost) - Math.abs(minor(summary.deliveryDiscount));
  const tax = sum(drafts.map((draft) => draft.tax));
  const adjustment = minor(summary.adjustment);
  const told: Charge[] = [
    { id: 'fee', cause: 'fee', title: 'Special fees', minor: minor(summary.fee) },
    { id: 'adjustment', cause: 'fee', title: 'Adjustment by the seller', minor: Math.max(0, adjustment) },
  ];
  const missing = total - sum(drafts.map((draft) => draft.total)) - sum(told.map((charge) => charge.minor)) - shipping - tax;
  const found = chargesThatExplain(missing, [
    { id: 'import-charges', cause: 'duties', title: 'Import charges', minor: sum(drafts.map((draft) => draft.importCharges)) },
    { id: 'intermediation', cause: 'fee', title: 'International shipping fee', minor: sum(drafts.map((draft) => draft.intermediation)) },
  ]);
  const rest = missing - sum(found.map((charge) => charge.minor));
  const unexplained: Charge = { id: 'difference', cause: 'unexplained', title: "Difference to eBay's total", minor: Math.max(0, rest) };
  const charges = [...told, ...found, unexplained].filter((charge) => charge.minor !== 0);
  const step = wire.fulfillmentStartInstructions?.[0];
  const shipTo = translateContact(step?.shippingStep?.shipTo, step?.shippingStep?.shipToReferenceId);
  const remitted = sum(drafts.map((draft) => draft.remitted));
  const customerTotal = beforeConversion(summary.total);

  const order = channelOrderSchema.parse({
    id: wire.orderId,
    name: wire.orderId,
    revision,
    status: statusOf(wire),
    test: false,
    placedAt: wire.creationDate,
    updatedAt: wire.lastModifiedDate,
    class: 'consumer',
    purchaseOrderNumber: null,
    terms: null,
    shipNotBefore: null,
    requestedService: step?.shippingStep?.shippingServiceCode ?? null,
    pickupPoint: step?.pickupStep?.merchantLocationKey ?? null,
    currency,
    taxesIncluded: given.pricesIncludeTax && tax === 0,
    payment: { status: wire.orderPaymentStatus.toLowerCase(), secured: amount(securedOf(wire, currency)) },
    risk: 'unknown',
    subject: subjectOf(wire, given.connection),
    destination: shipTo === null || shipTo.country === '' ? null : destinationOf(shipTo),
    addressHash: shipTo === null ? null : addressHash(shipTo),
    lines: [
      ...drafts.map(({ wire: line, total: lineTotal, tax: lineTax, discount }): OrderLine => ({
        id: line.lineItemId,
        kind: isShippedByUs(wire) ? 'product' : 'non-stock',
        parent: null,
        sku: textOrNull(line.sku) ?? given.skuOf(line),
        title: line.title ?? line.lineItemId,
        quantity: line.quantity,
        unitFactor: 1,
        unitPrice: unitPriceOf(minor(line.lineItemCost), line.quantity, currency),
        total: amount(lineTotal),
        tax: amount(lineTax),
        ...(discount === 0 ? {} : { discount: amount(discount) }),
      })),
      ...charges.map((charge): OrderLine => ({
        id: charge.id,
        cause: charge.cause,
        kind: 'non-stock',
        parent: null,
        sku: null,
        title: charge.title,
        quantity: 1,
        unitFactor: 1,
        unitPrice: decimalOf(amount(charge.minor)),
        total: amount(charge.minor),
        tax: amount(0),
      })),
    ],
    shipping: amount(shipping),
    shippingTax: amount(0),
    orderDiscount: amount(Math.max(0, -rest)),
    total: amount(total),
    ...(remitted === 0 ? {} : { remittedTax: amount(remitted) }),
    ...(customerTotal === null ? {} : { customerTotal }),
  });
  const billTo = translateContact(wire.buyer?.buyerRegistrationAddress, undefined);
  return { order, person: { shipTo, billTo } };
}

/**
 * eBay's own total in minor units. Tax that eBay collects and remits is in it only where the tax breakdown was asked for, which shows by the tax being told among the `taxes` as well
 * (Fulfillment API 1.20, PricingSummary.total); it cannot be asked for by order ids, so it is added where it is not.
 */
export function totalOf(wire: Pick<WireOrder, 'pricingSummary' | 'lineItems'>): number {
  const { total } = wire.pricingSummary;
  return minorOf(total, total.currency) + sum(wire.lineItems.map((line) => taxesOf(line, total.currency).untold));
}

/** Cancelled where eBay says so, closed once all has shipped; a cancellation that a buyer asked for (`IN_PROGRESS`) leaves it open. */
export function statusOf(wire: Pick<WireOrder, 'cancelStatus' | 'orderFulfillmentStatus'>): ChannelOrder['status'] {
  if (wire.cancelStatus?.cancelState === 'CANCELED') return 'cancelled';
  return wire.orderFulfillmentStatus === 'FULFILLED' ? 'closed' : 'open';
}

/**
 * What the order may be shipped for, in minor units: its total once the buyer has paid, less what was refunded or is about to be. `PENDING` of an order stands for a payment or a refund on
 * its way, so the payments themselves decide where there are some.
 */
export function securedOf(wire: WireOrder, currency: string): number {
  const payments = wire.paymentSummary?.payments ?? [];
  const paid = wire.orderPaymentStatus === 'PAID' || payments.some(({ paymentStatus }) => paymentStatus === 'PAID');
  if (!paid || wire.orderPaymentStatus === 'FULLY_REFUNDED') return 0;
  const refunds = (wire.paymentSummary?.refunds ?? []).filter(({ refundStatus }) => refundStatus !== 'FAILED');
  return Math.max(0, totalOf(wire) - sum(refunds.map((refund) => minorOf(refund.amount, currency))));
}

/** False of what is sent by mail, picked up digitally or leaves a warehouse of eBay's. */
function isShippedByUs(wire: WireOrder): boolean {
  const types = (wire.fulfillmentStartInstructions ?? []).map((step) => step.fulfillmentInstructionsType);
  return wire.program?.fulfillmentProgram?.fulfilledBy !== 'EBAY' && !(types.length > 0 && types.every((type) => type === 'DIGITAL'));
}

type Charge = {
  readonly id: string;
  readonly cause: NonNullable<OrderLine['cause']>;
  readonly title: string;
  readonly minor: number;
};

/**
 * Import charges and the fee of international shipping are told per line; whether they are in eBay's total differs by who collects them, and eBay does not say. They are where the total
 * is short of exactly them.
 */
function chargesThatExplain(missing: number, candidates: readonly Charge[]): readonly Charge[] {
  if (missing <= 0) return [];
  const subsets = [candidates, ...candidates.map((one) => [one])];
  return subsets.find((charges) => sum(charges.map((charge) => charge.minor)) === missing) ?? [];
}

type Draft = {
  readonly wire: WireLineItem;
  readonly total: number;
  readonly discount: number;
  readonly tax: number;
  readonly remitted: number;
  readonly importCharges: number;
  readonly intermediation: number;
};

function draftOf(wire: WireLineItem, currency: string): Draft {
  const cost = minorOf(wire.lineItemCost, currency);
  const total = wire.discountedLineItemCost === undefined ? cost : minorOf(wire.discountedLineItemCost, currency);
  const { told, untold, remitted } = taxesOf(wire, currency);
  return {
    wire,
    total,
    discount: Math.max(0, cost - total),
    tax: told + untold,
    remitted,
    importCharges: minorOf(wire.deliveryCost?.importCharges, currency),
    intermediation: minorOf(wire.deliveryCost?.shippingIntermediationFee, currency),
  };
}

/** Taxes of a line: those in eBay's total, those that eBay collects and left out of it, and all that it collects and remits. */
function taxesOf(wire: WireLineItem, currency: string): { readonly told: number; readonly untold: number; readonly remitted: number } {
  const taxes = wire.taxes ?? [];
  const collected = wire.ebayCollectAndRemitTaxes ?? [];
  const types = new Set(taxes.filter(({ amount }) => amount !== undefined).map(({ taxType }) => taxType));
  const sumOf = (some: readonly WireTax[]) => sum(some.map((tax) => minorOf(tax.amount, currency)));
  return {
    told: sumOf(taxes),
    untold: sumOf(collected.filter(({ taxType }) => !types.has(taxType))),
    remitted: sumOf(collected),
  };
}

/**
 * Where the parcel goes. With eBay's international shipping that is a hub in the seller's own country, and the reference must stand on the label, or the hub cannot tell whose parcel it
 * is; the buyer's own address is in `raw` only.
 */
function translateContact(wire: WireContact | undefined, reference: string | undefined): Address | null {
  const address = wire?.contactAddress;
  if (wire === undefined || address === undefined) return null;
  const lines = [address.addressLine1, address.addressLine2].flatMap((line) => textOrNull(line) ?? []);
  const marked = reference === undefined || lines.some((line) => line.includes(reference)) ? lines : [...lines, `Reference ${reference}`];
  return {
    name: wire.fullName ?? '',
    company: textOrNull(wire.companyName),
    lines: marked,
    postalCode: address.postalCode ?? '',
    city: address.city ?? '',
    region: textOrNull(address.stateOrProvince),
    country: address.countryCode ?? '',
    phone: textOrNull(wire.primaryPhone?.phoneNumber),
    email: textOrNull(wire.email),
  };
}

function textOrNull(text: string | undefined): string | null {
  return text === undefined || text.trim() === '' ? null : text;
}
