import type { ConnectionId } from '@quartermaster/domain';
import type { LeasedIntent } from '@quartermaster/journal';
import { stepOf } from './around.ts';
import { carryOut, lookUp } from './carry-out.ts';
import type { FlowContext } from './context.ts';
import { elsewhere, freePlaces, placesOf, type Places } from './places.ts';
import type { FlowSettings } from './settings.ts';

/** A lease is short, so that what a dead replica held is soon taken back, and is renewed while its call is under way. */
const leaseMs = 60_000;

export type WorkBounds = {
  /** Begins at most so many. */
  readonly atMost?: number;
  /** Begins no more once this says so; what is under way ends. */
  readonly enough?: () => boolean;
  /** Told whenever an effect has ended, however it did. */
  readonly ended?: () => void;
};

/**
 * Carries out what may go and looks up what left without an answer, until nothing is due; returns how many intents that were. Effects of different orders go side by side, so many per connection
 * as the settings say; those of one order go one after the other. On a connection in mode `observe` nothing is carried out, and on one whose circuit is open no more than a probe: it waits. Throws a
 * `JournalError` when the journal fails, after everything that is under way has ended: what was done and could not be noted is found by the next process.
 */
export async function runIntents(context: FlowContext, bounds: WorkBounds = {}): Promise<number> {
  const { atMost = Infinity, enough = () => false, ended = () => undefined } = bounds;
  const places = placesOf(context.settings);
  const placeOf = (intent: LeasedIntent) => (places.has(intent.scope.connection) ? intent.scope.connection : elsewhere);
  const held = new Map<number, LeasedIntent>();
  const underWay = new Map<ConnectionId | typeof elsewhere, number>();
  const failures: unknown[] = [];
  let [begun, over] = [0, 0];
  let stirred = Promise.withResolvers<void>();
  const begin = (intent: LeasedIntent, kind: 'attempt' | 'look-up'): void => {
    const work = kind === 'attempt' ? carryOut : lookUp;
    const place = placeOf(intent);
    begun += 1;
    held.set(intent.id, intent);
    underWay.set(place, (underWay.get(place) ?? 0) + 1);
    void context
      .around(stepOf(kind, intent), () => work(context, intent))
      .catch((error: unknown) => void failures.push(error))
      .finally(() => {
        over += 1;
        underWay.set(place, (underWay.get(place) ?? 0) - 1);
        if (held.get(intent.id) === intent) held.delete(intent.id);
        stirred.resolve();
        ended();
      });
  };
  const stop = context.pulse(leaseMs / 3, () => renew(context, [...held.values()]));
  try {
    for (;;) {
      stirred = Promise.withResolvers();
      const free = freePlaces(places, underWay);
      if (failures.length === 0 && free.size > 0 && begun < atMost && !enough()) {
        const { due, unknown } = await claim(context, free, atMost - begun).catch((error: unknown) => {
          failures.push(error);
          return { due: [], unknown: [] };
        });
        for (const intent of unknown) begin(intent, 'look-up');
        for (const intent of due) begin(intent, 'attempt');
      }
      if (over === begun) break;
      await stirred.promise;
    }
  } finally {
    stop();
  }
  if (failures.length > 0) throw failures[0];
  return begun;
}

/** Leases as much of each connection as has a place. A connection whose circuit is open gets at most one, to probe it, once it may be probed. */
function claim({ journal, clock, circuits, settings, replica }: FlowContext, free: Places, atMost: number) {
  return journal.transaction(async (tx) => {
    const { broken, probe } = await circuits.forClaim(tx);
    const observed = new Set(observedConnections(settings));
    const [due, unknown]: [LeasedIntent[], LeasedIntent[]] = [[], []];
    const claimOf = async (connection: ConnectionId | typeof elsewhere, most: number): Promise<number> => {
      const whose = connection === elsewhere ? { busyConnections: connectionsOf(settings) } : { connections: [connection] };
      const query = (limit: number) => ({ worker: replica.id, now: clock.now(), limit, leaseMs, ...whose });
      const toLookUp = await tx.intents.claimUnknown(query(most));
      const silent = connection !== elsewhere && observed.has(connection);
      const toSend = toLookUp.length === most || silent ? [] : await tx.intents.claim(query(most - toLookUp.length));
      unknown.push(...toLookUp);
      due.push(...toSend);
      return toLookUp.length + toSend.length;
    };
    for (const [connection, most] of free) {
      const limit = Math.min(most, atMost - due.length - unknown.length);
      if (limit > 0 && (connection === elsewhere || !broken.includes(connection))) await claimOf(connection, limit);
    }
    if (probe !== null && (await claimOf(probe, 1)) === 0) await circuits.spare(tx, probe);
    return { due, unknown };
  });
}

async function renew({ journal, clock }: FlowContext, held: readonly LeasedIntent[]): Promise<void> {
  if (held.length === 0) return;
  await journal.transaction(async (tx) => {
    for (const { id, token } of held) await tx.intents.renew(id, token, { now: clock.now(), leaseMs });
  });
}

function connectionsOf({ erp, channels, carriers, notifiers }: FlowSettings): ConnectionId[] {
  return [erp, ...channels, ...carriers, ...notifiers].map(({ connection }) => connection);
}

function observedConnections({ erp, channels, carriers }: FlowSettings): ConnectionId[] {
  return [erp, ...channels, ...carriers].filter(({ mode }) => mode === 'observe').map(({ connection }) => connection);
}
