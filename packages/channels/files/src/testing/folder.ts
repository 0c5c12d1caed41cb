import { virtualClock } from '@quartermaster/connector-kit/sandbox';
import { pullAll as pulledSince } from '@quartermaster/connector-kit/testing';
import type { Channel, ChannelCursor } from '@quartermaster/domain';
import { filesChannel, type FilesChannelOptions } from '../channel.ts';
import { createFilesSandbox, type FilesSandbox, type FilesSandboxOptions } from '../sandbox/index.ts';
import { jsonOfOrders } from '../sandbox/order-text.ts';
import type { FileOrder } from '../wire.ts';

export const start = '2026-11-21T09:00:00.000Z';

export type Given = { readonly partner: FilesSandbox; readonly channel: Channel; readonly clock: ReturnType<typeof virtualClock> };

/** A folder with its partner, who sells a mug and tea from warehouse BERLIN, our node BER. */
export function givenFolder(channelOptions: Partial<FilesChannelOptions> = {}, partnerOptions: Partial<FilesSandboxOptions> = {}): Given {
  const clock = virtualClock(start);
  const partner = createFilesSandbox({ clock, warehouses: ['BERLIN', 'PARIS'], ...partnerOptions });
  partner.addItem({ sku: 'MUG', title: 'Mug' });
  partner.addItem({ sku: 'TEA', title: 'Tea' });
  return { partner, clock, channel: channelOf(partner, clock, channelOptions) };
}

/** A channel to the same folder, as another process has it. */
export function channelOf(partner: FilesSandbox, clock: Given['clock'], options: Partial<FilesChannelOptions> = {}): Channel {
  return filesChannel({
    connection: 'acme-3pl',
    partner: 'Acme Logistics',
    directory: partner.directory,
    warehouses: { BER: 'BERLIN', PAR: 'PARIS' },
    clock,
    random: () => 0.5,
    ...options,
  });
}

/** An order of two mugs, as a partner writes it. */
export function mugOrder(id: string, given: Partial<FileOrder> = {}): FileOrder {
  return {
    order_id: id,
    status: 'open',
    placed_at: start,
    updated_at: start,
    currency: 'EUR',
    taxes_included: true,
    payment: 'paid',
    class: 'business',
    lines: [{ line_id: '1', sku: 'MUG', kind: 'product', quantity: 2, unit_price: '12.90' }],
    total: '25.80',
    ...given,
  };
}

export function orderText(...orders: readonly FileOrder[]): string {
  return jsonOfOrders(orders);
}

/** Reads all that changed since a cursor, with the ids of the orders. */
export async function pullAll(channel: Channel, since?: ChannelCursor) {
  const pulled = await pulledSince(channel, since);
  return { ...pulled, ids: pulled.orders.map(({ order }) => order.id) };
}
