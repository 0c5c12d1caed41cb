import { InvariantError, type Clock, type EffectRefs, type FaultOutcome, type Instant } from '@quartermaster/domain';
import type { UpdateObject } from 'kysely';
import { parseRefs, type StoredFault } from './intent.ts';
import type { Json } from './json.ts';
import type { RawAnswers } from './raw-answers.ts';
import { statement } from './statement.ts';
import type { Store } from './store.ts';
import { storedInstant } from './stored-instant.ts';
import type { Database, Tables } from './tables.ts';

/** For who holds the lease. Each returns false when the lease was lost: somebody else has the intent now, so write nothing else about it. */
export type IntentLease = {
  /** Belongs before the request leaves. */
  markSent(id: number, token: string): Promise<boolean>;
  renew(id: number, token: string, lease: { readonly now: Instant; readonly leaseMs: number }): Promise<boolean>;
  /** Adds refs to those of earlier attempts; the same name is written over. */
  saveRefs(id: number, token: string, refs: EffectRefs): Promise<boolean>;
  /** Keeps an answer as it came, encrypted under the key of the intent's subject. */
  saveRaw(id: number, token: string, text: string): Promise<boolean>;
  finish(id: number, token: string, result: Json): Promise<boolean>;
  /**
   * Lets it go again at `runAt`. `outcome` says whether this attempt (or the lookup of an `unknown` one) proved that nothing happened. Throws an `InvariantError` for an
   * unknown outcome of an intent that is only safe by reading back: that is {@link IntentLease.unknown}'s.
   */
  retry(
    id: number,
    token: string,
    given: { readonly runAt: Instant; readonly outcome: FaultOutcome; readonly fault: StoredFault | null },
  ): Promise<boolean>;
  /** It left, and nothing is known of it: to be looked up at `runAt`. Also says that a lookup could not tell yet. */
  unknown(id: number, token: string, given: { readonly runAt: Instant; readonly fault: StoredFault | null }): Promise<boolean>;
  /** Refused: will not succeed as it is. */
  fail(id: number, token: string, fault: StoredFault): Promise<boolean>;
  /** A person must look; until then it holds back what comes after it with the same ordering key. */
  kill(id: number, token: string, fault: StoredFault): Promise<boolean>;
};

export function intentLease(
  db: Database,
  given: { readonly clock: Clock; readonly store: Store; readonly rawAnswers: RawAnswers },
): IntentLease {
  const { clock, store, rawAnswers } = given;
  const held = async (id: number, token: string) => (await findHeld(db, store, { id, token }))[0];

  const change = async (id: number, token: string, changes: UpdateObject<Tables, 'intent'>): Promise<boolean> => {
    const row = await db
      .updateTable('intent')
      .set({ ...changes, changed_at: clock.now() })
      .where('id', '=', id)
      .where('lease_token', '=', token)
      .returning('id')
      .executeTakeFirst();
    return row !== undefined;
  };

  const end = (id: number, token: string, changes: UpdateObject<Tables, 'intent'>) =>
    change(id, token, { ...changes, lease_token: null, lease_until: null });

  return {
    async markSent(id, token) {
      const [sent] = await markSent(db, store, { id, token, changedAt: clock.now() });
      if (sent !== undefined) return true;
      const row = await held(id, token);
      if (row !== undefined) throw new InvariantError(`intent ${id} is leased to be looked up, not to be sent`);
      return false;
    },
    renew: (id, token, { now, leaseMs }) => change(id, token, { lease_until: store.later(now, leaseMs) }),
    async saveRefs(id, token, refs) {
      const row = await held(id, token);
      if (row === undefined) return false;
      const [saved] = await saveRefs(db, store, {
        id,
        token,
        refs: JSON.stringify({ ...parseRefs(row.refs), ...refs }),
        changedAt: clock.now(),
      });
      return saved !== undefined;
    },
    async saveRaw(id, token, text) {
      const row = await held(id, token);
      if (row === undefined) return false;
      await rawAnswers.add(row, text);
      return true;
    },
    async finish(id, token, result) {
      const [done] = await finish(db, store, { id, token, result: JSON.stringify(result), changedAt: clock.now() });
      return done !== undefined;
    },
    async retry(id, token, { runAt, outcome, fault }) {
      const row = await held(id, token);
      if (row === undefined) return false;
      if (outcome === 'unknown' && row.safety === 'read-back') {
        throw new InvariantError(`intent ${id} (${row.kind}) must be looked up before it may be repeated`);
      }
      const provedAbsent = row.state === 'unknown' && outcome === 'not-applied';
      const inDoubt = outcome === 'unknown' ? 1 : provedAbsent ? 0 : row.in_doubt;
      return end(id, token, { state: 'ready', run_at: storedInstant(runAt), in_doubt: inDoubt, fault: faultText(fault) });
    },
    unknown: (id, token, { runAt, fault }) =>
      end(id, token, { state: 'unknown', run_at: storedInstant(runAt), in_doubt: 1, fault: faultText(fault) }),
    fail: (id, token, fault) => end(id, token, { state: 'failed', fault: faultText(fault) }),
    kill: (id, token, fault) => end(id, token, { state: 'dead', fault: faultText(fault) }),
  };
}

/** Which intent, and by which claim it is held. */
type Held = { readonly id: number; readonly token: string };

const findHeld = statement({
  build: (db, store, { id, token }: Held) =>
    store.locked(db.selectFrom('intent').selectAll().where('id', '=', id).where('lease_token', '=', token)),
  values: ({ id, token }) => [id, token],
});

const markSent = statement({
  build: (db, _store, { id, token, changedAt }: Held & { readonly changedAt: Instant }) =>
    db
      .updateTable('intent')
      .set({ state: 'sent', changed_at: changedAt })
      .where('id', '=', id)
      .where('lease_token', '=', token)
      .where('state', '!=', 'unknown')
      .returning('id'),
  values: ({ id, token, changedAt }) => ['sent', changedAt, id, token, 'unknown'],
});

const saveRefs = statement({
  build: (db, _store, { id, token, refs, changedAt }: Held & { readonly refs: string; readonly changedAt: Instant }) =>
    db.updateTable('intent').set({ refs, changed_at: changedAt }).where('id', '=', id).where('lease_token', '=', token).returning('id'),
  values: ({ id, token, refs, changedAt }) => [refs, changedAt, id, token],
});

const finish = statement({
  build: (db, _store, { id, token, result, changedAt }: Held & { readonly result: string; readonly changedAt: Instant }) =>
    db
      .updateTable('intent')
      .set({ state: 'done', result, fault: null, lease_token: null, lease_until: null, changed_at: changedAt })
      .where('id', '=', id)
      .where('lease_token', '=', token)
      .returning('id'),
  values: ({ id, token, result, changedAt }) => ['done', result, null, null, null, changedAt, id, token],
});

function faultText(fault: StoredFault | null): string | null {
  return fault === null ? null : JSON.stringify(fault);
}
