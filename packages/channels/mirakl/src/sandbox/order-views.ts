import { wireAmount } from '../amounts.ts';
import { timeText, type LineState, type MarketState, type OrderState, type TakenState } from './state.ts';

const taxCode = 'VAT';
const feeCode = 'DEPOSIT';
export { feeCode, taxCode };

/** An order as OR11 tells it. */
export function orderView(state: MarketState, order: OrderState) {
  const amount = (minor: number) => wireAmount(minor, state.currency);
  const isDebited = ['SHIPPING', 'SHIPPED', 'TO_COLLECT', 'RECEIVED', 'CLOSED'].includes(order.state);
  const add = (of: (line: LineState) => number) => order.lines.reduce((sum, line) => sum + of(line), 0);
  const address = isDebited ? { ...order.address, country: order.address.country_iso_code } : null;
  return {
    acceptance_decision_date: order.state === 'WAITING_ACCEPTANCE' ? null : timeText(order.createdAt),
    can_cancel: ['WAITING_ACCEPTANCE', 'WAITING_DEBIT', 'WAITING_DEBIT_PAYMENT', 'SHIPPING'].includes(order.state),
    can_shop_ship: order.state === 'SHIPPING',
    channel: null,
    commercial_id: order.id.replace(/-A$/, ''),
    created_date: timeText(order.createdAt),
    currency_iso_code: state.currency,
    customer: {
      customer_id: order.customerId,
      firstname: order.address.firstname,
      lastname: order.address.lastname,
      locale: 'de_DE',
      billing_address: address,
      shipping_address: address,
      ...(order.business ? { organization: { organization_id: `org-${order.customerId}`, name: order.address.company ?? 'Company' } } : {}),
    },
    customer_debited_date: isDebited ? timeText(order.createdAt) : null,
    customer_directly_pays_seller: false,
    customer_notification_email: isDebited ? `notification+${order.customerId}@notification.mirakl.net` : null,
    fulfillment: { center: { code: 'DEFAULT' } },
    fully_refunded: false,
    has_customer_message: order.note !== null,
    has_incident: false,
    has_invoice: false,
    last_updated_date: timeText(order.updatedAt),
    leadtime_to_ship: 2,
    order_additional_fields: order.note === null ? [] : [{ code: 'note', type: 'STRING', value: order.note }],
    order_id: order.id,
    order_lines: order.lines.map((line, nth) => lineView(state, line, nth, order)),
    order_state: order.state,
    order_state_reason_code: null,
    order_state_reason_label: null,
    order_tax_mode: state.taxesIncluded ? 'TAX_INCLUDED' : 'TAX_EXCLUDED',
    paymentType: 'card',
    payment_type: 'card',
    payment_workflow: 'PAY_ON_ACCEPTANCE',
    price: amount(add(({ price }) => price)),
    promotions: { applied_promotions: [], total_deduced_amount: amount(add(({ discount }) => discount)) },
    references: { order_reference_for_customer: null, order_reference_for_seller: order.reference },
    shipping_company: order.tracking?.carrier ?? null,
    shipping_price: amount(add(({ shipping }) => shipping)),
    shipping_tracking: order.tracking?.number ?? null,
    shipping_type_code: 'STD',
    shipping_type_label: 'Standard',
    shipping_zone_code: 'DE',
    shipping_zone_label: 'Germany',
    total_commission: amount(Math.round(add(({ price }) => price) / 10)),
    total_price: amount(add(({ fee, price, shipping }) => price + shipping + fee)),
  };
}

function lineView(state: MarketState, line: LineState, nth: number, order: OrderState) {
  const amount = (minor: number) => wireAmount(minor, state.currency);
  const commission = Math.round(line.price / 10);
  return {
    can_refund: ['SHIPPING', 'SHIPPED'].includes(line.state),
    cancelations: line.cancelations.map((taken) => takenView(state, line, taken)),
    category_code: 'home',
    category_label: 'Home',
    commission_fee: amount(commission),
    commission_rate_vat: 0,
    commission_vat: 0,
    created_date: timeText(order.createdAt),
    description: null,
    fees: line.fee === 0 ? [] : [{ code: feeCode, amount: amount(line.fee) }],
    last_updated_date: timeText(order.updatedAt),
    offer_id: state.offers.get(line.sku)?.id ?? 0,
    offer_sku: line.sku,
    offer_state_code: '11',
    order_line_additional_fields: [],
    order_line_id: line.id,
    order_line_index: nth + 1,
    order_line_state: line.state,
    price: amount(line.price),
    price_unit: amount(line.unitPrice),
    product_medias: [],
    product_sku: `MKP-${line.sku}`,
    product_title: line.title,
    promotions:
      line.discount === 0
        ? []
        : [
            {
              id: 'SALE',
              apportioned: true,
              configuration: { type: 'AMOUNT_OFF', amount_off: amount(line.discount), internal_description: 'Sale' },
              deduced_amount: amount(line.discount),
            },
          ],
    quantity: line.quantity,
    refunds: line.refunds.map((taken) => ({
      ...takenView(state, line, taken),
      order_refund_id: taken.group,
      refund_state: taken.state,
      state: taken.state,
      commission_tax_amount: 0,
    })),
    shipping_price: amount(line.shipping),
    shipping_taxes: taxesView(state, line, line.shippingTax, { tax_calculation_rule: 'NONE' }),
    taxes: taxesView(state, line, line.tax, { tax_calculation_rule: 'NONE' }),
    total_commission: amount(commission),
    total_price: amount(line.price + line.shipping + line.fee),
  };
}

function takenView(state: MarketState, line: LineState, taken: TakenState) {
  const amount = (minor: number) => wireAmount(minor, state.currency);
  return {
    id: taken.id,
    amount: amount(taken.price),
    commission_amount: 0,
    commission_taxes: [],
    commission_total_amount: 0,
    created_date: timeText(taken.at),
    fees: taken.fee === 0 ? [] : [{ code: feeCode, amount: amount(taken.fee) }],
    quantity: taken.quantity,
    reason_code: taken.reason,
    shipping_amount: amount(taken.shipping),
    shipping_taxes: taxesView(state, line, taken.shippingTax),
    taxes: taxesView(state, line, taken.tax),
  };
}

function taxesView(state: MarketState, line: LineState, minor: number, rule: Readonly<Record<string, string>> = {}) {
  if (minor === 0) return [];
  const amount = wireAmount(minor, state.currency);
  const part = { amount, commissionable: false, debitable_from_customer: true, payable_to_shop: !line.remitted };
  return [{ code: taxCode, amount, rate: 19, ...rule, amount_breakdown: { parts: [part] } }];
}
