import type { Safety } from '@quartermaster/domain';
import type { Generated, Kysely } from 'kysely';
import type { CircuitState } from './circuits.ts';
import type { IntentState } from './intent-state.ts';

/**
 * The tables as kysely sees them, in both stores; `migrations.ts` makes them. Ids are whole numbers below 2^53, instants ISO text in UTC that sorts as text, JSON is text, flags are 0 or
 * 1, and there are no database enums.
 */
export type Tables = {
  meta: { name: string; value: string };
  inbox: ScopeColumns & {
    id: Generated<number>;
    kind: string;
    vendor_id: string;
    revision: string;
    subject: string | null;
    body: string;
    received_at: string;
    handled_at: string | null;
  };
  cursor_position: ScopeColumns & { stream: string; position: string; changed_at: string; fence: number | null };
  record: {
    kind: string;
    key: string;
    state: string;
    version: number;
    body: string;
    created_at: string;
    changed_at: string;
    shape: number;
    name: string | null;
    due_queue: string | null;
    due_at: string | null;
  };
  intent: ScopeColumns & {
    id: Generated<number>;
    key: string;
    kind: string;
    order_key: string;
    subject: string | null;
    payload: string;
    safety: Safety;
    state: IntentState;
    run_at: string;
    attempt: number;
    lookups: number;
    in_doubt: 0 | 1;
    lease_token: string | null;
    lease_until: string | null;
    refs: string;
    result: string | null;
    fault: string | null;
    created_at: string;
    changed_at: string;
  };
  raw_answer: { id: Generated<number>; intent_id: number; subject: string; sealed: Uint8Array; at: string };
  exception_case: {
    id: Generated<number>;
    code: string;
    subject_key: string;
    intent_id: number | null;
    owner: string;
    reason: string;
    detail: string;
    times: number;
    raised_at: string;
    last_raised_at: string;
    resolved_at: string | null;
    resolved_by: string | null;
    resolution: string | null;
  };
  lease: { name: string; holder: string | null; fence: number; until: string };
  bucket: { name: string; full_at: number };
  circuit: ScopeColumns & { state: CircuitState; until: string | null; failures: number; reason: string | null; changed_at: string };
  replica: { id: string; name: string; started_at: string; last_seen: string; holds: string };
  schedule_slot: { name: string; slot: string; claimed_at: string };
  audit: {
    seq: number;
    at: string;
    actor: string;
    event: string;
    key: string;
    detail: string;
    previous_hash: string;
    hash: string;
    strand: number;
  };
  decision: {
    seq: Generated<number>;
    id: string;
    kind: string;
    at: string;
    inputs_hash: string;
    inputs: Uint8Array;
    outcome: string;
  };
  vault_key: { subject: string; master_key_id: string; wrapped: Uint8Array; created_at: string };
  vault_entry: { subject: string; name: string; sealed: Uint8Array; changed_at: string };
};

type ScopeColumns = { tenant: string; company: string; connection: string };

/** The tables inside one transaction. */
export type Database = Kysely<Tables>;
