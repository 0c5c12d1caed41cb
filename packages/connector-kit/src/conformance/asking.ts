import {
  isFault,
  type Channel,
  type Reconciled,
  type Safety,
  type ChannelCursor,
  type ConnectorFault,
  type PulledOrder,
  type UnreadableOrder,
} from '@quartermaster/domain';
import assert from 'node:assert/strict';

export type Pulled = {
  readonly orders: readonly PulledOrder[];
  readonly unreadable: readonly UnreadableOrder[];
  /** The cursor behind each page. */
  readonly cursors: readonly ChannelCursor[];
  readonly cursor: ChannelCursor;
};

export const longAgo = '2020-01-01T00:00:00.000Z';

/** Reads all that changed since a cursor, as a process does that is started anew for each page: the cursor goes through JSON. */
export async function pullAll(channel: Channel, since: ChannelCursor = channel.cursorAt(longAgo)): Promise<Pulled> {
  const orders: PulledOrder[] = [];
  const unreadable: UnreadableOrder[] = [];
  const cursors: ChannelCursor[] = [];
  for await (const page of channel.pullOrders(throughJson(since))) {
    orders.push(...page.orders);
    unreadable.push(...(page.unreadable ?? []));
    cursors.push(throughJson(page.cursor));
  }
  return { orders, unreadable, cursors, cursor: cursors.at(-1) ?? throughJson(since) };
}

function throughJson(cursor: ChannelCursor): ChannelCursor {
  const copy: ChannelCursor = JSON.parse(JSON.stringify(cursor));
  return copy;
}

/** The order of this id, which must be there. */
export async function orderOf(channel: Channel, orderId: string): Promise<PulledOrder> {
  const found = await channel.getOrder(orderId);
  assert.ok(found !== null, `order ${orderId} is not there`);
  return found;
}

/** The fault that a call ends in; it must end in one. */
export async function faultOf(call: Promise<unknown>): Promise<ConnectorFault> {
  try {
    await call;
  } catch (error) {
    assert.ok(isFault(error), `not a ConnectorFault: ${String(error)}`);
    return error;
  }
  return assert.fail('no fault');
}

/** The id of the order's line of a SKU. */
export function lineOf({ order }: PulledOrder, sku: string): string {
  const line = order.lines.find((one) => one.sku === sku);
  assert.ok(line !== undefined, `no line of ${sku}`);
  return line.id;
}

/**
 * Carries an effect out as the worker of an intent does, until it is done: after an outcome that is not known an effect that is safe by read-back is looked for before it is made again, any
 * other is made again.
 */
export async function asAWorkerDoes<Result>(
  safety: Safety,
  effect: { make(): Promise<Result>; find(): Promise<Reconciled<Result>> },
): Promise<Result> {
  let unknown = false;
  for (let attempt = 1; attempt <= 10; attempt++) {
    try {
      if (unknown && safety === 'read-back') {
        const seen = await effect.find();
        assert.notEqual(seen.kind, 'cannot-tell', seen.kind === 'cannot-tell' ? seen.check : '');
        if (seen.kind === 'found') return seen.result;
        if (seen.kind === 'pending') continue;
        unknown = false;
      }
      return await effect.make();
    } catch (error) {
      assert.ok(isFault(error), `not a ConnectorFault: ${String(error)}`);
      assert.notEqual(error.facts.retry.kind === 'never' && error.facts.outcome === 'not-applied', true, `refused: ${error.message}`);
      unknown ||= error.facts.outcome === 'unknown';
    }
  }
  return assert.fail('not done after ten attempts');
}
