import type { Instant } from '@quartermaster/domain';
import { sql, type RawBuilder, type SqlBool } from 'kysely';
import type { Database } from './tables.ts';

export type PruneQuery = {
  /** What ended before this instant may go. Leave more time than a vendor takes to come back to an order. */
  readonly before: Instant;
  /** At most so many rows of each kind at a time, so that nobody waits long. */
  readonly limit: number;
  /** The states in which a record of a kind is over, such as `{ order: ['shipped', 'cancelled'] }`. What belongs to any other record of these kinds stays. */
  readonly ended: Readonly<Record<string, readonly string[]>>;
};

/** How many rows went. */
export type Pruned = {
  readonly intents: number;
  readonly rawAnswers: number;
  readonly arrivals: number;
  readonly exceptions: number;
  readonly decisions: number;
};

export type Retention = {
  /**
   * Forgets what is over and old: finished intents with their raw answers, handled arrivals, resolved exceptions, decisions. Nothing that an order which is not over may still need: its
   * intents stay whole, and so does every decision since the oldest such order began. Records, the audit trail and people stay. Call it until it says 0 of everything.
   */
  prune(query: PruneQuery): Promise<Pruned>;
};

export function retention(db: Database): Retention {
  return {
    async prune({ before, limit, ended }) {
      const open = isOpen(ended, before);
      const oldest = await db.selectFrom('record').select('created_at').where(open).orderBy('created_at').limit(1).executeTakeFirst();

      const finished = await db
        .selectFrom('intent')
        .select('id')
        .where('state', 'in', ['done', 'failed', 'cancelled'])
        .where('changed_at', '<', before)
        .where((is) =>
          is.not(is.exists(is.selectFrom('record').select('record.key').whereRef('record.key', '=', 'intent.order_key').where(open))),
        )
        .where((is) =>
          is.not(
            is.exists(
              is
                .selectFrom('intent as other')
                .select('other.id')
                .whereRef('other.order_key', '=', 'intent.order_key')
                .where('other.state', 'not in', ['done', 'failed', 'cancelled']),
            ),
          ),
        )
        .orderBy('changed_at')
        .limit(limit)
        .execute();
      const ids = finished.map(({ id }) => id);
      const answers = await db.deleteFrom('raw_answer').where('intent_id', 'in', ids).returning('id').execute();
      const intents = await db.deleteFrom('intent').where('id', 'in', ids).returning('id').execute();

      const arrivals = await db
        .deleteFrom('inbox')
        .where('id', 'in', (from) =>
          from
            .selectFrom('inbox')
            .select('id')
            .where('handled_at', 'is not', null)
            .where('handled_at', '<', before)
            .orderBy('handled_at')
            .limit(limit),
        )
        .returning('id')
        .execute();
      const exceptions = await db
        .deleteFrom('exception_case')
        .where('id', 'in', (from) =>
          from
            .selectFrom('exception_case')
            .select('id')
            .where('resolved_at', 'is not', null)
            .where('resolved_at', '<', before)
            .orderBy('resolved_at')
            .limit(limit),
        )
        .returning('id')
        .execute();
      const decisions = await pruneDecisions(
        db,
        oldest?.created_at === undefined || oldest.created_at > before ? before : oldest.created_at,
        limit,
      );
      return {
        intents: intents.length,
        rawAnswers: answers.length,
        arrivals: arrivals.length,
        exceptions: exceptions.length,
        decisions,
      };
    },
  };
}

/** Whether a record is not over yet, or was until lately. */
function isOpen(ended: PruneQuery['ended'], before: Instant): RawBuilder<SqlBool> {
  const kinds = Object.entries(ended).map(([kind, states]) => {
    const over = states.length === 0 ? sql`1 = 0` : sql`record.state in (${sql.join(states)})`;
    return sql`(record.kind = ${kind} and (record.changed_at >= ${before} or not (${over})))`;
  });
  return kinds.length === 0 ? sql`1 = 0` : sql`(${sql.join(kinds, sql` or `)})`;
}

/** The tables let decisions go only while this note is there, which no other transaction sees. */
async function pruneDecisions(db: Database, before: Instant, limit: number): Promise<number> {
  await db.insertInto('meta').values({ name: 'pruning', value: before }).execute();
  const gone = await db
    .deleteFrom('decision')
    .where('seq', 'in', (from) => from.selectFrom('decision').select('seq').where('at', '<', before).orderBy('at').limit(limit))
    .returning('seq')
    .execute();
  await db.deleteFrom('meta').where('name', '=', 'pruning').execute();
  return gone.length;
}
