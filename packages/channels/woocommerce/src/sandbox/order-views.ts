import { decimalText, sumOf, type Millionths } from '../amounts.ts';
import { gmtText, localText } from './local-time.ts';
import type { ChargeState, LineState, MetaState, OrderState, RefundState, SandboxAddress, ShopState } from './state.ts';

const taxRate = 1;

/** An order as `orders/{id}` shows it: amounts with `dp` decimals, those of lines always without tax; times twice, the shop's and UTC, neither with its zone. */
export function orderView(state: ShopState, order: OrderState, dp: number): Record<string, unknown> {
  const text = (amount: Millionths) => decimalText(amount, dp);
  const all = [...order.lines, ...order.fees, ...order.shippingLines];
  const cartTax = sumOf([...order.lines, ...order.fees].map(({ tax }) => tax));
  const shippingTax = sumOf(order.shippingLines.map(({ tax }) => tax));
  return {
    id: order.id,
    parent_id: 0,
    status: order.status,
    currency: order.currency,
    version: '11.0.1',
    prices_include_tax: state.taxesIncluded,
    ...times(state, 'date_created', order.createdAt),
    ...times(state, 'date_modified', order.modifiedAt),
    discount_total: text(sumOf(order.lines.map(({ subtotal, net }) => subtotal - net))),
    discount_tax: text(sumOf(order.lines.map(({ subtotalTax, tax }) => subtotalTax - tax))),
    shipping_total: text(sumOf(order.shippingLines.map(({ net }) => net))),
    shipping_tax: text(shippingTax),
    cart_tax: text(cartTax),
    total: text(order.total),
    total_tax: text(cartTax + shippingTax),
    customer_id: order.customerId,
    order_key: `wc_order_sandbox${order.id}`,
    billing: { ...order.billing, email: order.email },
    shipping: order.shipping ?? emptyAddress,
    payment_method: order.paymentMethod,
    payment_method_title: '',
    transaction_id: '',
    customer_ip_address: '192.0.2.7',
    customer_user_agent: '',
    created_via: 'checkout',
    customer_note: order.customerNote,
    ...times(state, 'date_completed', order.completedAt),
    ...times(state, 'date_paid', order.paidAt),
    cart_hash: '',
    number: String(order.id),
    meta_data: shuffledMeta(state, order.meta),
    line_items: order.lines.map((line) => lineView(line, text)),
    tax_lines: all.some(({ tax }) => tax !== 0n)
      ? [
          {
            id: order.id * 1_000,
            rate_code: 'DE-UST-1',
            rate_id: taxRate,
            label: 'USt',
            compound: false,
            tax_total: text(cartTax),
            shipping_tax_total: text(shippingTax),
            rate_percent: 19,
            meta_data: [],
          },
        ]
      : [],
    shipping_lines: order.shippingLines.map((line) => ({
      ...chargeView(line, text),
      method_title: line.title,
      method_id: 'flat_rate',
      instance_id: '1',
      tax_status: 'taxable',
      meta_data: [],
    })),
    fee_lines: order.fees.map((fee) => ({
      ...chargeView(fee, text),
      name: fee.title,
      tax_class: '',
      tax_status: 'taxable',
      amount: '',
      meta_data: [],
    })),
    coupon_lines: [],
    refunds: order.refunds.map(({ id, reason, amount }) => ({ id, reason, total: text(-amount), total_tax: text(0n) })).toReversed(),
    payment_url: `${state.origin}/checkout/order-pay/${order.id}/?pay_for_order=true&key=wc_order_sandbox${order.id}`,
    is_editable: false,
    needs_payment: order.status === 'pending',
    needs_processing: true,
    currency_symbol: order.currency,
    _links: { self: [{ href: `${state.origin}/wp-json/wc/v3/orders/${order.id}` }] },
  };
}

export function refundView(state: ShopState, refund: RefundState, dp: number): Record<string, unknown> {
  const text = (amount: Millionths) => decimalText(amount, dp);
  return {
    id: refund.id,
    ...times(state, 'date_created', refund.createdAt),
    amount: text(refund.amount),
    reason: refund.reason,
    refunded_by: 1,
    refunded_payment: false,
    meta_data: shuffledMeta(state, refund.meta),
    line_items: refund.lines
      .filter(({ of }) => of.product !== 0)
      .map(({ id, of, units, net, tax }) => ({
        ...lineView({ ...of, id, net: -net, tax: -tax, subtotal: -net, subtotalTax: -tax, quantity: -units, reduced: 0 }, text),
        meta_data: [
          { id: id * 10, key: '_refunded_item_id', value: String(of.id), display_key: '_refunded_item_id', display_value: String(of.id) },
        ],
      })),
    shipping_lines: [],
    tax_lines: [],
    fee_lines: [],
    _links: { self: [{ href: `${state.origin}/wp-json/wc/v3/orders/0/refunds/${refund.id}` }] },
  };
}

/** The same entries in another order each time, as the real shop's come. */
function shuffledMeta(state: ShopState, meta: readonly MetaState[]): MetaState[] {
  const turn = (state.counters.get('views') ?? 0) + 1;
  state.counters.set('views', turn);
  const first = meta.length === 0 ? 0 : turn % meta.length;
  return [...meta.slice(first), ...meta.slice(0, first)];
}

export function times(state: ShopState, name: string, seconds: number | null): Record<string, string | null> {
  return { [name]: seconds === null ? null : localText(seconds, state.zone), [`${name}_gmt`]: seconds === null ? null : gmtText(seconds) };
}

const emptyAddress: SandboxAddress = {
  first_name: '',
  last_name: '',
  company: '',
  address_1: '',
  address_2: '',
  city: '',
  state: '',
  postcode: '',
  country: '',
  phone: '',
};

/** `price` is a float, after discount and without tax: of no use, and there. */
function lineView(line: LineState, text: (amount: Millionths) => string): Record<string, unknown> {
  return {
    ...chargeView(line, text),
    name: line.title,
    product_id: line.product,
    variation_id: 0,
    quantity: line.quantity,
    tax_class: '',
    subtotal: text(line.subtotal),
    subtotal_tax: text(line.subtotalTax),
    meta_data:
      line.reduced === 0
        ? []
        : [
            {
              id: line.id * 10,
              key: '_reduced_stock',
              value: String(line.reduced),
              display_key: '_reduced_stock',
              display_value: String(line.reduced),
            },
          ],
    sku: line.sku,
    global_unique_id: '',
    price: line.quantity === 0 ? 0 : Number(line.net) / 1_000_000 / line.quantity,
    image: { id: '', src: '' },
    parent_name: null,
  };
}

function chargeView({ id, net, tax }: ChargeState, text: (amount: Millionths) => string): Record<string, unknown> {
  const taxes = tax === 0n ? [] : [{ id: taxRate, total: text(tax), subtotal: '' }];
  return { id, total: text(net), total_tax: text(tax), taxes };
}
