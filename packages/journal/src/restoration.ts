import type { Instant } from '@quartermaster/domain';
import { z } from 'zod';
import type { Database } from './tables.ts';

/** That a journal came back from a backup, and what has become of that. */
export const restorationSchema = z.object({
  /** What the journal knows of the world ends here: the time of its last audit row. Null when it had none. */
  knowsUntil: z.string().nullable(),
  /** When the world had been read again and compared, or a person said that this is not needed; null while nothing may be sent. */
  settledAt: z.string().nullable(),
});
export type Restoration = { readonly knowsUntil: Instant | null; readonly settledAt: Instant | null };

export type RestorationReads = {
  /** Null for a journal that never came from a backup. */
  get(): Promise<Restoration | null>;
};

/** The journal's own memory of having been brought back from a backup. It is older than the world then: what it takes for not done may have been done. */
export type Restorations = RestorationReads & {
  /** From now on nothing may be sent before the world was read again. */
  begin(): Promise<void>;
  /** It may go on. False when it is not in that state. */
  settle(at: Instant): Promise<boolean>;
};

const name = 'restoration';

export function restorationReads(db: Database): RestorationReads {
  return {
    async get() {
      const row = await db.selectFrom('meta').select('value').where('name', '=', name).executeTakeFirst();
      return row === undefined ? null : restorationSchema.parse(JSON.parse(row.value));
    },
  };
}

export function restorations(db: Database): Restorations {
  const reads = restorationReads(db);
  const write = async (restoration: Restoration) => {
    const value = JSON.stringify(restoration);
    await db
      .insertInto('meta')
      .values({ name, value })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
      .execute();
  };
  return {
    ...reads,
    async begin() {
      const last = await db.selectFrom('audit').select('at').orderBy('seq', 'desc').limit(1).executeTakeFirst();
      const before = await reads.get();
      // Who restores a journal that had not settled its last restoration knows as little as before.
      const knowsUntil = before !== null && before.settledAt === null ? before.knowsUntil : (last?.at ?? null);
      await write({ knowsUntil, settledAt: null });
    },
    async settle(at) {
      const before = await reads.get();
      if (before === null || before.settledAt !== null) return false;
      await write({ ...before, settledAt: at });
      return true;
    },
  };
}
