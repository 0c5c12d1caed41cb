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
  /** Records that go themselves, by kind and state: what nobody comes back to once it is old. */
  readonly forgotten?: Readonly<Record<string, readonly string[]>>;
};

/** How many rows went. */
export type Pruned = {
  readonly intents: number;
  readonly rawAnswers: number;
  readonly arrivals: number;
  readonly exceptions: number;
  readonly decisions: number;
  readonly records: number;
};

export type Retention = {
  /**
   * Forgets what is over and old: finished intents with their raw answers, handled arrivals, resolved exceptions, decisions. Nothing that an order which is not over may still need: its
   * intents stay whole, and so does every decision since the oldest such order began. Records stay, unless their kind and state say that they go; the audit trail and people stay. Call it until it says 0 of everything.
   */
  prune(query: PruneQuery): Promise<Pruned>;
};

export function retention(db: Database): Retention {
  return {
    async prune({ before, limit, ended, forgotten = {} }) {
      const open = isOpen(ended, before);
      const ids = await finishedIntents(db, { before, limit, open });
      const answers = ids.length === 0 ? [] : await db.deleteFrom('raw_answer').where('intent_id', 'in', ids).returning('id').execute();
      const intents = ids.length === 0 ? [] : await db.deleteFrom('intent').where('id', 'in', ids).returning('id').execute();

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
      return {
        intents: intents.length,
        rawAnswers: answers.length,
        arrivals: arrivals.length,
        exceptions: exceptions.length,
        decisions: await pruneDecisions(db, { before, limit, open }),
        records: await pruneRecords(db, { before, limit, forgotten }),
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

/** As in the index `intent_finished`: states stand in the text, so that the store may use it. */
const isFinished = sql<boolean>`intent.state in ('done', 'failed', 'cancelled')`;
/** As in the index `intent_open`. */
const otherIsUnfinished = sql<boolean>`other.state in ('planned', 'ready', 'leased', 'sent', 'unknown', 'dead')`;

type Step = Pick<PruneQuery, 'before' | 'limit'>;

/**
 * Ids of finished intents that may go, of those that ended longest ago. Goes from page to page, because a store that is asked for all at once may look at every finished intent there is
 * before it gives the first.
 */
async function finishedIntents(db: Database, { before, limit, open }: Step & { readonly open: RawBuilder<SqlBool> }): Promise<number[]> {
  const ids: number[] = [];
  let behind = sql<boolean>`true`;
  while (ids.length < limit) {
    const page = await db
      .selectFrom('intent')
      .select(['id', 'changed_at'])
      .where(isFinished)
      .where('changed_at', '<', before)
      .where(behind)
      .orderBy('changed_at')
      .orderBy('id')
      .limit(limit)
      .execute();
    const last = page.at(-1);
    if (last === undefined) break;
    behind = sql<boolean>`(intent.changed_at, intent.id) > (${last.changed_at}, ${last.id})`;
    const free = await db
      .selectFrom('intent')
      .select('id')
      .where(
        'id',
        'in',
        page.map(({ id }) => id),
      )
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
              .where(otherIsUnfinished),
          ),
        ),
      )
      .execute();
    ids.push(...free.map(({ id }) => id));
  }
  return ids.slice(0, limit);
}

/** The tables let decisions go only while this note is there, which no other transaction sees. */
async function pruneDecisions(
  db: Database,
  { before: given, limit, open }: Step & { readonly open: RawBuilder<SqlBool> },
): Promise<number> {
  const first = await db.selectFrom('decision').select('at').orderBy('at').limit(1).executeTakeFirst();
  // Finding the oldest order reads them all: only where it matters.
  if (first === undefined || first.at >= given) return 0;
  const oldest = await db.selectFrom('record').select('created_at').where(open).orderBy('created_at').limit(1).executeTakeFirst();
  const before = oldest === undefined || oldest.created_at > given ? given : oldest.created_at;
  await db.insertInto('meta').values({ name: 'pruning', value: before }).execute();
  const gone = await db
    .deleteFrom('decision')
    .where('seq', 'in', (from) => from.selectFrom('decision').select('seq').where('at', '<', before).orderBy('at').limit(limit))
    .returning('seq')
    .execute();
  await db.deleteFrom('meta').where('name', '=', 'pruning').execute();
  return gone.length;
}

async function pruneRecords(db: Database, { before, limit, forgotten }: Step & Required<Pick<PruneQuery, 'forgotten'>>): Promise<number> {
  let gone = 0;
  for (const [kind, states] of Object.entries(forgotten))
    for (const state of states) {
      const rows = await db
        .deleteFrom('record')
        .where('kind', '=', kind)
        .where('key', 'in', (from) =>
          from
            .selectFrom('record as old')
            .select('old.key')
            .where('old.kind', '=', kind)
            .where('old.state', '=', state)
            .where('old.changed_at', '<', before)
            .limit(limit),
        )
        // Said again of the row itself: somebody may change it while it is waited for.
        .where('state', '=', state)
        .where('changed_at', '<', before)
        .returning('key')
        .execute();
      gone += rows.length;
    }
  return gone;
}
