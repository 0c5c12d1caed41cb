import { sql, type Kysely } from 'kysely';
import type { Clock } from '@quartermaster/domain';
import type { Home } from './home.ts';
import { openHome, type JournalPlace } from './journal-place.ts';
import { JournalError } from './journal-error.ts';
import { checkSignature } from './signature.ts';
import { wrappingKeyOf } from './sealing.ts';
import type { Tables } from './tables.ts';

/** How many rows of each table were copied. */
export type Copied = Readonly<Record<string, number>>;

export type CopyOptions = {
  readonly from: JournalPlace;
  /** Must hold no journal yet, or an empty one. */
  readonly to: JournalPlace;
  readonly masterKey: Uint8Array;
  readonly clock: Clock;
};

/**
 * Copies a journal from one home to another, all of it or nothing: ids, keys, fences and the audit trail stay what they are, and new ids go on behind them. The copy answers every read
 * as the original does. No worker may hold an intent; from then on only one of the two may be used, so stop every process first. Throws a {@link JournalError}.
 */
export async function copyJournal({ from, to, masterKey, clock }: CopyOptions): Promise<Copied> {
  await using homes = new AsyncDisposableStack();
  const opened = async (place: JournalPlace): Promise<Home> => {
    const home = await openHome(place, { readOnly: false });
    homes.defer(() => home.close());
    await checkSignature(home, wrappingKeyOf(masterKey), { readOnly: false, clock });
    return home;
  };
  const source = await opened(from);
  const target = await opened(to);
  try {
    return await source.db
      .transaction()
      .setAccessMode('read only')
      .setIsolationLevel('repeatable read')
      .execute(async (reading) => {
        await assertDrained(reading);
        return target.db.transaction().execute(async (writing) => {
          await assertEmpty(writing);
          const copied: Record<string, number> = {};
          for (const [table, order] of Object.entries(tables)) copied[table] = await copyTable(table, order, reading, writing);
          await copyRestoration(reading, writing);
          await target.store.continueIds(writing);
          return copied;
        });
      });
  } catch (error) {
    throw target.translated(source.translated(error));
  }
}

/** Every table that is copied, with what it is read in the order of. Not `meta`, which says things about the home, and not who was alive in the old one. */
const tables: Readonly<Record<Exclude<keyof Tables, 'meta' | 'replica'>, readonly string[]>> = {
  inbox: ['id'],
  cursor_position: ['tenant', 'company', 'connection', 'stream'],
  record: ['kind', 'key'],
  intent: ['id'],
  raw_answer: ['id'],
  exception_case: ['id'],
  schedule_slot: ['name', 'slot'],
  audit: ['seq'],
  decision: ['seq'],
  vault_key: ['subject'],
  vault_entry: ['subject', 'name'],
  lease: ['name'],
  bucket: ['name'],
  circuit: ['tenant', 'company', 'connection'],
};

/** SQLite takes some 32,000 parameters in a statement; the widest table has 20 columns. */
const rowsAtOnce = 500;

async function copyTable(table: string, order: readonly string[], from: Kysely<Tables>, to: Kysely<Tables>): Promise<number> {
  const by = sql.join(order.map((column) => sql.ref(column)));
  let behind = sql``;
  for (let copied = 0; ;) {
    const { rows } = await sql<Record<string, unknown>>`
      select * from ${sql.table(table)} ${behind} order by ${by} limit ${rowsAtOnce}`.execute(from);
    const [first] = rows;
    const last = rows.at(-1);
    if (first === undefined || last === undefined) return copied;
    behind = sql`where (${by}) > (${sql.join(order.map((column) => last[column] ?? null))})`;
    const columns = Object.keys(first);
    const values = rows.map((row) => sql`(${sql.join(columns.map((column) => row[column] ?? null))})`);
    await sql`insert into ${sql.table(table)} (${sql.join(columns.map((column) => sql.ref(column)))}) values ${sql.join(values)}`.execute(
      to,
    );
    copied += rows.length;
  }
}

/** A journal that has to read the world again still has to in its new home. */
async function copyRestoration(from: Kysely<Tables>, to: Kysely<Tables>): Promise<void> {
  const row = await from.selectFrom('meta').selectAll().where('name', '=', 'restoration').executeTakeFirst();
  if (row !== undefined) await to.insertInto('meta').values(row).execute();
}

async function assertDrained(db: Kysely<Tables>): Promise<void> {
  const held = await db.selectFrom('intent').select('key').where('lease_token', 'is not', null).orderBy('id').limit(1).executeTakeFirst();
  if (held === undefined) return;
  throw new JournalError(
    'not-drained',
    `A worker holds the intent ${held.key}; stop every process, and start and stop one once if it had been killed, so that all leases are given back.`,
  );
}

async function assertEmpty(db: Kysely<Tables>): Promise<void> {
  for (const table of Object.keys(tables)) {
    const { rows } = await sql`select 1 from ${sql.table(table)} limit 1`.execute(db);
    if (rows.length > 0) throw new JournalError('not-empty', `The journal to copy to is not empty (${table}); give it a new place.`);
  }
}
