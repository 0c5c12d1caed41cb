import { sandboxFetch, virtualClock, type SandboxApp } from '@quartermaster/connector-kit/sandbox';
import { shopifyChannel, type ShopifyChannel, type ShopifyChannelOptions } from '../channel.ts';
import { createShopifySandbox, type SandboxAddress, type ShopifySandbox, type ShopifySandboxOptions } from '../sandbox/index.ts';

// The shop that the tests of this package begin with: Berlin and Paris, a mug in both, tea in Berlin only.

export const start = '2026-11-21T09:00:00.000Z';
export const origin = 'https://acme.myshopify.com';
export const token = 'shpat_0123456789abcdef';
export const webhookSecret = 'hush-hush';

export const ada: SandboxAddress = {
  name: 'Ada Example',
  address1: 'Beispielweg 1',
  city: 'Bonn',
  zip: '53111',
  countryCode: 'DE',
  phone: '+49 228 000',
};

export type Given = {
  readonly shop: ShopifySandbox;
  readonly channel: ShopifyChannel;
  readonly clock: ReturnType<typeof virtualClock>;
  /** Names of the operations that went over the wire, in order. */
  readonly calls: string[];
  /** How the shop is reached. */
  readonly fetch: typeof fetch;
  /** Another connection to the same shop. */
  again(channelOptions: Partial<ShopifyChannelOptions>): ShopifyChannel;
};

export function givenShop(
  shopOptions: Partial<ShopifySandboxOptions> = {},
  channelOptions: Partial<ShopifyChannelOptions> = {},
  faults: (app: SandboxApp) => SandboxApp = (app) => app,
): Given {
  const clock = virtualClock(start);
  const shop = createShopifySandbox({
    shop: 'acme',
    accessToken: token,
    webhookSecret,
    clock,
    currency: 'EUR',
    taxesIncluded: true,
    locations: [{ name: 'Berlin' }, { name: 'Paris' }],
    ...shopOptions,
  });
  if (shopOptions.currency === undefined) {
    shop.addVariant({ sku: 'MUG', title: 'Mug', grams: 400, price: '12.90', stock: { Berlin: 10, Paris: 3 } });
    shop.addVariant({ sku: 'TEA', title: 'Tea', grams: 100, price: '4.50', stock: { Berlin: 10 } });
  }
  const calls: string[] = [];
  const fetch = sandboxFetch({ [origin]: faults(shop.app), [shop.storageOrigin]: shop.storage });
  const again = (options: Partial<ShopifyChannelOptions>) =>
    shopifyChannel({
      connection: 'acme-eu',
      shop: 'acme',
      accessToken: token,
      webhookSecret,
      locations: { BER: shop.locationIds['Berlin'] ?? '', PAR: shop.locationIds['Paris'] ?? '' },
      clock,
      random: () => 0.5,
      fetch,
      onEvent: (event) => calls.push(event.operation),
      ...options,
    });
  return { shop, channel: again(channelOptions), clock, calls, fetch, again };
}
