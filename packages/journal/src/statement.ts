import { InvariantError } from '@quartermaster/domain';
import type { Compilable, CompiledQuery } from 'kysely';
import type { Store } from './store.ts';
import type { Database } from './tables.ts';

/** A statement that runs all the time: its text is made once for each store, and then only filled in. */
export type Statement<Of, Row> = (db: Database, store: Store, of: Of) => Promise<Row[]>;

/**
 * Makes a statement of which only the values change. `build` writes it as any other; `values` gives what changes in the order in which it stands in the text, which is checked when the text is
 * made. Building a statement anew takes several times as long as SQLite takes to run it. Nothing in `build` may depend on a value: not the columns, and no list.
 */
export function statement<Of, Row>(given: {
  readonly build: (db: Database, store: Store, of: Of) => Compilable<Row>;
  readonly values: (of: Of) => readonly unknown[];
}): Statement<Of, Row> {
  const made = new WeakMap<Store, CompiledQuery<Row>>();
  return async (db, store, of) => {
    const values = given.values(of);
    let query = made.get(store);
    if (query === undefined) {
      query = given.build(db, store, of).compile();
      const { sql, parameters } = query;
      if (parameters.length !== values.length || parameters.some((value, index) => value !== values[index]))
        throw new InvariantError(`the values of a statement do not stand in its order: ${sql}`);
      made.set(store, query);
    }
    return (await db.executeQuery<Row>({ ...query, parameters: values })).rows;
  };
}
