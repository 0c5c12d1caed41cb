import type { Instant } from '@quartermaster/domain';
import type { Database } from './tables.ts';

export type Schedules = {
  /** Takes one occurrence of something that recurs, such as slot `2026-11-21` of `daily-report`. True for exactly one taker, ever. */
  claimSlot(name: string, slot: string, at: Instant): Promise<boolean>;
};

export function schedules(db: Database): Schedules {
  return {
    async claimSlot(name, slot, at) {
      const row = await db
        .insertInto('schedule_slot')
        .values({ name, slot, claimed_at: at })
        .onConflict((conflict) => conflict.doNothing())
        .returning('slot')
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}
