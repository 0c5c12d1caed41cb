import { amountOf, timeText, type AmazonState, type ItemState, type OrderState } from './state.ts';

/** Units of an item by package, all together. */
export function shippedUnits(order: OrderState, itemId: string): number {
  return order.packages.reduce((sum, one) => sum + (one.units.get(itemId) ?? 0), 0);
}

/** What an item comes to for the customer. */
export function itemTotal(state: AmazonState, item: ItemState): number {
  const tax = state.marketplace.taxesIncluded ? 0 : item.tax + item.shippingTax;
  return item.unitPrice * item.quantity - item.discount + item.shipping + item.giftWrap + tax;
}

export function totalOf(state: AmazonState, order: OrderState): number {
  return order.items.reduce((sum, item) => sum + itemTotal(state, item), 0);
}

/** An order as Orders 2026-01-01 shows it: who and where only of what is to be shipped by the seller, money only of what is not pending or cancelled. */
export function orderView(state: AmazonState, order: OrderState, included: ReadonlySet<string>) {
  const { currency, id, name } = state.marketplace;
  const withPerson = order.fulfilledBy === 'MERCHANT' && ['UNSHIPPED', 'PARTIALLY_SHIPPED', 'SHIPPED'].includes(order.status);
  const withMoney = order.status !== 'PENDING' && order.status !== 'CANCELLED';
  const { buyer } = order;
  return {
    orderId: order.id,
    ...(order.sellerOrderId === null ? {} : { orderAliases: [{ aliasId: order.sellerOrderId, aliasType: 'SELLER_ORDER_ID' }] }),
    createdTime: timeText(order.createdAt),
    lastUpdatedTime: timeText(order.updatedAt),
    ...(order.programs.length === 0 ? {} : { programs: order.programs }),
    salesChannel: { channelName: 'AMAZON', marketplaceId: id, marketplaceName: name },
    ...(included.has('BUYER') && withPerson
      ? {
          buyer: {
            buyerName: buyer.name,
            buyerEmail: buyer.email,
            ...(buyer.company === null ? {} : { buyerCompanyName: buyer.company }),
            ...(buyer.purchaseOrder === null ? {} : { buyerPurchaseOrderNumber: buyer.purchaseOrder }),
          },
        }
      : {}),
    ...(included.has('RECIPIENT') && withPerson ? { recipient: { deliveryAddress: order.address } } : {}),
    ...(included.has('PROCEEDS') && withMoney ? { proceeds: { grandTotal: amountOf(totalOf(state, order), currency) } } : {}),
    ...(included.has('PAYMENT') && withMoney
      ? { payment: { paymentExecutions: [{ paymentMethod: 'Standard', paymentAmount: amountOf(totalOf(state, order), currency) }] } }
      : {}),
    ...(included.has('FULFILLMENT')
      ? {
          fulfillment: {
            fulfillmentStatus: order.status,
            fulfilledBy: order.fulfilledBy,
            fulfillmentServiceLevel: 'STANDARD',
            shipByWindow: { earliestDateTime: timeText(order.createdAt), latestDateTime: timeText(order.createdAt + 2 * 86_400_000) },
          },
        }
      : {}),
    orderItems: order.items.map((item) => itemView(state, order, item, included)),
    ...(included.has('PACKAGES') && order.packages.length > 0
      ? {
          packages: order.packages.map((one) => ({
            packageReferenceId: one.reference,
            createdTime: timeText(one.createdAt),
            packageStatus: { status: 'SHIPPED' },
            carrier: one.carrier,
            shipTime: timeText(one.shippedAt),
            ...(one.shippingMethod === null ? {} : { shippingService: one.shippingMethod }),
            trackingNumber: one.trackingNumber,
            packageItems: [...one.units].map(([orderItemId, quantity]) => ({ orderItemId, quantity })),
          })),
        }
      : {}),
  };
}

function itemView(state: AmazonState, order: OrderState, item: ItemState, included: ReadonlySet<string>) {
  const { currency } = state.marketplace;
  const shipped = shippedUnits(order, item.id);
  const gone = order.status === 'CANCELLED';
  const priced = order.status !== 'PENDING';
  return {
    orderItemId: item.id,
    quantityOrdered: item.quantity,
    product: {
      asin: state.listings.get(item.sku)?.asin ?? 'B000000000',
      title: item.title,
      sellerSku: item.sku,
      ...(priced ? { price: { unitPrice: amountOf(item.unitPrice, currency) } } : {}),
    },
    ...(included.has('PROCEEDS') && priced && !gone ? { proceeds: proceedsView(state, item) } : {}),
    ...(included.has('CANCELLATION') && (gone || item.cancelRequested !== null)
      ? {
          cancellation: {
            ...(item.cancelRequested === null ? {} : { cancellationRequest: { requester: 'BUYER', cancelReason: item.cancelRequested } }),
            ...(gone ? { cancellationExecution: { cancelledBy: order.cancelledBy ?? 'AMAZON', cancelReason: 'No reason given' } } : {}),
          },
        }
      : {}),
    ...(included.has('FULFILLMENT')
      ? { fulfillment: { quantityFulfilled: shipped, quantityUnfulfilled: gone ? 0 : item.quantity - shipped } }
      : {}),
    ...(included.has('TAX') && order.remittedTax && priced
      ? { tax: { taxCollections: [{ model: 'MARKETPLACE_FACILITATOR', responsibleParty: 'Amazon Services' }] } }
      : {}),
  };
}

function proceedsView(state: AmazonState, item: ItemState) {
  const { currency } = state.marketplace;
  const amount = (minor: number) => amountOf(minor, currency);
  const tax = item.tax + item.shippingTax;
  return {
    proceedsTotal: amount(itemTotal(state, item)),
    breakdowns: [
      { type: 'ITEM', subtotal: amount(item.unitPrice * item.quantity) },
      ...(item.shipping === 0 ? [] : [{ type: 'SHIPPING', subtotal: amount(item.shipping) }]),
      ...(item.giftWrap === 0 ? [] : [{ type: 'GIFT_WRAP', subtotal: amount(item.giftWrap) }]),
      ...(tax === 0
        ? []
        : [
            {
              type: 'TAX',
              subtotal: amount(tax),
              detailedBreakdowns: [
                { subtype: 'ITEM', value: amount(item.tax) },
                ...(item.shippingTax === 0 ? [] : [{ subtype: 'SHIPPING', value: amount(item.shippingTax) }]),
              ],
            },
          ]),
      ...(item.discount === 0
        ? []
        : [
            {
              type: 'DISCOUNT',
              subtotal: amount(-item.discount),
              detailedBreakdowns: [{ subtype: 'ITEM', value: amount(-item.discount) }],
            },
          ]),
    ],
  };
}
