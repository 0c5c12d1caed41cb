import type { Clock, Instant } from '@quartermaster/domain';
import { sql } from 'kysely';
import { ConflictError } from './journal-error.ts';
import type { Store } from './store.ts';
import type { Database } from './tables.ts';

/** The right to do something that only one of all processes may do at a time, such as reading a channel. `fence` is the number of this taking. */
export type HeldLease = { readonly name: string; readonly fence: number };

export type LeaseStanding = { readonly name: string; readonly holder: string | null; readonly fence: number; readonly until: Instant };

export type LeaseReads = {
  /** Every lease that was ever taken, by name; one without a holder is free. */
  list(): Promise<LeaseStanding[]>;
};

/** Who may do what alone. A lease ends by itself; its fence rises with every taking, so that who overslept it is told apart from who has it now. */
export type Leases = LeaseReads & {
  /** The fence when it was free or had run out, null while somebody has it, be it the same holder. */
  take(name: string, holder: string, forMs: number): Promise<number | null>;
  /** Keeps it for so long from now. False when somebody else took it meanwhile, or it was released: stop then. */
  renew(lease: HeldLease, forMs: number): Promise<boolean>;
  /** Gives it back before its end. False when it was lost before. */
  release(lease: HeldLease): Promise<boolean>;
  /**
   * Makes the transaction one that only the holder can commit: throws a {@link ConflictError} when the lease went to somebody else, and keeps it from going until the transaction
   * ends. For everything that is written in the name of a lease.
   */
  guard(lease: HeldLease): Promise<void>;
};

export function leaseReads(db: Database): LeaseReads {
  return { list: () => db.selectFrom('lease').selectAll().orderBy('name').execute() };
}

export function leases(db: Database, { store, clock }: { readonly store: Store; readonly clock: Clock }): Leases {
  const changeHeld = async ({ name, fence }: HeldLease, forMs: number, holder: 'keep' | null) => {
    const row = await db
      .updateTable('lease')
      .set({ until: store.later(clock.now(), forMs), ...(holder === null ? { holder } : {}) })
      .where('name', '=', name)
      .where('fence', '=', fence)
      .where('holder', 'is not', null)
      .returning('name')
      .executeTakeFirst();
    return row !== undefined;
  };
  return {
    ...leaseReads(db),
    async take(name, holder, forMs) {
      const until = store.later(clock.now(), forMs);
      const row = await db
        .insertInto('lease')
        .values({ name, holder, fence: 1, until })
        .onConflict((conflict) =>
          conflict
            .column('name')
            .doUpdateSet((row) => ({ holder, until, fence: row('lease.fence', '+', 1) }))
            .where((is) => is.or([is('lease.holder', 'is', null), is('lease.until', '<=', store.now(clock.now()))])),
        )
        .returning('fence')
        .executeTakeFirst();
      return row?.fence ?? null;
    },
    renew: (lease, forMs) => changeHeld(lease, forMs, 'keep'),
    release: (lease) => changeHeld(lease, 0, null),
    async guard({ name, fence }) {
      const row = await store
        .relied(
          db
            .selectFrom('lease')
            .select(sql<number>`1`.as('held'))
            .where('name', '=', name)
            .where('fence', '=', fence),
        )
        .where('holder', 'is not', null)
        .executeTakeFirst();
      if (row === undefined) throw new ConflictError(`the lease ${name} is held by somebody else now`);
    },
  };
}
