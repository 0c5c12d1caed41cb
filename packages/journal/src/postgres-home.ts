import { InvariantError } from '@quartermaster/domain';
import { PostgresDialect, type Kysely } from 'kysely';
import { Pool, types } from 'pg';
import { tablesOver, type Home } from './home.ts';
import { JournalError } from './journal-error.ts';
import { isInTheWay, postgresFault } from './postgres-fault.ts';
import { postgresJournalDialect, quoted } from './postgres-dialect.ts';
import { checkServer, prepareSchema } from './postgres-schema.ts';
import { postgresStore, type LeaseTime } from './postgres-store.ts';
import type { Tables } from './tables.ts';

export type PostgresPlace = {
  /** `postgres://user:password@host:port/database`; a database of its own, never that of Odoo. */
  readonly url: string;
  /** Made when it is missing; default `quartermaster`. */
  readonly schema?: string;
  /** Connections of this process at most, default 10: so many transactions run at once. */
  readonly connections?: number;
  /** Whose time leases, buckets and heartbeats go by; default `database`. */
  readonly leaseTime?: LeaseTime;
};

/** Opens a schema of a PostgreSQL server, to which any number of processes may write. Throws a `JournalError`. */
export async function openPostgresHome(
  { url, schema = 'quartermaster', connections = 10, leaseTime = 'database' }: PostgresPlace,
  { readOnly }: { readonly readOnly: boolean },
): Promise<Home> {
  const pool = new Pool({
    ...connectionOf(url),
    max: connections,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    application_name: 'quartermaster',
    types: { getTypeParser: (oid, format) => (oid === types.builtins.INT8 ? wholeNumberOf : types.getTypeParser(oid, format)) },
  });
  // A connection that breaks while nobody asks it anything is replaced; who has it meets the error at the next statement. Unheard, it would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const server = nameOf(url);
  const dialect = postgresJournalDialect(new PostgresDialect({ pool }), { schema, begin: 'at once' });
  return postgresHomeOver(tablesOver(dialect), { schema, server, leaseTime, readOnly, vacuum: (sql) => pool.query(sql) });
}

/** The same over any connection of PostgreSQL's, such as a server inside the process. */
export async function postgresHomeOver(
  db: Kysely<Tables>,
  given: {
    readonly schema: string;
    /** Names it in messages. */
    readonly server: string;
    readonly leaseTime: LeaseTime;
    readonly readOnly: boolean;
    /** Runs a statement outside all transactions. */
    readonly vacuum: (sql: string) => Promise<unknown>;
  },
): Promise<Home> {
  const { schema, server, leaseTime, readOnly, vacuum } = given;
  const translated = (error: unknown) => postgresFault(error, server);
  const home: Home = {
    // Transactions of several connections do not wait for one another's turn.
    ahead: (work) => work(),
    db,
    store: postgresStore(leaseTime),
    worthRepeating: isInTheWay,
    translated,
    async afterErasure() {
      // Dead rows lie in the table's file until it is vacuumed. The server does that by itself too, in time, so it is no harm when it cannot be done now.
      const tables = ['vault_key', 'vault_entry', 'raw_answer'].map((table) => `${quoted(schema)}.${table}`);
      await vacuum(`vacuum ${tables.join(', ')}`).catch(() => undefined);
    },
    close: () => db.destroy(),
  };
  try {
    await checkServer(db, { server, readOnly });
    await prepareSchema(db, { schema, server, readOnly });
    return home;
  } catch (error) {
    await db.destroy();
    throw translated(error);
  }
}

/** How `bigint` of PostgreSQL is read, in which ids and counts come. Throws an `InvariantError` above 2^53, where a number would stand for several ids. */
export function wholeNumberOf(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number)) throw new InvariantError(`the journal holds a number that is too large: ${text}`);
  return number;
}

function connectionOf(url: string): { readonly connectionString: string } {
  try {
    const { protocol } = new URL(url);
    if (protocol === 'postgres:' || protocol === 'postgresql:') return { connectionString: url };
  } catch {
    // Says below what an address looks like, and not what this one does: it may hold a password.
  }
  throw new JournalError(
    'cannot-open',
    'The address of the journal is none; it must look like postgres://user:password@host:5432/database.',
  );
}

/** Host, port and database of a URL, for messages: never the password. */
function nameOf(url: string): string {
  const { hostname, port, pathname, searchParams } = new URL(url);
  return `${searchParams.get('host') ?? hostname}${port === '' ? '' : `:${port}`}${pathname}`;
}
