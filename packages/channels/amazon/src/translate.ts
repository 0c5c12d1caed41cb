import { addressHash, fingerprint, type OrderWords } from '@quartermaster/connector-kit';
import {
  channelOrderSchema,
  decimalOf,
  destinationOf,
  multiplyPrice,
  type Address,
  type ChannelOrder,
  type OrderLine,
  type Person,
} from '@quartermaster/domain';
import { connectorName } from './client.ts';
import { marketplaces } from './marketplaces.ts';
import { currencyOf, deliveryTip, itemMoney, orderTotal, taxesAreIncluded, taxIsRemitted } from './proceeds.ts';
import type { WireAddress, WireItem, WireOrder } from './wire.ts';

/**
 * Turns Amazon's order into ours. Amazon collects the money, so what is not pending is secured as a whole. A PENDING order has no address, no reliable total and no secured money: it says
 * what is wanted (stock can be reserved) and is held by every check until it changes.
 *
 * Lines, shipping and taxes add up to Amazon's own total; what does not is a line of its own with cause `unexplained`. Throws a `RangeError` where an amount is finer than its currency,
 * or nothing says which currency it is.
 */
export function translateOrder(wire: WireOrder, connection: string, revision: string): { order: ChannelOrder; person: Person } {
  const marketplace = marketplaces[wire.salesChannel.marketplaceId ?? ''];
  const currency = currencyOf(wire) ?? marketplace?.currency;
  if (currency === undefined) throw new RangeError('nothing says which currency the order has');
  const amount = (minor: number) => ({ minor, currency });
  const state = stateOf(wire);
  const items = wire.orderItems.map((item) => ({ item, money: itemMoney(item, currency), remitted: taxIsRemitted(item) }));
  const tip = deliveryTip(wire, currency);
  const shipping = sum(items.map(({ money }) => money.shipping));
  const shippingTax = sum(items.map(({ money }) => money.shippingTax));
  const taxOf = ({ money }: (typeof items)[number]) => money.goodsTax + money.shippingTax + sum(money.charges.map(({ tax }) => tax));
  const tax = sum(items.map(taxOf));
  const beforeTax = sum(items.map(({ money }) => money.goods + sum(money.charges.map((charge) => charge.amount)))) + shipping + tip;
  const told = orderTotal(wire, currency);
  const taxesIncluded = taxesAreIncluded({ total: told, beforeTax, tax, usual: marketplace?.taxesIncluded ?? true });

  const goodsLines = items.map(({ item, money }): OrderLine => {
    const quantity = wantedUnits(item, state);
    const unitPrice = item.product.price?.unitPrice?.amount ?? null;
    const unknown = item.proceeds == null && unitPrice !== null && state === 'pending';
    const goods = unknown ? multiplyPrice(unitPrice, quantity, currency).minor : money.goods;
    return {
      id: item.orderItemId,
      kind: 'product',
      parent: null,
      sku: textOrNull(item.product.sellerSku),
      title: textOrNull(item.product.title) ?? item.product.sellerSku ?? item.product.asin ?? item.orderItemId,
      quantity,
      unitFactor: 1,
      unitPrice: unitPrice ?? (quantity === 0 ? '0' : decimalOf(amount(Math.round((goods + money.discount) / quantity)))),
      total: amount(goods),
      tax: amount(money.goodsTax),
      ...(money.discount === 0 ? {} : { discount: amount(money.discount) }),
    };
  });
  const chargeLines = [
    ...items.flatMap(({ item, money }) => money.charges.map((charge) => ({ ...charge, id: `${item.orderItemId}:${charge.type}` }))),
    { id: 'delivery-tip', cause: 'fee' as const, title: 'Delivery tip', amount: tip, tax: 0 },
  ];
  const known = [...goodsLines, ...chargeLines.map((charge) => chargeLine(charge, currency))].filter(
    (line) => line.cause === undefined || line.total.minor !== 0 || line.tax.minor !== 0,
  );
  const parts = sum(known.map((line) => line.total.minor)) + shipping + (taxesIncluded ? 0 : tax);
  const total = told ?? parts;
  const difference = {
    id: 'difference',
    cause: 'unexplained' as const,
    title: "Difference to Amazon's total",
    amount: total - parts,
    tax: 0,
  };
  const remitted = sum(items.filter((one) => one.remitted).map(taxOf));

  const address = wire.recipient?.deliveryAddress ?? null;
  const shipTo = address === null ? null : translateAddress(address, wire.buyer?.buyerEmail ?? null);
  const order = channelOrderSchema.parse({
    id: wire.orderId,
    name: wire.orderId,
    revision,
    status: state === 'cancelled' ? 'cancelled' : state === 'shipped' ? 'closed' : 'open',
    test: false,
    placedAt: wire.createdTime,
    updatedAt: wire.lastUpdatedTime,
    class: isBusiness(wire) ? 'business' : 'consumer',
    purchaseOrderNumber: textOrNull(wire.buyer?.buyerPurchaseOrderNumber),
    terms: null,
    shipNotBefore: shipNotBefore(wire),
    requestedService: textOrNull(wire.fulfillment?.fulfillmentServiceLevel),
    pickupPoint: wire.programs?.includes('IN_STORE_PICK_UP') === true ? textOrNull(address?.companyName) : null,
    currency,
    taxesIncluded,
    // Amazon takes no acknowledgement of an order before its payment is settled.
    ...(state === 'pending' ? { acceptance: 'not-yet' as const } : {}),
    payment: { status: paymentWords[state], secured: amount(state === 'pending' ? 0 : Math.max(0, total)) },
    risk: state === 'pending' ? 'unknown' : 'low',
    subject: subjectOf(wire, connection),
    destination: shipTo === null || shipTo.country === '' ? null : destinationOf(shipTo),
    addressHash: shipTo === null ? null : addressHash(shipTo),
    lines: difference.amount === 0 ? known : [...known, chargeLine(difference, currency)],
    shipping: amount(shipping),
    shippingTax: amount(shippingTax),
    orderDiscount: amount(0),
    total: amount(total),
    ...(remitted === 0 ? {} : { remittedTax: amount(remitted) }),
  });
  return { order, person: { shipTo, billTo: null } };
}

/** How Amazon's orders are told apart and put into our words. */
export function orderWords(connection: string): OrderWords<WireOrder> {
  return {
    connector: connectorName,
    id: ({ orderId }) => orderId,
    name: ({ orderId }) => orderId,
    updatedAt: ({ lastUpdatedTime }) => lastUpdatedTime,
    subject: (wire) => subjectOf(wire, connection),
    translate: (wire, revision) => translateOrder(wire, connection, revision),
  };
}

/** How far an order is, as far as it matters to us. */
export type OrderState = 'pending' | 'open' | 'shipped' | 'cancelled';

export function stateOf(wire: Pick<WireOrder, 'fulfillment'>): OrderState {
  switch (wire.fulfillment?.fulfillmentStatus) {
    case 'PENDING':
    case 'PENDING_AVAILABILITY':
    case undefined:
      return 'pending';
    case 'CANCELLED':
    case 'UNFULFILLABLE':
      return 'cancelled';
    case 'SHIPPED':
      return 'shipped';
    default:
      return 'open';
  }
}

/**
 * Units of an item that are wanted still: what shipped and what is left to ship. A pending order says neither, there it is what was ordered; a cancelled item wants what had shipped
 * before.
 */
export function wantedUnits(item: WireItem, state: OrderState): number {
  const { quantityFulfilled, quantityUnfulfilled } = item.fulfillment ?? {};
  const shipped = quantityFulfilled ?? 0;
  if (item.cancellation?.cancellationExecution != null || state === 'cancelled') return shipped;
  if (state === 'pending' || quantityUnfulfilled == null) return item.quantityOrdered;
  return Math.min(item.quantityOrdered, shipped + quantityUnfulfilled);
}

/** Units that Amazon still waits to hear of. */
export function unshippedUnits(item: WireItem, state: OrderState): number {
  return Math.max(0, wantedUnits(item, state) - (item.fulfillment?.quantityFulfilled ?? 0));
}

const paymentWords: Readonly<Record<OrderState, string>> = { pending: 'pending', open: 'paid', shipped: 'paid', cancelled: 'cancelled' };

/** Only such orders wait: the beginning of the usual shipping window is no command. */
function shipNotBefore(wire: WireOrder): string | null {
  const waits = wire.programs?.includes('PREORDER') === true || wire.fulfillment?.fulfillmentServiceLevel === 'SCHEDULED';
  return waits ? (wire.fulfillment?.shipByWindow?.earliestDateTime ?? null) : null;
}

function isBusiness(wire: WireOrder): boolean {
  return wire.programs?.includes('AMAZON_BUSINESS') === true || textOrNull(wire.buyer?.buyerCompanyName) !== null;
}

/** Amazon tells nothing that one buyer's orders have in common, so each order is a person of its own. */
function subjectOf({ orderId }: WireOrder, connection: string): string {
  return fingerprint(connection, 'order', orderId);
}

type Charge = {
  readonly id: string;
  readonly cause: NonNullable<OrderLine['cause']>;
  readonly title: string;
  readonly amount: number;
  readonly tax: number;
};

function chargeLine(charge: Charge, currency: string): OrderLine {
  const total = { minor: charge.amount, currency };
  return {
    id: charge.id,
    cause: charge.cause,
    kind: 'non-stock',
    parent: null,
    sku: null,
    title: charge.title,
    quantity: 1,
    unitFactor: 1,
    unitPrice: decimalOf(total),
    total,
    tax: { minor: charge.tax, currency },
  };
}

function translateAddress(wire: WireAddress, email: string | null): Address {
  const lines = [wire.addressLine1, wire.addressLine2, wire.addressLine3, wire.districtOrCounty];
  return {
    name: wire.name ?? '',
    company: textOrNull(wire.companyName),
    lines: lines.flatMap((line) => textOrNull(line) ?? []),
    postalCode: wire.postalCode ?? '',
    city: textOrNull(wire.city) ?? textOrNull(wire.municipality) ?? '',
    region: textOrNull(wire.stateOrRegion),
    country: wire.countryCode ?? '',
    phone: textOrNull(wire.phone),
    email: textOrNull(email),
  };
}

function textOrNull(text: string | null | undefined): string | null {
  return text == null || text.trim() === '' ? null : text;
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((left, right) => left + right, 0);
}
