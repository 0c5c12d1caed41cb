import { sandboxFetch, virtualClock, type SandboxApp } from '@quartermaster/connector-kit/sandbox';
import type { HttpEvent } from '@quartermaster/connector-kit';
import type { Channel } from '@quartermaster/domain';
import { wooCommerceChannel, type WooCommerceChannelOptions } from '../channel.ts';
import {
  createWooCommerceSandbox,
  type SandboxAddress,
  type WooCommerceSandbox,
  type WooCommerceSandboxOptions,
} from '../sandbox/index.ts';

// The shop that the tests of this package begin with: in Berlin, over https, with ten mugs and ten teas.

export const start = '2026-11-21T09:00:00.000Z';
export const origin = 'https://shop.example';
export const keys = { consumerKey: 'ck_0123456789abcdef', consumerSecret: 'cs_fedcba9876543210' };
export const webhookSecret = 'hush-hush';

export const ada: SandboxAddress = {
  first_name: 'Ada',
  last_name: 'Example',
  company: '',
  address_1: 'Beispielweg 1',
  address_2: '',
  city: 'Bonn',
  state: '',
  postcode: '53111',
  country: 'DE',
  phone: '+49 228 000',
};

export type Given = {
  readonly shop: WooCommerceSandbox;
  readonly channel: Channel;
  readonly clock: ReturnType<typeof virtualClock>;
  /** Every exchange so far, in order. */
  readonly exchanges: HttpEvent[];
};

export function givenShop(
  shopOptions: Partial<WooCommerceSandboxOptions> = {},
  channelOptions: Partial<WooCommerceChannelOptions> = {},
  faults: (app: SandboxApp) => SandboxApp = (app) => app,
  from = start,
): Given {
  const clock = virtualClock(from);
  const at = shopOptions.origin ?? origin;
  const shop = createWooCommerceSandbox({
    origin: at,
    ...keys,
    clock,
    currency: 'EUR',
    taxesIncluded: true,
    zone: 'Europe/Berlin',
    ...shopOptions,
  });
  if (shopOptions.currency === undefined) {
    shop.addProduct({ sku: 'MUG', name: 'Mug', price: '12.90', stock: 10 });
    shop.addProduct({ sku: 'TEA', name: 'Tea', price: '4.50', stock: 10 });
  }
  const exchanges: HttpEvent[] = [];
  const channel = wooCommerceChannel({
    connection: 'acme-woo',
    origin: at,
    ...keys,
    webhookSecret,
    clock,
    random: () => 0.5,
    fetch: sandboxFetch({ [new URL(at).origin]: faults(shop.app) }),
    onEvent: (event) => exchanges.push(event),
    ...channelOptions,
  });
  return { shop, channel, clock, exchanges };
}
