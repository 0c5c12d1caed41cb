import { decimalOf, type CancelReason, type Money, type RefundReason } from '@quartermaster/domain';

// The XML feeds that orders still need: acknowledgements (which cancel, too) and payment adjustments. Element names are those of Amazon's XSD 1.x as sellers use them.

export type AcknowledgedOrder =
  | { readonly orderId: string; readonly status: 'Success'; readonly ourRef: string }
  | { readonly orderId: string; readonly status: 'Failure'; readonly itemIds: readonly string[]; readonly reason: CancelReason };

/** A feed POST_ORDER_ACKNOWLEDGEMENT_DATA; message numbers count from 1. */
export function acknowledgementFeed(sellerId: string, orders: readonly AcknowledgedOrder[]): string {
  return envelope(sellerId, 'OrderAcknowledgement', orders.map(acknowledgementOf));
}

function acknowledgementOf(order: AcknowledgedOrder): string {
  const id = element('AmazonOrderID', order.orderId);
  const status = element('StatusCode', order.status);
  if (order.status === 'Success')
    return `<OrderAcknowledgement>${id}${element('MerchantOrderID', order.ourRef)}${status}</OrderAcknowledgement>`;
  const items = order.itemIds.map(
    (itemId) => `<Item>${element('AmazonOrderItemCode', itemId)}${element('CancelReason', cancelWords[order.reason])}</Item>`,
  );
  return `<OrderAcknowledgement>${id}${status}${items.join('')}</OrderAcknowledgement>`;
}

export type AdjustedItem = {
  readonly itemId: string;
  /** Ours; it stands in the settlement report. */
  readonly adjustmentId: string;
  readonly components: readonly { readonly type: 'Principal' | 'Tax' | 'Shipping' | 'ShippingTax' | 'Goodwill'; readonly amount: Money }[];
};

/** A feed POST_PAYMENT_ADJUSTMENT_DATA of one order. */
export function adjustmentFeed(
  sellerId: string,
  order: { readonly orderId: string; readonly reason: RefundReason; readonly items: readonly AdjustedItem[] },
): string {
  const items = order.items.map(({ itemId, adjustmentId, components }) => {
    const parts = components.map(
      ({ type, amount }) =>
        `<Component>${element('Type', type)}<Amount currency="${escaped(amount.currency)}">${decimalOf(amount)}</Amount></Component>`,
    );
    const reason = element('AdjustmentReason', refundWords[order.reason]);
    const prices = `<ItemPriceAdjustments>${parts.join('')}</ItemPriceAdjustments>`;
    return `<AdjustedItem>${element('AmazonOrderItemCode', itemId)}${element('MerchantAdjustmentItemID', adjustmentId)}${reason}${prices}</AdjustedItem>`;
  });
  return envelope(sellerId, 'OrderAdjustment', [
    `<OrderAdjustment>${element('AmazonOrderID', order.orderId)}${items.join('')}</OrderAdjustment>`,
  ]);
}

/** What Amazon refused of a feed: by message number, in its words. Null where the text is no processing report. */
export function processingErrors(report: string): ReadonlyMap<number, string> | null {
  if (!report.includes('<ProcessingReport>') || !report.includes('</AmazonEnvelope>')) return null;
  const errors = new Map<number, string>();
  for (const [, result] of report.matchAll(/<Result>([\s\S]*?)<\/Result>/g)) {
    const said = (name: string) => new RegExp(`<${name}>([\\s\\S]*?)</${name}>`).exec(result ?? '')?.[1] ?? '';
    if (said('ResultCode') === 'Error')
      errors.set(Number(said('MessageID')), said('ResultDescription').trim() || said('ResultMessageCode'));
  }
  return errors;
}

const cancelWords: Readonly<Record<CancelReason, string>> = {
  customer: 'BuyerCanceled',
  'out-of-stock': 'NoInventory',
  fraud: 'RiskAssessmentInformationNotValid',
  address: 'ShippingAddressUndeliverable',
  price: 'PricingError',
  other: 'GeneralAdjustment',
};

const refundWords: Readonly<Record<RefundReason, string>> = {
  returned: 'CustomerReturn',
  cancelled: 'CustomerCancel',
  lost: 'CouldNotShip',
  damaged: 'CustomerReturn',
  goodwill: 'GeneralAdjustment',
  price: 'PriceError',
  other: 'Other',
};

function envelope(sellerId: string, kind: string, messages: readonly string[]): string {
  const header = `<Header><DocumentVersion>1.01</DocumentVersion>${element('MerchantIdentifier', sellerId)}</Header>`;
  const numbered = messages.map((message, index) => `<Message><MessageID>${index + 1}</MessageID>${message}</Message>`);
  return `<?xml version="1.0" encoding="UTF-8"?><AmazonEnvelope>${header}<MessageType>${kind}</MessageType>${numbered.join('')}</AmazonEnvelope>`;
}

function element(name: string, text: string): string {
  return `<${name}>${escaped(text)}</${name}>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&apos;');
}
