import { epochMs } from '@quartermaster/domain';
import { freshnessOf, syncWindowOf } from '@quartermaster/inventory';
import type { CircuitState, IntentState, JournalReader } from '@quartermaster/journal';
import { scopeOf, type FlowContext } from './context.ts';
import { isFull, waitingOf } from './intake/intake-bound.ts';
import { connectionsOf } from './operations/connection-operations.ts';
import { stream } from './intake/intake.ts';
import { lastTurn } from './turns.ts';

export type ConnectionReadiness = {
  readonly connection: string;
  readonly mode: string;
  /** It is neither paused nor broken, and as a channel it was read of late. */
  readonly ready: boolean;
  readonly circuit: CircuitState;
  /** Age of the oldest intent that is on its way; null when there is none. */
  readonly oldestIntentMs: number | null;
  /** Of a channel: when the last reading began that came to its end. */
  readonly lastPull: string | null;
  /** Of a channel: how long ago that was; null when it was never read. */
  readonly lagMs: number | null;
  /** Of a channel: how late it may be read by the policy (`inventory.syncWindows`); null when nothing is declared. */
  readonly windowMinutes: number | null;
  /** Of a channel: it was read too late for that window. */
  readonly behind: boolean;
  /** Of a channel: it is read no further while so much of it waits. */
  readonly heldBack: boolean;
};

/** How every connection does. Throws the journal's `JournalError`. */
export async function readiness(
  context: Pick<FlowContext, 'settings' | 'clock'> & { readonly journal: Pick<JournalReader, 'read'> },
  given: { readonly pullEveryMs: number },
): Promise<ConnectionReadiness[]> {
  const { journal, settings, clock } = context;
  const now = epochMs(clock.now());
  const channels = new Set(settings.channels.map(({ connection }) => connection));
  const all: ConnectionReadiness[] = [];
  const unfinished = await journal.read((tx) => tx.counts.unfinishedIntents());
  for (const { connection, mode } of connectionsOf(context)) {
    const scope = scopeOf(settings, connection);
    const circuit = await journal.read(async (tx) => (await tx.circuits.get(scope))?.state ?? 'closed');
    const [oldestAt] = unfinished
      .filter((intents) => intents.connection === connection && onTheirWay.has(intents.state))
      .map((intents) => intents.oldestAt)
      .sort();
    const isChannel = channels.has(connection);
    const lastPull = isChannel ? await lastTurn({ journal }, scope, stream) : null;
    const lagMs = lastPull === null ? null : now - epochMs(lastPull);
    const pulled = !isChannel || (lagMs !== null && lagMs <= missedTurns * given.pullEveryMs);
    const window = isChannel ? syncWindowOf(settings.inventory, connection) : null;
    const behind = freshnessOf(window, lagMs).kind === 'behind';
    const heldBack = isChannel && isFull(await waitingOf({ journal, settings }, connection));
    const oldestIntentMs = oldestAt === undefined ? null : now - epochMs(oldestAt);
    const ready = pulled && circuit === 'closed';
    const windowMinutes = window?.minutes ?? null;
    all.push({ connection, mode, ready, circuit, oldestIntentMs, lastPull, lagMs, windowMinutes, behind, heldBack });
  }
  return all;
}

const onTheirWay: ReadonlySet<IntentState> = new Set(['ready', 'leased', 'sent', 'unknown']);

/** A channel that was not read for so many turns counts as not ready. */
const missedTurns = 5;
