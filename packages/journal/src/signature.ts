import { hostname } from 'node:os';
import type { Clock } from '@quartermaster/domain';
import type { Kysely } from 'kysely';
import type { Home } from './home.ts';
import { JournalError } from './journal-error.ts';
import type { WrappingKey } from './sealing.ts';
import type { Tables } from './tables.ts';

/**
 * Makes sure that the journal's personal data is under this master key, and notes the key of a new journal and, for people, who writes it. Throws `wrong-master-key`.
 */
export async function checkSignature(
  { db }: Home,
  wrapping: WrappingKey,
  given: { readonly readOnly: boolean; readonly clock: Clock },
): Promise<void> {
  const known = await db.transaction().setAccessMode('read only').execute(masterKeyOf);
  if (known !== undefined && known !== wrapping.id) throw otherKey();
  if (given.readOnly) return;
  const kept = await db.transaction().execute(async (tx) => {
    await tx
      .insertInto('meta')
      .values({ name: 'master-key', value: wrapping.id })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const value = `process ${process.pid} on ${hostname()} since ${given.clock.now()}`;
    await tx
      .insertInto('meta')
      .values({ name: 'writer', value })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
      .execute();
    return masterKeyOf(tx);
  });
  // Somebody else made the journal in the same moment.
  if (kept !== wrapping.id) throw otherKey();
}

async function masterKeyOf(db: Kysely<Tables>): Promise<string | undefined> {
  const row = await db.selectFrom('meta').select('value').where('name', '=', 'master-key').executeTakeFirst();
  return row?.value;
}

function otherKey(): JournalError {
  return new JournalError(
    'wrong-master-key',
    'The journal was written with another master key; give it that one, for without it the personal data in the journal cannot be read.',
  );
}
