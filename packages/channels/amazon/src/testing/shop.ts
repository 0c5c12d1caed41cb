import type { HttpEvent } from '@quartermaster/connector-kit';
import { sandboxFetch, virtualClock, type SandboxApp } from '@quartermaster/connector-kit/sandbox';
import { amazonChannel, type AmazonChannel, type AmazonChannelOptions } from '../channel.ts';
import { createAmazonSandbox, type AmazonSandbox, type AmazonSandboxOptions, type SandboxAddress } from '../sandbox/index.ts';

// The seller that the tests of this package begin with: a mug and tea, ten of each, on the German marketplace.

export const start = '2026-11-21T09:00:00.000Z';
export const apiOrigin = 'https://sellingpartnerapi-eu.amazon.com';
export const loginOrigin = 'https://api.amazon.com';
export const sellerId = 'A3TH9S8BH6GOGM';
export const germany = 'A1PA6795UKMFR9';
export const authorization = 'Basic bm90aWZpY2F0aW9uczpodXNo';
export const credentials = {
  clientId: 'amzn1.application-oa2-client.0123',
  clientSecret: 'amzn1.oa2-cs.v1.hush-hush',
  refreshToken: 'Atzr|0123456789abcdef',
};

export const ada: SandboxAddress = {
  name: 'Ada Example',
  addressLine1: 'Beispielweg 1',
  city: 'Bonn',
  postalCode: '53111',
  countryCode: 'DE',
  phone: '+49 228 000',
};

export type Given = {
  readonly shop: AmazonSandbox;
  readonly channel: AmazonChannel;
  readonly clock: ReturnType<typeof virtualClock>;
  /** What went over the wire, in order. */
  readonly events: HttpEvent[];
};

export function givenSeller(
  shopOptions: Partial<AmazonSandboxOptions> = {},
  channelOptions: Partial<AmazonChannelOptions> = {},
  faults: (app: SandboxApp) => SandboxApp = (app) => app,
): Given {
  const clock = virtualClock(start);
  const shop = createAmazonSandbox({ clock, sellerId, credentials, ...shopOptions });
  shop.addListing({ sku: 'MUG', title: 'Mug', price: '12.90', quantity: 10 });
  shop.addListing({ sku: 'TEA', title: 'Tea', price: '4.50', quantity: 10 });
  const events: HttpEvent[] = [];
  const app = faults(shop.app);
  const channel = amazonChannel({
    connection: 'acme-de',
    region: 'eu',
    sellerId,
    marketplaceIds: [shopOptions.marketplace?.id ?? germany],
    credentials,
    clock,
    random: () => 0.5,
    fetch: sandboxFetch({ [apiOrigin]: app, [loginOrigin]: app }),
    onEvent: (event) => events.push(event),
    ...channelOptions,
  });
  return { shop, channel, clock, events };
}
