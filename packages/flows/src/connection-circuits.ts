import { epochMs, type ConnectionId, type ConnectorFault, type Instant } from '@quartermaster/domain';
import type { Circuit, ReadTransaction, StoredFault, Transaction } from '@quartermaster/journal';
import { circuitPolicy, mayPass, stepCircuit, type CircuitStanding } from './circuit.ts';
import { scopeOf, type FlowContext } from './context.ts';

/** The circuits of the connections, which all replicas share through the journal. */
export type ConnectionCircuits = {
  /** Counts a fault of the connection as a whole; returns how many there were since it last worked. */
  failed(connection: ConnectionId, fault: ConnectorFault): Promise<number>;
  /** The connection answered. Costs nothing while it never failed. True when it was left alone until now. */
  worked(connection: ConnectionId): Promise<boolean>;
  /** Whether to trouble the connection now. True for the one who probes it, too: he owes what came of it. */
  admits(connection: ConnectionId): Promise<boolean>;
  /** What a worker must know who is about to claim: whom to leave alone, and whom he probes with one intent. A probe for which nothing is due is given back: {@link ConnectionCircuits.spare}. */
  forClaim(tx: Transaction): Promise<{ readonly broken: readonly ConnectionId[]; readonly probe: ConnectionId | null }>;
  /** Nothing is due that could probe this connection: again a little later, or, when nothing waits for it at all, it is open to whoever comes next. */
  spare(tx: Transaction, connection: ConnectionId): Promise<void>;
  /** When the first of the connections that something waits for may be probed; null when nothing waits for one. */
  nextProbeAt(tx: ReadTransaction): Promise<Instant | null>;
};

type Needed = Pick<FlowContext, 'journal' | 'settings' | 'clock' | 'random' | 'log'>;

export function connectionCircuits(context: Needed): ConnectionCircuits {
  const { journal, settings, clock, random, log } = context;
  /** Connections that failed, as far as this process knows: only of these a success is worth writing. */
  const shaky = new Set<ConnectionId>();
  return {
    async failed(connection, fault) {
      shaky.add(connection);
      const scope = scopeOf(settings, connection);
      const askedMs = fault.facts.retry.kind === 'after' ? fault.facts.retry.ms : 0;
      const opened = await journal.transaction(async (tx) => {
        const before = standingOf(await tx.circuits.get(scope));
        const at = clock.now();
        const failures = await tx.circuits.noteFailure(scope);
        const after = stepCircuit({ ...before, failures: failures - 1 }, { kind: 'failed', askedMs }, at, random);
        const opens = after.state === 'open' && (before.state !== 'open' || before.until !== after.until);
        const forMs = after.state === 'open' ? Math.max(0, epochMs(after.until) - epochMs(at)) : 0;
        if (opens) await tx.circuits.open(scope, { forMs, reason: fault.code });
        return { failures, forMs, opens };
      });
      if (opened.opens) log({ at: clock.now(), event: 'circuit.opened', connection, code: fault.code, forMs: opened.forMs });
      return opened.failures;
    },
    async worked(connection) {
      if (!shaky.delete(connection)) return false;
      const scope = scopeOf(settings, connection);
      const wasBroken = await journal.transaction(async (tx) => {
        const circuit = await tx.circuits.get(scope);
        // What was under way when a person paused the connection does not end the pause.
        if (isPaused(circuit, clock.now())) return false;
        await tx.circuits.close(scope);
        return standingOf(circuit).state !== 'closed';
      });
      if (wasBroken) log({ at: clock.now(), event: 'circuit.closed', connection });
      return wasBroken;
    },
    async admits(connection) {
      const scope = scopeOf(settings, connection);
      const standing = standingOf(await journal.read((tx) => tx.circuits.get(scope)));
      if (standing.state === 'closed') return true;
      shaky.add(connection);
      if (mayPass(standing, clock.now()) === 'wait') return false;
      return journal.transaction((tx) => tx.circuits.probe(scope, circuitPolicy.probeMs));
    },
    async forClaim(tx) {
      const broken = await ours(tx);
      let probe: ConnectionId | null = null;
      for (const circuit of broken) {
        if (probe !== null || mayPass(standingOf(circuit), clock.now()) !== 'probe') continue;
        if (await tx.circuits.probe(circuit.scope, circuitPolicy.probeMs)) probe = circuit.scope.connection;
      }
      if (probe !== null) shaky.add(probe);
      return { broken: broken.map(({ scope }) => scope.connection), probe };
    },
    async spare(tx, connection) {
      const scope = scopeOf(settings, connection);
      if (await isWaitedFor(tx, connection))
        await tx.circuits.open(scope, { forMs: circuitPolicy.spareMs, reason: 'nothing to try it with' });
      else await tx.circuits.close(scope);
    },
    async nextProbeAt(tx) {
      const times: Instant[] = [];
      for (const { scope, until } of await ours(tx)) {
        if (until !== null && (await isWaitedFor(tx, scope.connection))) times.push(until);
      }
      return times.sort()[0] ?? null;
    },
  };

  async function ours(tx: ReadTransaction | Transaction): Promise<Circuit[]> {
    const { tenant, company } = settings;
    return (await tx.circuits.broken()).filter(({ scope }) => scope.tenant === tenant && scope.company === company);
  }
}

async function isWaitedFor(tx: ReadTransaction | Transaction, connection: ConnectionId): Promise<boolean> {
  const states = ['ready', 'unknown'] as const;
  return (await tx.intents.list({ connections: [connection], states, limit: 1 })).length > 0;
}

const paused = 'paused by ';

/** The reason that a person's pause has in the circuit. */
export function pauseReason(by: string, reason: string): string {
  return `${paused}${by}: ${reason}`;
}

function isPaused(circuit: Circuit | null, now: Instant): boolean {
  return circuit?.state === 'open' && (circuit.until ?? now) > now && circuit.reason?.startsWith(paused) === true;
}

/** Faults of a connection as a whole, not of the one request. */
export function isOutage({ code, status }: StoredFault): boolean {
  if (code === 'unreachable' || code === 'rate-limited' || code === 'unauthorized') return true;
  return code === 'server-error' && (status === 502 || status === 503 || status === 504);
}

function standingOf(circuit: Circuit | null): CircuitStanding {
  if (circuit === null) return { state: 'closed', failures: 0 };
  const { state, failures, until } = circuit;
  return state === 'closed' || until === null ? { state: 'closed', failures } : { state, failures, until };
}
