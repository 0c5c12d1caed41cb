import type { EffectRefs, Instant, Safety, Scope, SubjectId } from '@quartermaster/domain';
import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { IntentState } from './intent-state.ts';
import { parseJson, type Json } from './json.ts';
import type { Tables } from './tables.ts';

/** A write to the outside before it is made: what, for whom, and how it is kept from happening twice. */
export type IntentDraft = {
  /** Idempotency key: the same for the same effect, whoever plans it and however often. */
  readonly key: string;
  readonly scope: Scope;
  readonly kind: string;
  /** Intents with the same ordering key go one after the other, in the order in which they were added. */
  readonly orderKey: string;
  /** Whose personal data its raw answers may hold; null when nobody's. */
  readonly subject: SubjectId | null;
  /** Without personal data. */
  readonly payload: Json;
  readonly safety: Safety;
  readonly runAt: Instant;
  /** `unknown`: it may have happened already, and is looked up before it goes. */
  readonly state: 'planned' | 'ready' | 'unknown';
  /** What `EffectMemo.saveRefs` would have kept, where that is known from elsewhere. */
  readonly refs?: EffectRefs;
};

/** What went wrong last, as `ConnectorFault.toJSON()` gives it. */
export type StoredFault = Readonly<Record<string, unknown>>;

export type Intent = Omit<IntentDraft, 'payload' | 'state' | 'refs'> & {
  readonly id: number;
  readonly state: IntentState;
  readonly payload: unknown;
  /** How often it was claimed to be carried out: 1 on the first attempt. */
  readonly attempt: number;
  /** How often it was looked up since its last attempt. */
  readonly lookups: number;
  /** An earlier attempt may have had its effect: it must be carried through, not cancelled. */
  readonly inDoubt: boolean;
  readonly leasedUntil: Instant | null;
  readonly refs: EffectRefs;
  /** What came of it; null until it is done. */
  readonly result: unknown;
  readonly fault: StoredFault | null;
  readonly createdAt: Instant;
  readonly changedAt: Instant;
};

/** An intent that a worker holds. `token` is new with every claim, and only who holds it may change the intent. */
export type LeasedIntent = Intent & { readonly token: string };

const refsSchema = z.record(z.string(), z.string());
const faultSchema = z.record(z.string(), z.unknown());

export function parseRefs(text: string): EffectRefs {
  return refsSchema.parse(parseJson(text));
}

export function intentOf(row: Selectable<Tables['intent']>): Intent {
  return {
    id: row.id,
    key: row.key,
    scope: { tenant: row.tenant, company: row.company, connection: row.connection },
    kind: row.kind,
    orderKey: row.order_key,
    subject: row.subject,
    payload: parseJson(row.payload),
    safety: row.safety,
    state: row.state,
    runAt: row.run_at,
    attempt: row.attempt,
    lookups: row.lookups,
    inDoubt: row.in_doubt === 1,
    leasedUntil: row.lease_until,
    refs: parseRefs(row.refs),
    result: row.result === null ? null : parseJson(row.result),
    fault: row.fault === null ? null : faultSchema.parse(parseJson(row.fault)),
    createdAt: row.created_at,
    changedAt: row.changed_at,
  };
}
