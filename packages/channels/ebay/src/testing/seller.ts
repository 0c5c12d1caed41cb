import type { HttpEvent } from '@quartermaster/connector-kit';
import { sandboxFetch, virtualClock, type SandboxApp } from '@quartermaster/connector-kit/sandbox';
import { orderOf, pullAll as pulledSince, type Pulled } from '@quartermaster/connector-kit/testing';
import type { Channel, ChannelCursor, ChannelOrder } from '@quartermaster/domain';
import { ebayChannel, type EbayChannelOptions } from '../channel.ts';
import { createEbaySandbox, type EbaySandbox, type EbaySandboxOptions, type SandboxAddress } from '../sandbox/index.ts';

// The seller that the tests of this package begin with: Berlin and Paris, a mug and tea in both.

export const start = '2026-11-21T09:00:00.000Z';
export const origin = 'https://api.ebay.com';
export const keyset = { clientId: 'Acme-QM-PRD-1', clientSecret: 'PRD-cert-0123456789', refreshToken: 'v^1.1#refresh#abcdef0123' };
export const verificationToken = 'qm_verification-token_0123456789abcdef';
export const locations = { BER: 'berlin', PAR: 'paris' };

export const ada: SandboxAddress = {
  name: 'Ada Example',
  line1: 'Beispielweg 1',
  city: 'Bonn',
  postalCode: '53111',
  countryCode: 'DE',
  phone: '+49 228 000',
};

export type Given = {
  readonly ebay: EbaySandbox;
  readonly channel: Channel;
  /** What the channel was made with. */
  readonly options: EbayChannelOptions;
  readonly clock: ReturnType<typeof virtualClock>;
  /** Names of the operations that went over the wire, in order. */
  readonly calls: string[];
};

export function givenSeller(
  sandboxOptions: Partial<EbaySandboxOptions> = {},
  channelOptions: Partial<EbayChannelOptions> | ((defaults: EbayChannelOptions) => EbayChannelOptions) = {},
  around: (app: SandboxApp, ebay: EbaySandbox) => SandboxApp = (app) => app,
): Given {
  const clock = virtualClock(start);
  const ebay = createEbaySandbox({
    ...keyset,
    clock,
    marketplace: 'EBAY_DE',
    currency: 'EUR',
    locations: Object.values(locations),
    ...sandboxOptions,
  });
  ebay.addItem({ sku: 'MUG', title: 'Mug', price: 1290, stock: { berlin: 10, paris: 3 } });
  ebay.addItem({ sku: 'TEA', title: 'Tea', price: 450, stock: { berlin: 10, paris: 3 } });
  const calls: string[] = [];
  const defaults = {
    ...keyset,
    connection: 'acme-ebay',
    marketplace: 'EBAY_DE',
    locations,
    signingKey: ebay.signingKey(),
    clock,
    random: () => 0.5,
    fetch: sandboxFetch({ [origin]: around(ebay.app, ebay) }),
    onEvent: (event: HttpEvent) => calls.push(event.operation),
  };
  const options = typeof channelOptions === 'function' ? channelOptions(defaults) : { ...defaults, ...channelOptions };
  const channel = ebayChannel(options);
  return { ebay, channel, options, clock, calls };
}

/** Reads all that changed since a cursor. */
export function pullAll(channel: Channel, since: ChannelCursor = channel.cursorAt('2026-01-01T00:00:00.000Z')): Promise<Pulled> {
  return pulledSince(channel, since);
}

/** The order of this id in our words. */
export async function orderNow(channel: Channel, id: string): Promise<ChannelOrder> {
  return (await orderOf(channel, id)).order;
}
