import { money, moneyFromDecimal } from '@quartermaster/domain';
import { shopifyDecimal } from './amounts.ts';
import type { OrderState, ShopState } from './state.ts';

/** An amount as Shopify shows it: in the shop's currency, and in the one that the customer paid in. */
export type MoneyBagView = Readonly<Record<'shopMoney' | 'presentmentMoney', { readonly amount: string; readonly currencyCode: string }>>;

/** Makes the views of an order's amounts, which are given in minor units of the shop's currency. */
export function bagOf(state: ShopState, order: Pick<OrderState, 'presentment'>): (minor: number) => MoneyBagView {
  return (minor) => {
    const shopMoney = { amount: shopifyDecimal(minor, state.currency), currencyCode: state.currency };
    if (order.presentment === null) return { shopMoney, presentmentMoney: shopMoney };
    const { currency } = order.presentment;
    return {
      shopMoney,
      presentmentMoney: { amount: shopifyDecimal(presentmentMinor(state, order, minor), currency), currencyCode: currency },
    };
  };
}

/** Minor units of the shop's currency of an amount that is said in `currency`: the shop's, or the customer's. */
export function shopMinor(state: ShopState, order: Pick<OrderState, 'presentment'>, amount: string, currency: string): number {
  const { minor } = moneyFromDecimal(amount, currency);
  if (order.presentment === null || currency === state.currency) return minor;
  return Math.round((minor * scaleOf(state.currency)) / scaleOf(currency) / order.presentment.rate);
}

function presentmentMinor(state: ShopState, { presentment }: Pick<OrderState, 'presentment'>, minor: number): number {
  if (presentment === null) return minor;
  return money(Math.round((minor * presentment.rate * scaleOf(presentment.currency)) / scaleOf(state.currency)), presentment.currency)
    .minor;
}

/** Minor units in one unit of a currency. */
function scaleOf(currency: string): number {
  return moneyFromDecimal('1', currency).minor;
}
