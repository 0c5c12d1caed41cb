import { amazonStand, ebayStand, miraklStand, walmartStand } from './marketplaces.ts';
import { shopifyStand, wooCommerceStand } from './own-shops.ts';
import type { Stand, Surroundings } from './stand.ts';

/** Every channel that has limits, by its connection. */
export const stands: Readonly<Record<string, (surroundings: Surroundings) => Stand>> = {
  shopify: shopifyStand,
  amazon: amazonStand,
  woocommerce: wooCommerceStand,
  ebay: ebayStand,
  walmart: walmartStand,
  mirakl: miraklStand,
};
