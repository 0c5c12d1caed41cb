import type { HttpEvent } from '@quartermaster/connector-kit';
import { sandboxFetch, virtualClock, type SandboxApp } from '@quartermaster/connector-kit/sandbox';
import { orderOf, pullAll as pulledSince, type Pulled } from '@quartermaster/connector-kit/testing';
import type { Channel, ChannelCursor, ChannelOrder } from '@quartermaster/domain';
import { walmartChannel, type WalmartChannelOptions } from '../channel.ts';
import { createWalmartSandbox, type SandboxAddress, type WalmartSandbox, type WalmartSandboxOptions } from '../sandbox/index.ts';
import { defaultSignatureHeader } from '../webhook.ts';

// The seller that the tests of this package begin with: two ship nodes, a mug and tea in both.

export const start = '2026-11-21T09:00:00.000Z';
export const origin = 'https://marketplace.walmartapis.com';
export const keys = { clientId: 'a1b2c3d4-0000-4000-8000-acme', clientSecret: 'AKh-secret-0123456789' };
export const webhookSecret = 'whs-0123456789abcdef';
export const shipNodes = { BER: '1000005050', PAR: '79897837271126017' };

export const ada: SandboxAddress = {
  name: 'Ada Example',
  line1: '1 Example Way',
  city: 'Warners',
  state: 'NY',
  postalCode: '13164',
  phone: '3155590000',
};

export type Given = {
  readonly walmart: WalmartSandbox;
  readonly channel: Channel;
  readonly clock: ReturnType<typeof virtualClock>;
  /** What went over the wire, in order. */
  readonly events: HttpEvent[];
};

export function givenSeller(
  sandboxOptions: Partial<WalmartSandboxOptions> = {},
  channelOptions: Partial<WalmartChannelOptions> | ((defaults: WalmartChannelOptions) => WalmartChannelOptions) = {},
  around: (app: SandboxApp) => SandboxApp = (app) => app,
): Given {
  const clock = virtualClock(start);
  const walmart = createWalmartSandbox({
    ...keys,
    clock,
    shipNodes: Object.values(shipNodes),
    unsubscribed: { header: defaultSignatureHeader, secret: webhookSecret },
    ...sandboxOptions,
  });
  const stock = { [shipNodes.BER]: 10, [shipNodes.PAR]: 3 };
  walmart.addItem({ sku: 'MUG', title: 'Mug', price: 1290, stock });
  walmart.addItem({ sku: 'TEA', title: 'Tea', price: 450, stock });
  const events: HttpEvent[] = [];
  const defaults: WalmartChannelOptions = {
    ...keys,
    connection: 'acme-walmart',
    shipNodes,
    webhookSecret,
    clock,
    random: () => 0.5,
    fetch: sandboxFetch({ [origin]: around(walmart.app) }),
    onEvent: (event) => events.push(event),
  };
  const channel = walmartChannel(typeof channelOptions === 'function' ? channelOptions(defaults) : { ...defaults, ...channelOptions });
  return { walmart, channel, clock, events };
}

/** Reads all that changed since a cursor. */
export function pullAll(channel: Channel, since: ChannelCursor = channel.cursorAt('2026-01-01T00:00:00.000Z')): Promise<Pulled> {
  return pulledSince(channel, since);
}

/** The order of this id in our words. */
export async function orderNow(channel: Channel, id: string): Promise<ChannelOrder> {
  return (await orderOf(channel, id)).order;
}
