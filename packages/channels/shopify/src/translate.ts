import { addressHash, fingerprint, type OrderWords } from '@quartermaster/connector-kit';
import {
  channelOrderSchema,
  decimalOf,
  destinationOf,
  moneyFromDecimal,
  shareUnits,
  type Address,
  type ChannelOrder,
  type OrderLine,
  type Person,
} from '@quartermaster/domain';
import { connectorName } from './client.ts';
import { fromGid } from './identifiers.ts';
import type { WireAddress, WireLineItem, WireMoneyBag, WireOrder, WireShippingLine } from './wire.ts';

/** An order with all its lines: what was paged is put together and the page marks are gone. */
export type CompleteOrder = Omit<WireOrder, 'lineItems' | 'shippingLines'> & {
  readonly lineItems: readonly WireLineItem[];
  readonly shippingLines: readonly WireShippingLine[];
};

/**
 * Turns Shopify's order into ours. Amounts are the shop's currency (`shopMoney`), after discounts, of what is still wanted: units that were refunded or edited away take
 * their share of total and tax with them.
 *
 * Lines, shipping, taxes and discount always add up to the shop's own total (`currentTotalPriceSet`): duties and fees become lines without stock, what the lines do not carry
 * of a discount becomes `orderDiscount`, and a total that is higher than everything it is made of shows as a line of its own. Throws a `RangeError` when an amount is finer
 * than its currency.
 */
export function translateOrder(wire: CompleteOrder, connection: string, revision: string): { order: ChannelOrder; person: Person } {
  const currency = wire.currencyCode;
  const id = fromGid(wire.id);
  const shipTo = wire.shippingAddress === null ? null : translateAddress(wire.shippingAddress, wire.email);
  const billTo = wire.billingAddress === null ? null : translateAddress(wire.billingAddress, wire.email);
  const amount = (minor: number) => ({ minor, currency });
  const unsettled = wire.lineItems.map(draftLine);
  const charges: {
    readonly id: string;
    readonly cause: NonNullable<OrderLine['cause']>;
    readonly title: string;
    readonly minor: number;
  }[] = [
    { id: 'duties', cause: 'duties', title: 'Duties', minor: minorOf(wire.currentTotalDutiesSet) },
    { id: 'fees', cause: 'fee', title: 'Additional fees', minor: minorOf(wire.currentTotalAdditionalFeesSet) },
  ];
  const shipping = sum(wire.shippingLines.map((line) => minorOf(line.currentDiscountedPriceSet)));
  const shippingTax = sum(wire.shippingLines.map(currentShippingTax));
  const total = minorOf(wire.currentTotalPriceSet);
  const excessOf = (lines: readonly Draft[]) =>
    sum(lines.map((line) => line.total + (wire.taxesIncluded ? 0 : line.tax))) +
    sum(charges.map((charge) => charge.minor)) +
    shipping +
    (wire.taxesIncluded ? 0 : shippingTax) -
    total;
  const drafts = settleRounding(unsettled, excessOf(unsettled), wire.taxesIncluded);
  const excess = excessOf(drafts);
  if (excess < 0) charges.push({ id: 'difference', cause: 'unexplained', title: "Difference to the shop's total", minor: -excess });

  const productLines = drafts.map(({ wire: line, total: lineTotal, tax, discount }): OrderLine => ({
    id: fromGid(line.id),
    kind: line.requiresShipping ? 'product' : 'non-stock',
    parent: null,
    sku: line.sku === null || line.sku.trim() === '' ? null : line.sku,
    title: line.title,
    quantity: line.currentQuantity,
    unitFactor: 1,
    unitPrice: line.originalUnitPriceSet.shopMoney.amount,
    total: amount(lineTotal),
    tax: amount(tax),
    ...(discount === 0 ? {} : { discount: amount(discount) }),
  }));
  const chargeLines = charges
    .filter(({ minor }) => minor !== 0)
    .map((charge): OrderLine => ({
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
    }));

  const order = channelOrderSchema.parse({
    id,
    name: wire.name,
    revision,
    status: wire.cancelledAt !== null ? 'cancelled' : wire.closedAt !== null ? 'closed' : 'open',
    test: wire.test,
    placedAt: wire.processedAt,
    updatedAt: wire.updatedAt,
    class: wire.purchasingEntity?.__typename === 'PurchasingCompany' ? 'business' : 'consumer',
    purchaseOrderNumber: textOrNull(wire.poNumber),
    terms: wire.paymentTerms?.paymentTermsName ?? null,
    shipNotBefore: shipNotBefore(wire),
    requestedService: wire.shippingLines[0] === undefined ? null : (textOrNull(wire.shippingLines[0].code) ?? wire.shippingLines[0].title),
    pickupPoint: null,
    currency,
    taxesIncluded: wire.taxesIncluded,
    payment: {
      status: wire.displayFinancialStatus?.toLowerCase() ?? 'unknown',
      secured: amount(Math.max(0, minorOf(wire.netPaymentSet) + minorOf(wire.totalCapturableSet))),
      ...(minorOf(wire.totalCapturableSet) > 0 ? { toCapture: amount(minorOf(wire.totalCapturableSet)) } : {}),
    },
    risk: riskOf(wire),
    subject: subjectOf(wire, connection),
    destination: shipTo === null || shipTo.country === '' ? null : destinationOf(shipTo),
    addressHash: shipTo === null ? null : addressHash(shipTo),
    lines: [...productLines, ...chargeLines],
    shipping: amount(shipping),
    shippingTax: amount(shippingTax),
    orderDiscount: amount(Math.max(0, excess)),
    total: amount(total),
    ...customerTotalOf(wire),
  });
  return { order, person: { shipTo, billTo } };
}

/** How a shop's orders are told apart and put into our words. */
export function orderWords(connection: string): OrderWords<CompleteOrder> {
  return {
    connector: connectorName,
    id: ({ id }) => fromGid(id),
    name: ({ name }) => name,
    updatedAt: ({ updatedAt }) => updatedAt,
    subject: (wire) => subjectOf(wire, connection),
    translate: (wire, revision) => translateOrder(wire, connection, revision),
  };
}

/** The person behind an order: the customer, or the order itself where it has none. */
function subjectOf({ id, customer }: CompleteOrder, connection: string): string {
  return customer === null ? fingerprint(connection, 'order', fromGid(id)) : fingerprint(connection, 'customer', fromGid(customer.id));
}

type Draft = { readonly wire: WireLineItem; readonly total: number; readonly tax: number; readonly discount: number };

function draftLine(line: WireLineItem): Draft {
  const discounts = sum(line.discountAllocations.map((allocation) => minorOf(allocation.allocatedAmountSet)));
  const tax = sum(line.taxLines.map((taxLine) => minorOf(taxLine.priceSet)));
  return {
    wire: line,
    total: wantedShare(minorOf(line.originalTotalSet) - discounts, line),
    tax: wantedShare(tax, line),
    discount: wantedShare(discounts, line),
  };
}

/** The part of an amount that belongs to the units still wanted. Shopify's allocations and taxes of a line include those that were taken out. */
function wantedShare(amount: number, line: WireLineItem): number {
  if (line.currentQuantity >= line.quantity) return amount;
  return shareUnits(amount, [line.currentQuantity, line.quantity - line.currentQuantity])[0] ?? 0;
}

/**
 * The share of a line that lost units is known to the minor unit only, in its total and in its tax. Lets such amounts give way by one unit each until the order's own total
 * comes out; where that does not explain the whole difference, it was no rounding, and all stay as they are.
 */
function settleRounding(drafts: readonly Draft[], difference: number, taxesIncluded: boolean): readonly Draft[] {
  let left = difference;
  const step = (amount: number) => {
    const given = Math.max(-1, Math.min(1, left, amount));
    left -= given;
    return amount - given;
  };
  const settled = drafts.map((draft) => {
    const { wire } = draft;
    if (wire.currentQuantity === 0 || wire.currentQuantity >= wire.quantity) return draft;
    return { ...draft, total: step(draft.total), tax: taxesIncluded ? draft.tax : step(draft.tax) };
  });
  return left === 0 ? settled : drafts;
}

function currentShippingTax(line: WireShippingLine): number {
  const tax = sum(line.taxLines.map((taxLine) => minorOf(taxLine.priceSet)));
  const full = minorOf(line.discountedPriceSet);
  const left = minorOf(line.currentDiscountedPriceSet);
  if (left >= full) return tax;
  return shareUnits(tax, [left, full - left])[0] ?? 0;
}

/** What the customer sees as the total, where the order was not paid in the shop's currency. */
function customerTotalOf({ currencyCode, currentTotalPriceSet: { presentmentMoney } }: CompleteOrder): Pick<ChannelOrder, 'customerTotal'> {
  if (presentmentMoney.currencyCode === currencyCode) return {};
  return { customerTotal: moneyFromDecimal(presentmentMoney.amount, presentmentMoney.currencyCode) };
}

function shipNotBefore(wire: CompleteOrder): string | null {
  const scheduled = wire.fulfillmentOrders.nodes.flatMap((one) =>
    one.status === 'SCHEDULED' && one.fulfillAt !== null ? [one.fulfillAt] : [],
  );
  return scheduled.sort()[0] ?? null;
}

/** The worst assessment decides; without one, what Shopify recommends. */
function riskOf(wire: CompleteOrder): ChannelOrder['risk'] {
  const levels = new Set(wire.risk.assessments.map((assessment) => assessment.riskLevel));
  if (levels.has('HIGH') || wire.risk.recommendation === 'CANCEL') return 'high';
  if (levels.has('MEDIUM') || wire.risk.recommendation === 'INVESTIGATE') return 'medium';
  if (levels.has('PENDING')) return 'unknown';
  return levels.has('LOW') || wire.risk.recommendation === 'ACCEPT' ? 'low' : 'unknown';
}

function translateAddress(wire: WireAddress, email: string | null): Address {
  return {
    name: wire.name ?? '',
    company: textOrNull(wire.company),
    lines: [wire.address1, wire.address2].flatMap((line) => (textOrNull(line) === null ? [] : [line ?? ''])),
    postalCode: wire.zip ?? '',
    city: wire.city ?? '',
    region: textOrNull(wire.provinceCode),
    country: wire.countryCodeV2 ?? '',
    phone: textOrNull(wire.phone),
    email: textOrNull(email),
  };
}

function minorOf(bag: WireMoneyBag | null): number {
  return bag === null ? 0 : moneyFromDecimal(bag.shopMoney.amount, bag.shopMoney.currencyCode).minor;
}

function textOrNull(text: string | null): string | null {
  return text === null || text.trim() === '' ? null : text;
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((left, right) => left + right, 0);
}
