import type { Home } from './home.ts';
import { openPostgresHome, type PostgresPlace } from './postgres-home.ts';
import { openSqliteHome } from './sqlite-home.ts';

/** One home or the other: a file on a local disk for one process, or a PostgreSQL server for several. */
export type JournalPlace =
  | {
      /** A file on a local disk, or `:memory:`. Its folder is made when it is missing. */
      readonly path: string;
      /**
       * Commits that follow close on one another wait so long for company and share an fsync: what is written by many at once comes through faster, and each a little later. Default 0; a
       * daemon takes 2.
       */
      readonly commitWaitMs?: number;
    }
  | { readonly postgres: PostgresPlace };

/** Opens a home where the place says, making or migrating it. Throws a `JournalError`. */
export async function openHome(place: JournalPlace, given: { readonly readOnly: boolean }): Promise<Home> {
  return 'postgres' in place ? openPostgresHome(place.postgres, given) : openSqliteHome(place, given);
}
