import { multiplyPrice } from '@quartermaster/domain';
import { currentShipping, discountedShipping, lineDiscount, orderAmounts } from './amounts.ts';
import { gid } from './gid.ts';
import { fulfillmentOrdersOf, itemOf, lineOf, unfulfilledUnits } from './orders.ts';
import { holdView, orderOperationsView } from './operation-views.ts';
import { page, type PageArguments } from './paging.ts';
import { bagOf, type MoneyBagView } from './presentment.ts';
import type { FulfillmentOrderState, FulfillmentState, LineState, OrderState, SandboxAddress, ShippingState, ShopState } from './state.ts';
import { locationView, variantView } from './stock-views.ts';

// What GraphQL sees of orders and of how they are fulfilled. A view has the vendor's field names; a field that takes arguments, or that leads to another view, is a function.

export function orderView(state: ShopState, order: OrderState): Record<string, unknown> {
  const placed = orderAmounts(order, state.taxesIncluded, 'placed');
  const current = orderAmounts(order, state.taxesIncluded, 'current');
  const bag = bagOf(state, order);
  const customer = order.customerId === null ? null : customerView(order.customerId);
  const discounts =
    order.lines.reduce((sum, line) => sum + lineDiscount(line), 0) + order.shipping.reduce((sum, line) => sum + line.discount, 0);
  return {
    __typename: 'Order',
    id: gid('Order', order.id),
    legacyResourceId: String(order.id),
    name: order.name,
    number: order.number,
    test: order.test,
    confirmed: true,
    createdAt: order.createdAt,
    processedAt: order.createdAt,
    updatedAt: order.updatedAt,
    cancelledAt: order.cancelledAt,
    closedAt: order.closedAt,
    closed: order.closedAt !== null,
    email: order.email,
    phone: null,
    note: null,
    tags: [],
    poNumber: order.poNumber,
    paymentTerms: order.paymentTerms === null ? null : { id: gid('PaymentTerms', order.id), paymentTermsName: order.paymentTerms },
    purchasingEntity:
      order.companyName === null
        ? customer
        : { __typename: 'PurchasingCompany', company: { id: gid('Company', order.id), name: order.companyName } },
    customer,
    shippingAddress: addressView(order.shippingAddress, order.id * 2),
    billingAddress: addressView(order.billingAddress, order.id * 2 + 1),
    currencyCode: state.currency,
    presentmentCurrencyCode: order.presentment?.currency ?? state.currency,
    taxesIncluded: state.taxesIncluded,
    displayFinancialStatus: order.financialStatus,
    displayFulfillmentStatus: () => fulfillmentStatus(state, order),
    risk: { assessments: order.risk === 'NONE' ? [] : [{ riskLevel: order.risk }], recommendation: recommendations[order.risk] },
    totalPriceSet: bag(placed.total),
    currentTotalPriceSet: bag(current.total),
    subtotalPriceSet: bag(placed.subtotal),
    totalTaxSet: bag(placed.tax),
    currentTotalTaxSet: bag(current.tax),
    totalDiscountsSet: bag(discounts),
    totalShippingPriceSet: bag(order.shipping.reduce((sum, line) => sum + line.price, 0)),
    currentShippingPriceSet: bag(current.shipping),
    currentTotalDutiesSet: current.duties === 0 ? null : bag(current.duties),
    currentTotalAdditionalFeesSet: null,
    totalReceivedSet: bag(order.received),
    totalRefundedSet: bag(order.refunded),
    netPaymentSet: bag(order.received - order.refunded),
    totalCapturableSet: bag(order.capturable),
    totalOutstandingSet: bag(current.total - order.received + order.refunded),
    shippingLines: (given: PageArguments & { includeRemovals: boolean }) =>
      page(
        order.shipping,
        given,
        (line) => ['', line.id],
        (line) => shippingView(line, bag),
      ),
    lineItems: (given: PageArguments) =>
      page(
        order.lines,
        given,
        (line) => ['', line.id],
        (line) => lineView(state, order, line),
      ),
    fulfillmentOrders: (given: PageArguments) =>
      page(
        fulfillmentOrdersOf(state, order),
        given,
        (one) => ['', one.id],
        (one) => fulfillmentOrderView(state, one),
      ),
    fulfillments: ({ first }: { first?: number | null }) =>
      fulfillmentsOf(state, order)
        .slice(0, first ?? undefined)
        .map((one) => fulfillmentView(state, one)),
    ...orderOperationsView(state, order),
  };
}

export function fulfillmentOrderView(state: ShopState, one: FulfillmentOrderState): Record<string, unknown> {
  const order = state.orders.get(one.orderId);
  const location = state.locations.get(one.locationId);
  return {
    __typename: 'FulfillmentOrder',
    id: gid('FulfillmentOrder', one.id),
    orderId: gid('Order', one.orderId),
    orderName: order?.name ?? '',
    status: one.status,
    createdAt: one.createdAt,
    updatedAt: one.updatedAt,
    fulfillAt: order?.fulfillAt ?? one.createdAt,
    deliveryMethod: { id: gid('DeliveryMethod', one.id), methodType: 'SHIPPING' },
    assignedLocation: { name: location?.name ?? '', location: location === undefined ? null : locationView(location) },
    fulfillmentHolds: one.holds.map(holdView),
    supportedActions: (actions[one.status] ?? []).map((action) => ({ action })),
    lineItems: (given: PageArguments) =>
      page(
        one.lines,
        given,
        (line) => ['', line.id],
        (line) => {
          const sold = order === undefined ? undefined : lineOf(order, line.lineItemId);
          const item = sold === undefined ? undefined : itemOf(state, sold);
          return {
            __typename: 'FulfillmentOrderLineItem',
            id: gid('FulfillmentOrderLineItem', line.id),
            sku: sold?.sku ?? null,
            totalQuantity: line.total,
            remainingQuantity: line.remaining,
            requiresShipping: sold?.requiresShipping ?? true,
            inventoryItemId: item === undefined ? null : gid('InventoryItem', item.id),
            lineItem: () => (sold === undefined || order === undefined ? null : lineView(state, order, sold)),
          };
        },
      ),
  };
}

export function fulfillmentView(state: ShopState, one: FulfillmentState): Record<string, unknown> {
  const order = state.orders.get(one.orderId);
  const location = state.locations.get(one.locationId);
  return {
    __typename: 'Fulfillment',
    id: gid('Fulfillment', one.id),
    legacyResourceId: String(one.id),
    name: one.name,
    status: one.status,
    createdAt: one.createdAt,
    updatedAt: one.createdAt,
    totalQuantity: one.lines.reduce((sum, line) => sum + line.quantity, 0),
    location: location === undefined ? null : locationView(location),
    order: () => (order === undefined ? null : orderView(state, order)),
    trackingInfo: ({ first }: { first?: number | null }) =>
      (one.numbers.length === 0 && one.company !== null ? [null] : one.numbers)
        .slice(0, first ?? undefined)
        .map((number, index) => ({ company: one.company, number, url: one.urls[index] ?? null })),
    fulfillmentLineItems: (given: PageArguments) =>
      page(
        one.lines,
        given,
        (line) => ['', line.id],
        (line) => ({
          __typename: 'FulfillmentLineItem',
          id: gid('FulfillmentLineItem', line.id),
          quantity: line.quantity,
          lineItem: () => (order === undefined ? null : lineView(state, order, lineOf(order, line.lineItemId))),
        }),
      ),
  };
}

export function fulfillmentsOf(state: ShopState, order: OrderState): FulfillmentState[] {
  return [...state.fulfillments.values()].filter((one) => one.orderId === order.id);
}

/** How far an order is shipped, in Shopify's words. */
export function fulfillmentStatus(state: ShopState, order: OrderState): string {
  const open = fulfillmentOrdersOf(state, order);
  if (open.some((one) => one.status === 'ON_HOLD')) return 'ON_HOLD';
  const shipped = fulfillmentsOf(state, order).length > 0;
  const left = open.some((one) => one.status !== 'CANCELLED' && one.lines.some((line) => line.remaining > 0));
  if (shipped) return left ? 'PARTIALLY_FULFILLED' : 'FULFILLED';
  return open.some((one) => one.status === 'SCHEDULED') ? 'SCHEDULED' : 'UNFULFILLED';
}

export function lineView(state: ShopState, order: OrderState, line: LineState): Record<string, unknown> {
  const bag = bagOf(state, order);
  const variant = line.variantId === null ? undefined : state.variants.get(line.variantId);
  return {
    __typename: 'LineItem',
    id: gid('LineItem', line.id),
    sku: line.sku,
    title: line.title,
    name: line.title,
    quantity: line.quantity,
    currentQuantity: line.quantity - line.removed,
    unfulfilledQuantity: () => unfulfilledUnits(state, order, line.id),
    refundableQuantity: line.quantity - line.removed,
    requiresShipping: line.requiresShipping,
    taxable: line.tax !== 0,
    variant: variant === undefined ? null : () => variantView(state, variant),
    originalUnitPriceSet: unitPriceView(bag, state, line),
    originalTotalSet: bag(line.originalTotal),
    discountAllocations: [line.lineDiscount, line.orderDiscount]
      .filter((part) => part !== 0)
      .map((part) => ({ allocatedAmountSet: bag(part) })),
    taxLines: line.tax === 0 ? [] : [{ title: 'Tax', priceSet: bag(line.tax) }],
  };
}

function shippingView(line: ShippingState, bag: (minor: number) => MoneyBagView) {
  return {
    id: gid('ShippingLine', line.id),
    title: line.title,
    code: line.code,
    isRemoved: false,
    originalPriceSet: bag(line.price),
    discountedPriceSet: bag(discountedShipping(line)),
    currentDiscountedPriceSet: bag(currentShipping(line)),
    discountAllocations: line.discount === 0 ? [] : [{ allocatedAmountSet: bag(line.discount) }],
    taxLines: line.tax === 0 ? [] : [{ title: 'Tax', priceSet: bag(line.tax) }],
  };
}

function customerView(id: number) {
  return { __typename: 'Customer', id: gid('Customer', id), legacyResourceId: String(id) };
}

function addressView(address: SandboxAddress | null, id: number) {
  if (address === null) return null;
  const [first = '', ...rest] = (address.name ?? '').split(' ');
  return {
    id: gid('MailingAddress', id),
    name: address.name ?? null,
    firstName: first === '' ? null : first,
    lastName: rest.length === 0 ? null : rest.join(' '),
    company: address.company ?? null,
    address1: address.address1 ?? null,
    address2: address.address2 ?? null,
    city: address.city ?? null,
    province: address.province ?? null,
    provinceCode: address.provinceCode ?? null,
    zip: address.zip ?? null,
    country: address.countryCode,
    countryCodeV2: address.countryCode,
    phone: address.phone ?? null,
  };
}

/** A unit price is text as it was given: it may be finer than the currency. */
function unitPriceView(bag: (minor: number) => MoneyBagView, { currency }: ShopState, { unitPrice }: LineState) {
  const shopMoney = { amount: unitPrice, currencyCode: currency };
  const { presentmentMoney } = bag(multiplyPrice(unitPrice, 1, currency).minor);
  return { shopMoney, presentmentMoney: presentmentMoney.currencyCode === currency ? shopMoney : presentmentMoney };
}

const recommendations = { HIGH: 'CANCEL', MEDIUM: 'INVESTIGATE', LOW: 'ACCEPT', NONE: 'NONE', PENDING: 'NONE' } as const;

const actions: Readonly<Record<string, readonly string[]>> = {
  OPEN: ['CREATE_FULFILLMENT', 'MOVE', 'HOLD', 'SPLIT', 'REPORT_PROGRESS'],
  IN_PROGRESS: ['CREATE_FULFILLMENT', 'MOVE', 'MARK_AS_OPEN'],
  ON_HOLD: ['RELEASE_HOLD', 'MOVE'],
  SCHEDULED: ['MARK_AS_OPEN', 'MOVE'],
};
