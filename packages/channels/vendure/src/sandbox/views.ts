import { epochMs } from '@quartermaster/domain';
import { listed, type ListOptions } from './list.ts';
import type { FulfillmentState, LineState, OrderState, ShopState, VariantState } from './state.ts';

/** An order as the API shows it. */
export function orderView(state: ShopState, order: OrderState) {
  const lines = order.lines.map((line) => lineView(state, line));
  return {
    __typename: 'Order',
    ...order,
    currencyCode: state.currency,
    totalWithTax: order.shipping + lines.reduce((sum, line) => sum + line.proratedLinePriceWithTax, 0),
    shippingWithTax: order.shipping,
    shippingAddress: order.address,
    billingAddress: null,
    shippingLines: [{ shippingMethod: { code: 'parcel' } }],
    surcharges: [],
    lines,
    fulfillments: order.fulfillments.map(fulfillmentView),
    history: ({ options }: { options?: ListOptions | null }) =>
      listed(order.history, ({ type, createdAt }) => ({ type, createdAt: epochMs(createdAt) }), options),
  };
}

/** Without discounts, and prorated with them; each with and without tax. Discounts and tax go with the units that are left. */
function lineView(state: ShopState, line: LineState) {
  const { id, quantity, placed, price, discount, tax } = line;
  const share = (amount: number) => Math.round((amount / placed) * quantity);
  const amounts = (full: number, fullTax: number) =>
    state.pricesIncludeTax ? { net: share(full - fullTax), gross: share(full) } : { net: share(full), gross: share(full + fullTax) };
  // The tax that is given is that of the discounted line.
  const prorated = amounts(price * placed - discount, tax);
  const whole = amounts(price * placed, tax);
  const variant = state.variants.get(line.variantId);
  return {
    id,
    quantity,
    unitPrice: price,
    unitPriceWithTax: price,
    linePrice: whole.net,
    linePriceWithTax: whole.gross,
    proratedLinePrice: prorated.net,
    proratedLinePriceWithTax: prorated.gross,
    productVariant: variant === undefined ? null : variantView(variant),
  };
}

export function fulfillmentView(fulfillment: FulfillmentState) {
  return { __typename: 'Fulfillment', ...fulfillment };
}

export function variantView(variant: VariantState) {
  const { id, sku, name, createdAt, stock } = variant;
  const stockLevels = [...stock].map(([location, { onHand, allocated }]) => ({
    stockLocationId: location,
    stockOnHand: onHand,
    stockAllocated: allocated,
  }));
  return { id, sku, name, createdAt, enabled: true, product: { enabled: true }, stockLevels };
}
