import { orderKey, type ChannelReturn, type ConnectionId } from '@quartermaster/domain';
import type { Transaction } from '@quartermaster/journal';
import { scopeOf, type FlowContext } from './context.ts';
import { beginningOf, cursorSchema } from './intake/intake.ts';
import { applyNews, findCase } from './order-cases.ts';
import { jsonOf } from './plain-json.ts';
import { speakingTo } from './speaking-to.ts';
import { takeTurn, type Urgency } from './turns.ts';

/** The turn of reading returns of a channel, and its cursor. */
const stream = 'returns';
/** Longer than a page takes: some channels make a report first. */
const leaseMs = 10 * 60_000;

/**
 * Reads what customers of a channel send back since last time, the first time since its orders are ours, and keeps it with the orders; nothing else follows. A return of an order that we do
 * not have is left aside. Returns how many were read; null when the channel tells of none, was never read, or it was left to another replica.
 */
export async function pullReturns(context: FlowContext, connection: ConnectionId, urgency: Urgency): Promise<number | null> {
  const { journal, settings, channels } = context;
  const channel = channels.get(connection);
  const reading = channel?.returns ?? null;
  if (channel === undefined || reading === null) return null;
  const scope = scopeOf(settings, connection);
  const since = await journal.read((tx) => beginningOf(tx, scope));
  if (since === null) return null;
  return takeTurn(context, { name: stream, connection, leaseMs }, urgency, async (held) => {
    const kept = await journal.read((tx) => tx.cursors.get(scope, stream, cursorSchema));
    let read = 0;
    const pages = reading.pullReturns(kept ?? channel.cursorAt(since))[Symbol.asyncIterator]();
    for (;;) {
      const { done, value: page } = await speakingTo(connection, () => pages.next());
      if (done === true) return read;
      await journal.transaction(async (tx) => {
        await held.guard(tx);
        for (const each of page.returns) await keepReturn(tx, context, connection, each);
        await tx.cursors.set(scope, stream, jsonOf(page.cursor), held.lease);
      });
      read += page.returns.length;
    }
  });
}

async function keepReturn(tx: Transaction, context: FlowContext, connection: ConnectionId, told: ChannelReturn): Promise<void> {
  const key = orderKey(scopeOf(context.settings, connection), told.orderId);
  if ((await findCase(tx, key)) === null) return;
  const { orderId: _orderId, lines, trackingNumbers, ...fact } = told;
  await applyNews(tx, context, key, {
    kind: 'return-told',
    fact: { ...fact, lines: lines.map((line) => ({ ...line })), trackingNumbers: [...trackingNumbers] },
  });
}
