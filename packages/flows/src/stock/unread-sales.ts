import { epochMs, instantOf, type Channel, type ConnectionId, type PushedLevel, type Sku, type StockLevel } from '@quartermaster/domain';
import type { ReadTransaction, Transaction } from '@quartermaster/journal';
import { z } from 'zod';
import { scopeOf, type FlowContext } from '../context.ts';
import { turnTaken } from '../turns.ts';

// What a channel has sold and we have not read yet. A channel that shows less than we think has sold the difference: until those orders are read, nobody may show these units.

const kind = 'unread-sale';
/** `units` is below 0 where orders were read of which the channel's figures were not looked at since. */
const balanceSchema = z.object({ sku: z.string(), units: z.int() });

/** The turn of reading a channel's orders. */
const reading = 'orders';
/** So long after a sale a reading shows it at the latest: Amazon's search shows nothing of the last two minutes, Shopify's is late, too. */
const shownWithinMs = 5 * 60_000;

/**
 * Keeps the balance of what is missing at a channel (`units` above 0) and what was read in an order of it (below 0), which are told in any order. Of units that were read and are not missed soon
 * after, the figure was never lowered.
 */
export async function noteSale(
  tx: Transaction,
  { clock }: Pick<FlowContext, 'clock'>,
  connection: ConnectionId,
  { sku, units: more }: { readonly sku: Sku; readonly units: number },
): Promise<void> {
  if (more === 0) return;
  const at = clock.now();
  const key = `${prefixOf(connection)}${encodeURIComponent(sku)}`;
  const before = await tx.records.get(kind, key, balanceSchema);
  const isForgotten = before !== null && before.body.units < 0 && epochMs(at) - epochMs(before.changedAt) > shownWithinMs;
  const units = (before === null || isForgotten ? 0 : before.body.units) + more;
  await tx.records.put(kind, key, { state: units === 0 ? over : open, body: { sku, units }, at, version: before?.version ?? 0 });
}

/** Units by SKU that channels have sold and that no reading has shown yet. What a reading must have shown by now, had it been sold, was no sale. */
export async function unreadUnits(
  tx: ReadTransaction | Transaction,
  { settings }: Pick<FlowContext, 'settings'>,
): Promise<ReadonlyMap<Sku, number>> {
  const found = new Map<Sku, number>();
  for (const { connection } of settings.channels) {
    const read = await turnTaken(tx, scopeOf(settings, connection), reading);
    const prefix = prefixOf(connection);
    for (let after = prefix; ;) {
      const page = await tx.records.list(kind, balanceSchema, { states: [open], after, limit: 1_000 });
      const own = page.filter(({ key }) => key.startsWith(prefix));
      for (const { body, changedAt } of own) {
        const isRead = read !== null && read >= instantOf(epochMs(changedAt) + shownWithinMs);
        if (!isRead && body.units > 0) found.set(body.sku, (found.get(body.sku) ?? 0) + body.units);
      }
      const last = page.at(-1);
      if (last === undefined || own.length < page.length) break;
      after = last.key;
    }
  }
  return found;
}

/** So many levels are read before they are set, as sales and receipts of some minutes are; of more together (a new price list, a stocktaking) the reading could take longer than the setting. */
const comparedAtMost = 100;

/**
 * Sets levels where they still are what we think, as a channel that compares does by itself; of one that does not, the figures of up to {@link comparedAtMost} are read first, and what differs is
 * stale. Between reading and setting some seconds pass, with a feed some minutes: what is sold then is missing at the next publication only.
 */
export async function pushCompared(
  channel: Channel,
  levels: readonly StockLevel[],
  memo: Parameters<Channel['pushStock']>[1],
): Promise<readonly PushedLevel[]> {
  const compared = channel.capabilities.compareAndSet ? [] : levels.filter(({ expected }) => expected !== null);
  if (compared.length === 0 || compared.length > comparedAtMost) return channel.pushStock(levels, memo);
  const shown = await channel.shownStock(compared);
  const figures = new Map(compared.map((level, nth) => [level, shown[nth] ?? null]));
  const known = new Map<StockLevel, PushedLevel>();
  for (const [level, figure] of figures) {
    if (figure === null || figure === level.expected) continue;
    known.set(level, figure === level.available ? { kind: 'set', was: figure } : { kind: 'stale', actual: figure });
  }
  const rest = levels.filter((level) => !known.has(level));
  const pushed = rest.length === 0 ? [] : await channel.pushStock(rest, memo);
  const answers = new Map([...known, ...rest.map((level, nth) => [level, pushed[nth]] as const)]);
  return levels.flatMap((level) => answers.get(level) ?? []);
}

/** How many units less a channel showed than we thought; 0 where it was as we thought, or is not told. */
export function missingUnits({ expected }: StockLevel, outcome: PushedLevel): number {
  const found = outcome.kind === 'stale' ? outcome.actual : outcome.kind === 'set' ? (outcome.was ?? null) : null;
  return found === null || expected === null ? 0 : Math.max(0, expected - found);
}

const open = 'open';
const over = 'over';

function prefixOf(connection: ConnectionId): string {
  return `${encodeURIComponent(connection)}/`;
}
