import { moneyFromDecimal } from '@quartermaster/domain';
import { changed } from './order-changes.ts';
import { totalOf } from './order-views.ts';
import { nowMs, type AmazonState, type FeedState } from './state.ts';

type Fault = { readonly messageId: string; readonly code: string; readonly message: string };

/** POST_ORDER_ACKNOWLEDGEMENT_DATA: `Success` gives the order the seller's own name, `Failure` cancels it as a whole. */
export function acknowledge(state: AmazonState, feed: FeedState, xml: string): string {
  return worked(state, feed, xml, 'OrderAcknowledgement', (message) => {
    const order = state.orders.get(text(message, 'AmazonOrderID') ?? '');
    if (order === undefined) return 'The Amazon order id was not found';
    const status = text(message, 'StatusCode');
    if (status === 'Success') {
      const name = text(message, 'MerchantOrderID');
      if (name === null) return 'MerchantOrderID is missing';
      if (order.sellerOrderId === name) return null;
      order.sellerOrderId = name;
      changed(state, order, 'OrderStatusChange');
      return null;
    }
    if (status !== 'Failure') return 'StatusCode must be Success or Failure';
    const items = blocks(message, 'Item');
    if (items.length !== order.items.length) return 'A failed order names each of its items with a CancelReason';
    for (const item of items) {
      if (!order.items.some(({ id }) => id === text(item, 'AmazonOrderItemCode'))) return 'The item is not of this order';
      if (!cancelReasons.includes(text(item, 'CancelReason') ?? '')) return 'The CancelReason is not one of the list';
    }
    if (order.status === 'CANCELLED') return null;
    if (order.packages.length > 0) return 'An order that has shipped cannot be canceled';
    order.status = 'CANCELLED';
    order.cancelledBy = 'MERCHANT';
    changed(state, order, 'OrderStatusChange');
    return null;
  });
}

const cancelReasons = [
  'NoInventory',
  'ShippingAddressUndeliverable',
  'CustomerExchange',
  'BuyerCanceled',
  'GeneralAdjustment',
  'CarrierCreditDecision',
  'RiskAssessmentInformationNotValid',
  'CarrierCoverageFailure',
  'CustomerReturn',
  'MerchandiseNotReceived',
  'PricingError',
];

const adjustmentReasons = [
  'NoInventory',
  'CustomerReturn',
  'GeneralAdjustment',
  'CouldNotShip',
  'DifferentItem',
  'Abandoned',
  'CustomerCancel',
  'PriceError',
  'ProductOutofStock',
  'CustomerAddressIncorrect',
  'Exchange',
  'Other',
  'CarrierCreditDecision',
  'RiskAssessmentInformationNotValid',
  'CarrierCoverageFailure',
  'TransactionRecord',
  'Undeliverable',
  'RefusedDelivery',
];
const components = ['Principal', 'Shipping', 'Tax', 'ShippingTax', 'GiftWrap', 'Goodwill'];

/** POST_PAYMENT_ADJUSTMENT_DATA: money back for items of an order that has shipped, never more than is left of what was paid. */
export function adjust(state: AmazonState, feed: FeedState, xml: string): string {
  const { currency } = state.marketplace;
  return worked(state, feed, xml, 'OrderAdjustment', (message) => {
    const order = state.orders.get(text(message, 'AmazonOrderID') ?? '');
    if (order === undefined) return 'The Amazon order id was not found';
    if (order.packages.length === 0) return 'The order has not shipped';
    let sum = 0;
    const adjustmentIds: string[] = [];
    for (const item of blocks(message, 'AdjustedItem')) {
      if (!order.items.some(({ id }) => id === text(item, 'AmazonOrderItemCode'))) return 'The item is not of this order';
      if (!adjustmentReasons.includes(text(item, 'AdjustmentReason') ?? '')) return 'The AdjustmentReason is not one of the list';
      adjustmentIds.push(text(item, 'MerchantAdjustmentItemID') ?? '');
      for (const component of blocks(item, 'Component')) {
        if (!components.includes(text(component, 'Type') ?? '')) return 'The component is not one of the list';
        const amount = /<Amount currency="([A-Z]{3})">([^<]*)<\/Amount>/.exec(component);
        if (amount?.[1] !== currency) return 'The currency is not that of the order';
        sum += moneyFromDecimal(amount[2] ?? '', currency).minor;
      }
    }
    if (sum <= 0) return 'The adjustment is for nothing';
    const back = order.refunds.reduce((total, refund) => total + refund.amount, 0);
    if (sum + back > totalOf(state, order)) return 'The adjustment exceeds what is left of the payment';
    order.refunds.push({ adjustmentIds, amount: sum, at: nowMs(state) });
    return null;
  });
}

/** Reads an envelope message by message; gives Amazon's processing report. */
function worked(state: AmazonState, feed: FeedState, xml: string, kind: string, work: (message: string) => string | null): string {
  const messages = blocks(xml, 'Message');
  const faults: Fault[] = [];
  const envelope =
    xml.includes('<AmazonEnvelope') && text(xml, 'MerchantIdentifier') === state.sellerId && text(xml, 'MessageType') === kind;
  if (!envelope) faults.push({ messageId: '0', code: '5001', message: 'XML Parsing Fatal Error: the envelope is not valid' });
  else {
    for (const message of messages) {
      const refusal = work(message);
      if (refusal !== null) faults.push({ messageId: text(message, 'MessageID') ?? '0', code: '18028', message: refusal });
    }
  }
  const results = faults.map(
    ({ messageId, code, message }) =>
      `<Result><MessageID>${messageId}</MessageID><ResultCode>Error</ResultCode><ResultMessageCode>${code}</ResultMessageCode><ResultDescription>${message}</ResultDescription></Result>`,
  );
  const processed = envelope ? messages.length : 0;
  return (
    '<?xml version="1.0" encoding="UTF-8"?><AmazonEnvelope><Header><DocumentVersion>1.02</DocumentVersion>' +
    `<MerchantIdentifier>${state.sellerId}</MerchantIdentifier></Header><MessageType>ProcessingReport</MessageType><Message><MessageID>1</MessageID>` +
    `<ProcessingReport><DocumentTransactionID>${feed.id}</DocumentTransactionID><StatusCode>Complete</StatusCode><ProcessingSummary>` +
    `<MessagesProcessed>${processed}</MessagesProcessed><MessagesSuccessful>${Math.max(0, processed - faults.length)}</MessagesSuccessful>` +
    `<MessagesWithError>${faults.length}</MessagesWithError><MessagesWithWarning>0</MessagesWithWarning></ProcessingSummary>` +
    `${results.join('')}</ProcessingReport></Message></AmazonEnvelope>`
  );
}

function blocks(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}>([\\s\\S]*?)</${name}>`, 'g'))].map((match) => match[1] ?? '');
}

function text(xml: string, name: string): string | null {
  const found = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  if (found === undefined || found === '') return null;
  return found.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&apos;', "'").replaceAll('&amp;', '&');
}
