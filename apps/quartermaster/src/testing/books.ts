import { moneyFromDecimal, type Money } from '@quartermaster/domain';
import type { EndState } from '@quartermaster/sandbox';

/** Every order in the ERP beside the shop order that its external id stands for: their totals. */
export function totalsSideBySide(end: EndState): { readonly order: string; readonly erp: Money; readonly shop: Money | null }[] {
  const shopTotals = new Map(Object.values(end.orders).map((order) => [externalId(order.shop, order.shopOrderId), order.total]));
  return Object.entries(end.erpOrders).map(([order, { total }]) => {
    const [amount = '', currency = ''] = total.split(' ');
    const shopTotal = shopTotals.get(order);
    return { order, erp: moneyFromDecimal(amount, currency), shop: shopTotal === undefined ? null : moneyFromDecimal(shopTotal, currency) };
  });
}

/** `__qm__.<connection>_<order>_order`, everything but letters and digits as a dash and its code: the rule that the connector's README states. */
export function externalId(connection: string, orderId: string): string {
  const escaped = (part: string) =>
    part.replaceAll(/[^A-Za-z0-9]/g, (sign) => `-${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
  return `__qm__.${escaped(connection)}_${escaped(orderId)}_order`;
}
