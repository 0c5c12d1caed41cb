import type { Clock } from '@quartermaster/domain';
import { audit, auditReads, type Audit, type AuditReads } from './audit.ts';
import { buckets, type Buckets } from './buckets.ts';
import { circuitReads, circuits, type CircuitReads, type Circuits } from './circuits.ts';
import { countReads, type CountReads } from './counts.ts';
import { cursorReads, cursors, type CursorReads, type Cursors } from './cursors.ts';
import { decisionReads, decisions, type DecisionReads, type Decisions } from './decisions.ts';
import { exceptionReads, exceptions, type ExceptionReads, type Exceptions } from './exceptions.ts';
import { inbox, inboxReads, type Inbox, type InboxReads } from './inbox.ts';
import { intentReads, intents, type IntentReads, type Intents } from './intents.ts';
import { leaseReads, leases, type LeaseReads, type Leases } from './leases.ts';
import type { ParsedBodies } from './parsed-bodies.ts';
import type { RecordShapes } from './record-shapes.ts';
import { recordReads, records, type RecordReads, type Records } from './records.ts';
import { replicaReads, replicas, type ReplicaReads, type Replicas } from './replicas.ts';
import { restorationReads, restorations, type RestorationReads, type Restorations } from './restoration.ts';
import { retention, type Retention } from './retention.ts';
import { schedules, type Schedules } from './schedules.ts';
import type { WrappingKey } from './sealing.ts';
import type { Store } from './store.ts';
import { subjectKeys } from './subject-keys.ts';
import type { Database } from './tables.ts';
import { vault, vaultReads, type Vault, type VaultReads } from './vault.ts';

/** Everything that may be read, as it was at one moment. */
export type ReadTransaction = {
  readonly inbox: InboxReads;
  readonly cursors: CursorReads;
  readonly records: RecordReads;
  readonly intents: IntentReads;
  readonly exceptions: ExceptionReads;
  readonly audit: AuditReads;
  readonly decisions: DecisionReads;
  readonly vault: VaultReads;
  readonly leases: LeaseReads;
  readonly circuits: CircuitReads;
  readonly replicas: ReplicaReads;
  readonly counts: CountReads;
  readonly restoration: RestorationReads;
};

/** Everything that belongs to one fact, kept together or not at all. */
export type Transaction = {
  readonly inbox: Inbox;
  readonly cursors: Cursors;
  readonly records: Records;
  readonly intents: Intents;
  readonly exceptions: Exceptions;
  readonly schedules: Schedules;
  readonly audit: Audit;
  readonly decisions: Decisions;
  readonly vault: Vault;
  readonly leases: Leases;
  readonly buckets: Buckets;
  readonly circuits: Circuits;
  readonly replicas: Replicas;
  readonly retention: Retention;
  readonly restoration: Restorations;
};

export type TransactionContext = {
  readonly store: Store;
  readonly clock: Clock;
  readonly randomBytes: (size: number) => Uint8Array;
  readonly wrapping: WrappingKey;
  readonly recordShapes: RecordShapes;
  readonly parsed: ParsedBodies;
  readonly onErase: () => void;
};

export function readTransaction(
  db: Database,
  { clock, randomBytes, wrapping, recordShapes, store, parsed }: TransactionContext,
): ReadTransaction {
  const keys = subjectKeys(db, { clock, wrapping, randomBytes, store: null });
  return {
    inbox: inboxReads(db),
    cursors: cursorReads(db),
    records: recordReads(db, { shapes: recordShapes, parsed }),
    intents: intentReads(db, keys),
    exceptions: exceptionReads(db),
    audit: auditReads(db),
    decisions: decisionReads(db),
    vault: vaultReads(db, keys),
    leases: leaseReads(db),
    circuits: circuitReads(db),
    replicas: replicaReads(db),
    counts: countReads(db, { store, clock }),
    restoration: restorationReads(db),
  };
}

/** A writing transaction, and what has to be written last, right before it is committed. */
export function transaction(
  db: Database,
  context: TransactionContext,
): { readonly tx: Transaction; readonly beforeCommit: () => Promise<void> } {
  const { store, clock, randomBytes, wrapping, onErase } = context;
  const keys = subjectKeys(db, { clock, wrapping, randomBytes, store });
  const held = leases(db, { store, clock });
  const trail = audit(db, store);
  return {
    tx: {
      inbox: inbox(db, { store, clock }),
      cursors: cursors(db, clock, held),
      records: records(db, { store, shapes: context.recordShapes, parsed: context.parsed }),
      intents: intents(db, { store, clock, randomBytes, keys }),
      exceptions: exceptions(db, store),
      schedules: schedules(db),
      audit: trail.audit,
      decisions: decisions(db, randomBytes),
      vault: vault(db, { store, clock, keys, randomBytes, onErase }),
      leases: held,
      buckets: buckets(db, { store, clock }),
      circuits: circuits(db, { store, clock }),
      replicas: replicas(db, { store, clock }),
      retention: retention(db),
      restoration: restorations(db),
    },
    beforeCommit: trail.beforeCommit,
  };
}
