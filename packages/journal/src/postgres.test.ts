import { PGlite } from '@electric-sql/pglite';
import { PGliteDialect } from 'kysely';
import { afterAll, beforeAll, describe } from 'vitest';
import { tablesOver } from './home.ts';
import { journalOver, openJournal } from './journal.ts';
import { postgresJournalDialect } from './postgres-dialect.ts';
import { postgresHomeOver, wholeNumberOf } from './postgres-home.ts';
import { masterKey } from './testing/givens.ts';
import { journalContract } from './testing/journal-contract.ts';
import { newSchema } from './testing/postgres-schemas.ts';
import { stopTimeoutMs, testServer } from './testing/postgres-server.ts';

describe('on PGlite', () => {
  let pglite: PGlite;
  beforeAll(async () => {
    // By default it says that it never syncs, and a journal refuses that. In memory there is nothing to sync.
    const startParams = PGlite.defaultStartParams.filter((parameter) => parameter !== '-F');
    pglite = await PGlite.create({ startParams, parsers: { 20: wholeNumberOf } });
  }, 60_000);
  afterAll(() => pglite.close());

  journalContract({
    home: 'in PostgreSQL without a server',
    aloneInIt: false,
    async open(clock) {
      const schema = newSchema();
      const db = tablesOver(postgresJournalDialect(new PGliteDialect({ pglite: leftOpen(pglite) }), { schema, begin: 'step by step' }));
      const home = await postgresHomeOver(db, {
        schema,
        server: 'PGlite',
        leaseTime: 'clock',
        readOnly: false,
        vacuum: (sql) => pglite.exec(sql),
      });
      return journalOver(home, { masterKey, clock });
    },
  });
});

/** One server in the process is enough for many journals: closing one of them leaves it running. */
function leftOpen(pglite: PGlite): ConstructorParameters<typeof PGliteDialect>[0]['pglite'] {
  return {
    closed: false,
    ready: true,
    waitReady: Promise.resolve(),
    close: () => Promise.resolve(),
    query: (sql, parameters, options) => pglite.query(sql, parameters, options),
    transaction: (work) => pglite.transaction(work),
  };
}

const server = await testServer();
describe.skipIf('missing' in server)(`on a server${'missing' in server ? ` (${server.missing})` : ''}`, () => {
  const url = 'missing' in server ? '' : server.url;
  afterAll(() => ('missing' in server ? undefined : server.stop()), stopTimeoutMs);

  journalContract({
    home: 'on a PostgreSQL server',
    aloneInIt: false,
    open: (clock) =>
      openJournal({
        postgres: { url, schema: newSchema(), leaseTime: 'clock', connections: 8 },
        masterKey,
        clock,
      }),
  });
});
