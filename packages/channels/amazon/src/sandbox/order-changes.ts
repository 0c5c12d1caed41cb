import { digits, next, nowMs, timeText, type AmazonState, type OrderState } from './state.ts';

/** An order changed: its time says so, and a notification waits to be delivered. */
export function changed(state: AmazonState, order: OrderState, type: 'OrderStatusChange' | 'BuyerRequestedChange'): void {
  order.updatedAt = nowMs(state);
  const id = notificationId(next(state, 'notification'));
  const time = new Date(order.updatedAt).toISOString();
  const statuses = {
    PENDING: 'Pending',
    UNSHIPPED: 'Unshipped',
    PARTIALLY_SHIPPED: 'PartiallyShipped',
    SHIPPED: 'Shipped',
    CANCELLED: 'Canceled',
  };
  const text = JSON.stringify({
    NotificationVersion: '1.0',
    NotificationType: 'ORDER_CHANGE',
    PayloadVersion: '1.0',
    EventTime: time,
    Payload: {
      OrderChangeNotification: {
        NotificationLevel: 'OrderLevel',
        SellerId: state.sellerId,
        AmazonOrderId: order.id,
        OrderChangeType: type,
        OrderChangeTrigger: { TimeOfOrderChange: time, ChangeReason: type === 'BuyerRequestedChange' ? 'Buyer Requested Cancel' : null },
        Summary: {
          MarketplaceId: state.marketplace.id,
          OrderStatus: statuses[order.status],
          PurchaseDate: timeText(order.createdAt),
          FulfillmentType: order.fulfilledBy === 'AMAZON' ? 'AFN' : 'MFN',
          OrderType: 'StandardOrder',
          OrderItems: order.items.map((item) => ({ OrderItemId: item.id, SellerSKU: item.sku, Quantity: item.quantity })),
        },
      },
    },
    NotificationMetadata: {
      ApplicationId: 'amzn1.sp.solution.sandbox',
      SubscriptionId: 'sandbox-subscription',
      PublishTime: time,
      NotificationId: id,
    },
  });
  state.notifications.push({ id, text });
}

function notificationId(number: number): string {
  const text = digits(32, 'notification', String(number));
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join('-');
}
