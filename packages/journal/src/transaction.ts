import type { Clock } from '@quartermaster/domain';
import { audit, auditReads, type Audit, type AuditReads } from './audit.ts';
import { cursorReads, cursors, type CursorReads, type Cursors } from './cursors.ts';
import { decisionReads, decisions, type DecisionReads, type Decisions } from './decisions.ts';
import { exceptionReads, exceptions, type ExceptionReads, type Exceptions } from './exceptions.ts';
import { inbox, inboxReads, type Inbox, type InboxReads } from './inbox.ts';
import { intentReads, intents, type IntentReads, type Intents } from './intents.ts';
import { recordReads, records, type RecordReads, type Records } from './records.ts';
import { schedules, type Schedules } from './schedules.ts';
import type { WrappingKey } from './sealing.ts';
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
};

export type TransactionContext = {
  readonly clock: Clock;
  readonly randomBytes: (size: number) => Uint8Array;
  readonly wrapping: WrappingKey;
  readonly onErase: () => void;
};

export function readTransaction(db: Database, { clock, randomBytes, wrapping }: TransactionContext): ReadTransaction {
  const keys = subjectKeys(db, { clock, wrapping, randomBytes });
  return {
    inbox: inboxReads(db),
    cursors: cursorReads(db),
    records: recordReads(db),
    intents: intentReads(db, keys),
    exceptions: exceptionReads(db),
    audit: auditReads(db),
    decisions: decisionReads(db),
    vault: vaultReads(db, keys),
  };
}

export function transaction(db: Database, { clock, randomBytes, wrapping, onErase }: TransactionContext): Transaction {
  const keys = subjectKeys(db, { clock, wrapping, randomBytes });
  return {
    inbox: inbox(db, clock),
    cursors: cursors(db, clock),
    records: records(db),
    intents: intents(db, { clock, randomBytes, keys }),
    exceptions: exceptions(db),
    schedules: schedules(db),
    audit: audit(db),
    decisions: decisions(db, randomBytes),
    vault: vault(db, { clock, keys, randomBytes, onErase }),
  };
}
