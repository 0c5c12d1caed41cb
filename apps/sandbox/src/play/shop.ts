import { createShopifySandbox, type NewOrder, type SandboxAddress, type ShopifySandbox } from '@quartermaster/shopify/sandbox';
import { decimalOf, money, shareUnits, type Address, type Clock } from '@quartermaster/domain';
import { orderTotalMinor, taxMinor, type World, type WorldOrder, type WorldShop } from '../world.ts';

export type ShopAccess = { readonly accessToken: string; readonly webhookSecret: string };

/** Opens an emulated shop of the world: its locations, and every product with the shop's part of the stock at each of them. With `quota: 'none'` it never throttles. */
export function openShop(
  world: World,
  shop: WorldShop,
  access: ShopAccess,
  clock: Clock,
  quota: 'documented' | 'none' = 'documented',
): ShopifySandbox {
  const sandbox = createShopifySandbox({
    shop: shop.shop,
    ...access,
    clock,
    currency: world.currency,
    taxesIncluded: shop.taxesIncluded,
    locations: shop.locations.map(({ name }) => ({ name })),
    ...(quota === 'none' ? { restoreRate: boundless, maximumAvailable: boundless } : {}),
  });
  const units = new Map(world.stock.map((entry) => [`${entry.node} ${entry.sku}`, entry.units]));
  const place = world.shops.findIndex((each) => each.connection === shop.connection);
  const shares = world.shops.map((each) => each.share);
  for (const product of world.products) {
    const stockAt = (node: string): number => shareUnits(units.get(`${node} ${product.sku}`) ?? 0, shares)[place] ?? 0;
    sandbox.addVariant({
      sku: product.sku,
      title: product.title,
      grams: product.grams,
      price: decimalOf(money(product.priceMinor, world.currency)),
      stock: Object.fromEntries(shop.locations.map(({ node, name }) => [name, stockAt(node)])),
    });
  }
  return sandbox;
}

/** Points that nobody uses up. */
const boundless = 1e9;

/**
 * The order in the sandbox's words, paid wholly or not at all: a part that is missing is given back afterwards ({@link missingPayment}). What the shop charges beyond lines,
 * shipping and tax becomes duties, an amount that no line carries.
 */
export function shopOrderOf(order: WorldOrder, shop: WorldShop, currency: string): Omit<NewOrder, 'at'> {
  const decimal = (minor: number): string => decimalOf(money(minor, currency));
  const tax = (minor: number): string => decimal(taxMinor(minor, order.taxPercent, shop.taxesIncluded));
  const beyond = order.totalMinor - orderTotalMinor(order, shop.taxesIncluded);
  const company = order.shipTo?.company;
  return {
    lines: order.lines.map((line) => ({
      sku: line.sku,
      title: line.title,
      quantity: line.quantity,
      price: decimal(line.unitPriceMinor),
      tax: tax(line.unitPriceMinor * line.quantity),
    })),
    shippingTitle: order.service,
    shippingPrice: decimal(order.shippingMinor),
    shippingTax: tax(order.shippingMinor),
    ...(beyond === 0 ? {} : { duties: decimal(beyond) }),
    address: order.shipTo === null ? null : shopAddressOf(order.shipTo),
    email: order.email,
    ...(order.class === 'business' ? { companyName: company ?? order.shipTo?.name ?? order.email } : {}),
    ...(order.purchaseOrderNumber === null ? {} : { poNumber: order.purchaseOrderNumber }),
    financialStatus: order.securedMinor > 0 || order.totalMinor === 0 ? 'PAID' : 'PENDING',
    risk: order.risk === 'high' ? 'HIGH' : 'LOW',
  };
}

/** What of a paid order's total never came, as decimal text; null when it is all there. */
export function missingPayment(order: WorldOrder, currency: string): string | null {
  const missing = order.securedMinor === 0 ? 0 : order.totalMinor - order.securedMinor;
  return missing === 0 ? null : decimalOf(money(missing, currency));
}

/** An address as a customer types it in; empty fields are left out. */
export function shopAddressOf(address: Address): SandboxAddress {
  const [address1 = '', address2 = ''] = address.lines;
  const fields = {
    name: address.name,
    company: address.company ?? '',
    address1,
    address2,
    city: address.city,
    provinceCode: address.region ?? '',
    zip: address.postalCode,
    phone: address.phone ?? '',
  };
  return { ...Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== '')), countryCode: address.country };
}
