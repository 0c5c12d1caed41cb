import { epochMs, instantOf, type ConnectionId } from '@quartermaster/domain';
import { freshnessOf, syncWindowOf } from '@quartermaster/inventory';
import type { FlowSettings } from '../settings.ts';
import type { StockFacts } from './stock-facts.ts';

/** By channel with a declared window what a person is to know of it: since when its orders are not read, and what that does to its levels. Null where it is healthy. */
export function channelsBehind(
  settings: Pick<FlowSettings, 'channels' | 'inventory'>,
  facts: Pick<StockFacts, 'lagMs' | 'now'>,
): Map<ConnectionId, string | null> {
  const found = new Map<ConnectionId, string | null>();
  for (const { connection, mode } of settings.channels) {
    const window = syncWindowOf(settings.inventory, connection);
    if (window === null || mode !== 'auto') continue;
    const lagMs = facts.lagMs(connection);
    const freshness = freshnessOf(window, lagMs);
    if (freshness.kind === 'healthy') {
      found.set(connection, null);
      continue;
    }
    const since = lagMs === null ? 'it was never read' : `it was last read at ${instantOf(epochMs(facts.now) - lagMs)}`;
    const does = freshness.buffer === 'stop' || lagMs === null ? 'it shows nothing' : 'it shows less by what it may have sold since';
    found.set(connection, `${since}, and its window is ${window.minutes} minutes: ${does} until it is read again`);
  }
  return found;
}
