import { sql, type Kysely } from 'kysely';
import { JournalError } from './journal-error.ts';
import { migrations } from './migrations.ts';
import { quoted } from './postgres-dialect.ts';
import { postgresStatements } from './schema-words.ts';
import type { Tables } from './tables.ts';

const oldestServer = 14;

/** Makes sure that the server keeps what it acknowledges (our transactions set `synchronous_commit` themselves: a pooler or a proxy must let them), may be written to where that is wanted, and that the database is not one that others restore or copy under our feet. */
export async function checkServer(
  db: Kysely<Tables>,
  { server, readOnly }: { readonly server: string; readonly readOnly: boolean },
): Promise<void> {
  const { rows } = await db.transaction().execute((tx) =>
    sql<{ version: number; sync: string; fsync: string; pages: string; still: string; odoo: boolean }>`
      select current_setting('server_version_num')::int as version, current_setting('synchronous_commit') as sync, current_setting('fsync') as fsync,
        current_setting('full_page_writes') as pages, current_setting('transaction_read_only') as still, to_regclass('public.ir_module_module') is not null as odoo`.execute(
      tx,
    ),
  );
  const [found] = rows;
  if (found === undefined) return;
  if (Math.floor(found.version / 10_000) < oldestServer) {
    throw new JournalError('old-server', `The PostgreSQL server ${server} is older than version ${oldestServer}; bring it up to date.`);
  }
  if ((found.sync === 'off' && !readOnly) || found.fsync !== 'on' || found.pages !== 'on') {
    throw new JournalError(
      'not-durable',
      `The PostgreSQL server ${server} may lose what it acknowledges (synchronous_commit ${found.sync}, fsync ${found.fsync}, full_page_writes ${found.pages}); switch all three on.`,
    );
  }
  if (found.still === 'on' && !readOnly) {
    throw new JournalError('read-only', `The PostgreSQL server ${server} is a standby or set to read only; connect to the primary.`);
  }
  if (found.odoo) {
    throw new JournalError(
      'not-a-journal',
      `${server} is a database of Odoo: who restores or copies it would roll the journal back with it, and effects would be repeated. Give the journal a database of its own.`,
    );
  }
}

/**
 * Makes the schema and its tables, or brings them up to date, in one transaction. Of several processes that start at once one does it while the others wait, and find it done. Throws
 * `newer-schema` for tables of a newer program; a reader changes nothing and throws `older-schema`.
 */
export async function prepareSchema(
  db: Kysely<Tables>,
  { schema, server, readOnly }: { readonly schema: string; readonly server: string; readonly readOnly: boolean },
): Promise<void> {
  const where = `The schema ${schema} of ${server}`;
  const stands = await db.transaction().execute((tx) => versionOf(tx, schema, where));
  if (stands === migrations.length) return;
  if (readOnly && stands === null)
    throw new JournalError('cannot-open', `${where} holds no journal; check the name, or start the program that writes it once.`);
  if (readOnly)
    throw new JournalError(
      'older-schema',
      `${where} is older than this program; start the program that writes it once, it will bring it up to date.`,
    );
  await db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`quartermaster journal ${schema}`}, 0))`.execute(tx);
    const version = await versionOf(tx, schema, where);
    if (version === migrations.length) return;
    if (!(await schemaExists(tx, schema))) await run(tx, `create schema ${quoted(schema)}`);
    for (const step of migrations.slice(version ?? 0).flat()) for (const statement of postgresStatements(step)) await run(tx, statement);
    const value = String(migrations.length);
    await tx
      .insertInto('meta')
      .values({ name: 'schema', value })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
      .execute();
  });
}

/** How many migrations the schema has; null when it is new. Looks only, so that a schema of somebody else's stays as it is. */
async function versionOf(db: Kysely<Tables>, schema: string, where: string): Promise<number | null> {
  const { rows } = await sql<{ tables: number; journal: boolean }>`
    select count(*)::int as tables, coalesce(bool_or(tablename = 'meta'), false) and coalesce(bool_or(tablename = 'vault_key'), false) as journal
    from pg_tables where schemaname = ${schema}`.execute(db);
  const [found] = rows;
  if (found === undefined || found.tables === 0) return null;
  if (!found.journal)
    throw new JournalError('not-a-journal', `${where} holds tables of another program; give the journal a schema of its own.`);
  const row = await db.selectFrom('meta').select('value').where('name', '=', 'schema').executeTakeFirst();
  const version = Number(row?.value ?? 0);
  if (version > migrations.length) {
    throw new JournalError(
      'newer-schema',
      `${where} was written by a newer program (schema ${version}, this one knows ${migrations.length}); use that program.`,
    );
  }
  return version;
}

async function schemaExists(db: Kysely<Tables>, schema: string): Promise<boolean> {
  const { rows } = await sql`select 1 from pg_namespace where nspname = ${schema}`.execute(db);
  return rows.length > 0;
}

async function run(db: Kysely<Tables>, statement: string): Promise<void> {
  await sql.raw(statement).execute(db);
}
