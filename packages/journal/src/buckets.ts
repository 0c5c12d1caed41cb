import type { Clock } from '@quartermaster/domain';
import type { Store } from './store.ts';
import type { Database } from './tables.ts';

/** A rate that all replicas share: `capacity` at once, then `refillPerSecond`. */
export type BucketRate = { readonly capacity: number; readonly refillPerSecond: number };

export type BucketAnswer = { readonly kind: 'granted' } | { readonly kind: 'later'; readonly afterMs: number };

/** Token buckets of a vendor's limits. In a transaction of its own: others wait for this bucket until it ends. */
export type Buckets = {
  /**
   * Takes tokens (1) out of a bucket, which is full when it is first used. Over any time there are never more granted than its capacity and what was refilled. `afterMs` says when
   * they would be there if nobody else took any. Throws a `RangeError` for more tokens than the bucket ever holds.
   */
  take(name: string, rate: BucketRate, tokens?: number): Promise<BucketAnswer>;
  /** Puts tokens back that were taken and not used; beyond its capacity a bucket holds none. */
  giveBack(name: string, rate: BucketRate, tokens: number): Promise<void>;
};

/**
 * A bucket is kept as one moment: when it will be full again. A grant moves that moment by the time in which the tokens come back, and is possible while the bucket would be full
 * within the time of one whole filling. One statement decides and writes, so no two replicas decide on the same tokens; times are whole microseconds, rounded against us.
 */
export function buckets(db: Database, { store, clock }: { readonly store: Store; readonly clock: Clock }): Buckets {
  return {
    async take(name, { capacity, refillPerSecond }, tokens = 1) {
      if (!(tokens <= capacity)) throw new RangeError(`${tokens} tokens are more than ${name} ever holds (${capacity})`);
      const cost = Math.ceil((tokens / refillPerSecond) * 1e6);
      const filling = Math.floor((capacity / refillPerSecond) * 1e6);
      const now = store.nowMicros(clock.now());
      const granted = await db
        .insertInto('bucket')
        .values((is) => ({ name, full_at: is(now, '+', cost) }))
        .onConflict((conflict) =>
          conflict
            .column('name')
            .doUpdateSet((is) => ({
              full_at: is(is.case().when('bucket.full_at', '>', now).then(is.ref('bucket.full_at')).else(now).end(), '+', cost),
            }))
            .where((is) => is.or([is('bucket.full_at', '<=', now), is(is('bucket.full_at', '-', now), '<=', filling - cost)])),
        )
        .returning('name')
        .executeTakeFirst();
      if (granted !== undefined) return { kind: 'granted' };
      const { wait } = await db
        .selectFrom('bucket')
        .select((is) => is(is('full_at', '-', now), '+', cost - filling).as('wait'))
        .where('name', '=', name)
        .executeTakeFirstOrThrow();
      return { kind: 'later', afterMs: Math.max(1, Math.ceil(wait / 1_000)) };
    },
    async giveBack(name, { refillPerSecond }, tokens) {
      const gain = Math.floor((tokens / refillPerSecond) * 1e6);
      await db
        .updateTable('bucket')
        .set((is) => ({ full_at: is('full_at', '-', gain) }))
        .where('name', '=', name)
        .execute();
    },
  };
}
