import type { Channel, ChannelCursor, PulledOrder, UnreadableOrder } from '@quartermaster/domain';

/** The order as the channel gives it now; it must be there. */
export async function orderNow(channel: Channel, id: string): Promise<PulledOrder> {
  const found = await channel.getOrder(id);
  if (found === null) throw new RangeError(`no order ${id}`);
  return found;
}

export async function pullAll(channel: Channel, since: ChannelCursor) {
  const orders: PulledOrder[] = [];
  const unreadable: UnreadableOrder[] = [];
  let cursor = since;
  for await (const page of channel.pullOrders(since)) {
    orders.push(...page.orders);
    unreadable.push(...(page.unreadable ?? []));
    ({ cursor } = page);
  }
  return { orders, unreadable, cursor };
}
