import { HandleEmptyInListsPlugin, Kysely, replaceWithNoncontingentExpression, type Dialect } from 'kysely';
import type { Store } from './store.ts';
import type { Tables } from './tables.ts';

/** Where a journal lives: an open store, its tables made and up to date. */
export type Home = {
  readonly db: Kysely<Tables>;
  readonly store: Store;
  /** Lets the transactions of `work` go before those that wait, where they take turns. */
  ahead<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Whether a transaction that failed with this error was only in somebody's way, and may be tried again as it is. */
  worthRepeating(error: unknown): boolean;
  /** What the store says, in words for people. */
  translated(error: unknown): unknown;
  /** After a person was erased: takes what is left of it out of the store's files, as far as that is in its power. */
  afterErasure(): Promise<void>;
  close(): Promise<void>;
};

/** The tables behind a dialect of either store. */
export function tablesOver(dialect: Dialect): Kysely<Tables> {
  return new Kysely<Tables>({ dialect, plugins: [new HandleEmptyInListsPlugin({ strategy: replaceWithNoncontingentExpression })] });
}
