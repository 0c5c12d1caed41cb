import { createSecretKey, type KeyObject } from 'node:crypto';
import { InvariantError, type Clock, type SubjectId } from '@quartermaster/domain';
import { keyBytes, seal, unseal, type WrappingKey } from './sealing.ts';
import { statement } from './statement.ts';
import type { Store } from './store.ts';
import type { Database } from './tables.ts';

/** One random key per subject, kept wrapped by the master key: deleting it makes everything sealed for that subject unreadable, wherever it lies. */
export type SubjectKeys = {
  /** Null when the subject was erased or never had anything. */
  find(subject: SubjectId): Promise<KeyObject | null>;
  findOrCreate(subject: SubjectId): Promise<KeyObject>;
  /** False when there was none. */
  erase(subject: SubjectId): Promise<boolean>;
};

export function subjectKeys(
  db: Database,
  given: {
    readonly clock: Clock;
    readonly wrapping: WrappingKey;
    readonly randomBytes: (size: number) => Uint8Array;
    /** Where something is sealed: a key that is used must not be erased by somebody else before the transaction ends. Null where there is only reading. */
    readonly store: Store | null;
  },
): SubjectKeys {
  const { clock, wrapping, randomBytes, store } = given;
  const context = (subject: SubjectId) => ['subject key', subject];
  /** Keys that this transaction has seen: nobody else erases them before its end. */
  const seen = new Map<SubjectId, KeyObject>();
  const find = async (subject: SubjectId): Promise<KeyObject | null> => {
    const known = seen.get(subject);
    if (known !== undefined) return known;
    const [row] = await (store === null
      ? db.selectFrom('vault_key').selectAll().where('subject', '=', subject).execute()
      : findToRelyOn(db, store, subject));
    if (row === undefined) return null;
    if (row.master_key_id !== wrapping.id) throw new InvariantError(`the key of subject ${subject} is wrapped by another master key`);
    const key = createSecretKey(unseal(wrapping.key, row.wrapped, context(subject)));
    seen.set(subject, key);
    return key;
  };
  return {
    find,
    async findOrCreate(subject) {
      for (;;) {
        const found = await find(subject);
        if (found !== null) return found;
        const bytes = randomBytes(keyBytes);
        const wrapped = seal(wrapping.key, bytes, context(subject), randomBytes);
        const made = await db
          .insertInto('vault_key')
          .values({ subject, master_key_id: wrapping.id, wrapped, created_at: clock.now() })
          .onConflict((conflict) => conflict.doNothing())
          .returning('subject')
          .executeTakeFirst();
        if (made !== undefined) {
          const key = createSecretKey(bytes);
          seen.set(subject, key);
          return key;
        }
        // Somebody else made one in the same moment: take theirs.
      }
    },
    async erase(subject) {
      seen.delete(subject);
      const row = await db.deleteFrom('vault_key').where('subject', '=', subject).returning('subject').executeTakeFirst();
      return row !== undefined;
    },
  };
}

const findToRelyOn = statement({
  build: (db, store, subject: SubjectId) => store.relied(db.selectFrom('vault_key').selectAll().where('subject', '=', subject)),
  values: (subject) => [subject],
});
