import type { ConnectionId } from '@quartermaster/domain';
import type { LeasedIntent } from '@quartermaster/journal';
import { stepOf } from './around.ts';
import { carryOut, lookUp } from './carry-out.ts';
import type { FlowContext } from './context.ts';
import type { FlowSettings } from './settings.ts';

/**
 * So many effects side by side. It claims when half of the places are free, so that claims share a transaction, and what is begun at once can go to its vendor as one call. A lease is short, so that what a dead replica held is soon taken
 * back, and is renewed while its call is under way.
 */
const pool = { places: 32, worthClaiming: 16, leaseMs: 60_000 };

export type WorkBounds = {
  /** Begins at most so many. */
  readonly atMost?: number;
  /** Begins no more once this says so; what is under way ends. */
  readonly enough?: () => boolean;
};

/**
 * Carries out what may go and looks up what left without an answer, until nothing is due; returns how many intents that were. Effects of different orders go side by side, those of one
 * order one after the other. On a connection in mode `observe` nothing is carried out, and on one whose circuit is open no more than a probe: it waits. Throws a `JournalError` when the
 * journal fails, after everything that is under way has ended: what was done and could not be noted is found by the next process.
 */
export async function runIntents(context: FlowContext, { atMost = Infinity, enough = () => false }: WorkBounds = {}): Promise<number> {
  const held = new Map<number, LeasedIntent>();
  const underWay = new Set<Promise<void>>();
  const failures: unknown[] = [];
  let begun = 0;
  const begin = (intent: LeasedIntent, kind: 'attempt' | 'look-up'): void => {
    const work = kind === 'attempt' ? carryOut : lookUp;
    begun += 1;
    held.set(intent.id, intent);
    const run = context
      .around(stepOf(kind, intent), () => work(context, intent))
      .catch((error: unknown) => void failures.push(error))
      .finally(() => {
        underWay.delete(run);
        if (held.get(intent.id) === intent) held.delete(intent.id);
      });
    underWay.add(run);
  };
  const stop = context.pulse(pool.leaseMs / 3, () => renew(context, [...held.values()]));
  try {
    for (;;) {
      const free = Math.min(pool.places - underWay.size, atMost - begun);
      const claims = failures.length === 0 && free > 0 && (underWay.size === 0 || free >= pool.worthClaiming) && !enough();
      if (claims) {
        const { due, unknown } = await claim(context, free).catch((error: unknown) => {
          failures.push(error);
          return { due: [], unknown: [] };
        });
        for (const intent of unknown) begin(intent, 'look-up');
        for (const intent of due) begin(intent, 'attempt');
      }
      if (underWay.size === 0) break;
      await Promise.race(underWay);
    }
  } finally {
    stop();
  }
  if (failures.length > 0) throw failures[0];
  return begun;
}

/** Leases up to `limit` intents. A connection whose circuit is open gets at most one, to probe it, once it may be probed. */
function claim({ journal, clock, circuits, settings, replica }: FlowContext, limit: number) {
  return journal.transaction(async (tx) => {
    const query = (most: number) => ({ worker: replica.id, now: clock.now(), limit: most, leaseMs: pool.leaseMs });
    const { broken, probe } = await circuits.forClaim(tx);
    const unknown = await tx.intents.claimUnknown({ ...query(limit), busyConnections: broken });
    const observed = observedConnections(settings);
    const due =
      unknown.length === limit
        ? []
        : await tx.intents.claim({ ...query(limit - unknown.length), busyConnections: [...observed, ...broken] });
    if (probe === null) return { due, unknown };
    const toLookUp = await tx.intents.claimUnknown({ ...query(1), connections: [probe] });
    const toSend = toLookUp.length > 0 ? [] : await tx.intents.claim({ ...query(1), connections: [probe], busyConnections: observed });
    if (toLookUp.length + toSend.length === 0) await circuits.spare(tx, probe);
    return { due: [...due, ...toSend], unknown: [...unknown, ...toLookUp] };
  });
}

async function renew({ journal, clock }: FlowContext, held: readonly LeasedIntent[]): Promise<void> {
  if (held.length === 0) return;
  await journal.transaction(async (tx) => {
    for (const { id, token } of held) await tx.intents.renew(id, token, { now: clock.now(), leaseMs: pool.leaseMs });
  });
}

function observedConnections({ erp, channels, carriers }: FlowSettings): ConnectionId[] {
  return [erp, ...channels, ...carriers].filter(({ mode }) => mode === 'observe').map(({ connection }) => connection);
}
