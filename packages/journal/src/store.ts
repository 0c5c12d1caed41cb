import type { Instant } from '@quartermaster/domain';
import type { RawBuilder, SelectQueryBuilder } from 'kysely';
import type { Database, Tables } from './tables.ts';

/** In what the two stores differ, for the few statements that must know. `sqlite-store.ts` and `postgres-store.ts` are its two answers; what makes the tables is in `schema-words.ts`. */
export type Store = {
  /** Nobody else writes this journal, so what a dead predecessor held may be taken back before its time. */
  readonly aloneInIt: boolean;
  /** Keeps the rows that are read from being changed by others until the transaction ends; waits for those who change them now. */
  locked<From extends keyof Tables, Row>(query: Rows<From, Row>): Rows<From, Row>;
  /** The same, and passes over what somebody else keeps. */
  unclaimed<From extends keyof Tables, Row>(query: Rows<From, Row>): Rows<From, Row>;
  /** The same for who only looks at the rows and relies on them: several may. */
  relied<From extends keyof Tables, Row>(query: Rows<From, Row>): Rows<From, Row>;
  /** Waits until nobody else is about this subject, and keeps them waiting until the transaction ends. Taken in the order given. */
  takeTurns(db: Database, subjects: readonly string[]): Promise<void>;
  /** What leases, buckets and heartbeats go by: the database's clock where several processes share it, otherwise the instant given. */
  now(given: Instant): RawBuilder<Instant>;
  /** So many milliseconds after {@link Store.now}. */
  later(given: Instant, ms: number): RawBuilder<Instant>;
  /** {@link Store.now} in whole microseconds since 1970. */
  nowMicros(given: Instant): RawBuilder<number>;
  /** Which chain of the audit trail the events of a key belong to. */
  auditStrand(key: string): number;
  /** That many numbers for new audit rows, rising. Asked for once nobody else appends to the strands concerned. */
  auditNumbers(db: Database, count: number): Promise<number[]>;
  /** After rows came with ids of their own: new ones get higher ids. */
  continueIds(db: Database): Promise<void>;
};

type Rows<From extends keyof Tables, Row> = SelectQueryBuilder<Tables, From, Row>;
