import type { Clock, SubjectId } from '@quartermaster/domain';
import type { Selectable } from 'kysely';
import { seal, unseal } from './sealing.ts';
import type { SubjectKeys } from './subject-keys.ts';
import { statement } from './statement.ts';
import type { Store } from './store.ts';
import type { Database, Tables } from './tables.ts';

export type VaultReads = {
  /** Null when the subject was erased, or nothing was put under this name. */
  get(subject: SubjectId, name: string): Promise<string | null>;
};

/** The only place of personal data: everywhere else stands the subject's id. */
export type Vault = VaultReads & {
  put(subject: SubjectId, name: string, text: string): Promise<void>;
  /**
   * Forgets a person for good: the subject's key, its entries, and the raw answers sealed for it. False when there was nothing. What is put for the same subject afterwards
   * is a new beginning, under a new key.
   */
  erase(subject: SubjectId): Promise<boolean>;
};

export function vaultReads(db: Database, keys: SubjectKeys): VaultReads {
  return {
    async get(subject, name) {
      const row = await db
        .selectFrom('vault_entry')
        .select('sealed')
        .where('subject', '=', subject)
        .where('name', '=', name)
        .executeTakeFirst();
      const key = row === undefined ? null : await keys.find(subject);
      return row === undefined || key === null ? null : unseal(key, row.sealed, context(subject, name)).toString('utf8');
    },
  };
}

export function vault(
  db: Database,
  given: {
    readonly store: Store;
    readonly clock: Clock;
    readonly keys: SubjectKeys;
    readonly randomBytes: (size: number) => Uint8Array;
    readonly onErase: () => void;
  },
): Vault {
  const { store, clock, keys, randomBytes, onErase } = given;
  return {
    ...vaultReads(db, keys),
    async put(subject, name, text) {
      const key = await keys.findOrCreate(subject);
      const sealed = seal(key, Buffer.from(text, 'utf8'), context(subject, name), randomBytes);
      await write(db, store, { subject, name, sealed, at: clock.now() });
    },
    async erase(subject) {
      onErase();
      // The key first: that waits for those who are sealing something with it, and then what they sealed goes, too.
      const known = await keys.erase(subject);
      await db.deleteFrom('vault_entry').where('subject', '=', subject).execute();
      await db.deleteFrom('raw_answer').where('subject', '=', subject).execute();
      return known;
    },
  };
}

const write = statement({
  build: (db, _store, { subject, name, sealed, at }: Pick<Entry, 'subject' | 'name' | 'sealed'> & { readonly at: string }) =>
    db
      .insertInto('vault_entry')
      .values({ subject, name, sealed, changed_at: at })
      .onConflict((conflict) => conflict.columns(['subject', 'name']).doUpdateSet({ sealed, changed_at: at })),
  values: ({ subject, name, sealed, at }) => [subject, name, sealed, at, sealed, at],
});

type Entry = Selectable<Tables['vault_entry']>;

function context(subject: SubjectId, name: string): string[] {
  return ['vault entry', subject, name];
}
