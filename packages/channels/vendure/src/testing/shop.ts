import type { HttpEvent } from '@quartermaster/connector-kit';
import { sandboxFetch, virtualClock, type SandboxApp } from '@quartermaster/connector-kit/sandbox';
import type { Channel } from '@quartermaster/domain';
import { vendureChannel, type VendureChannelOptions } from '../channel.ts';
import { createVendureSandbox, type VendureSandbox, type VendureSandboxOptions } from '../sandbox/index.ts';

export const origin = 'https://shop.example';
export const token = 'key-0123456789';
export const stockLocations = { BER: '1', PAR: '2' };

/** A shop with two stock locations, and the channel to it. */
export function givenShop(
  shopOptions: Partial<VendureSandboxOptions> = {},
  channelOptions: Partial<VendureChannelOptions> = {},
  faults: (app: SandboxApp) => SandboxApp = (app) => app,
  from = '2026-11-21T09:00:00.000Z',
) {
  const clock = virtualClock(from);
  const shop: VendureSandbox = createVendureSandbox({ clock, token, locations: { '1': 'Berlin', '2': 'Paris' }, ...shopOptions });
  const exchanges: HttpEvent[] = [];
  const channel: Channel = vendureChannel({
    connection: 'acme-vendure',
    url: `${origin}/admin-api`,
    token,
    stockLocations,
    clock,
    random: () => 0.5,
    fetch: sandboxFetch({ [origin]: faults(shop.app) }),
    onEvent: (event) => exchanges.push(event),
    ...channelOptions,
  });
  return { clock, shop, channel, exchanges };
}

/** The same with cups and tea on the shelves. */
export function givenStockedShop(shopOptions: Partial<VendureSandboxOptions> = {}, channelOptions: Partial<VendureChannelOptions> = {}) {
  const given = givenShop(shopOptions, channelOptions);
  given.shop.addVariant({ sku: 'MUG', name: 'Mug', price: 1290, stock: { '1': 10, '2': 3 } });
  given.shop.addVariant({ sku: 'TEA', name: 'Tea', price: 450, stock: { '1': 10, '2': 3 } });
  return given;
}
