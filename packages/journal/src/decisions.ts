import { gunzipSync, gzipSync } from 'node:zlib';
import type { Instant } from '@quartermaster/domain';
import type { Selectable } from 'kysely';
import { ConflictError } from './journal-error.ts';
import { parseJson } from './json.ts';
import type { Database, Tables } from './tables.ts';

/** A decision with everything it was made from, so that it can be made again and explained. Never changed. */
export type DecisionDraft = {
  /** Made from random bytes when missing. */
  readonly id?: string;
  readonly kind: string;
  readonly at: Instant;
  readonly inputsHash: string;
  /** Plain data without personal data; may be large, is kept as compressed JSON. */
  readonly inputs: object;
  /** Plain data, kept as JSON. */
  readonly outcome: object;
};

/** A decision without its inputs. */
export type DecisionSummary = Required<Pick<DecisionDraft, 'id' | 'kind' | 'at' | 'inputsHash'>> & { readonly outcome: unknown };
export type Decision = DecisionSummary & { readonly inputs: unknown };

export type DecisionQuery = {
  readonly kind?: string;
  /** Only decisions made before this instant. */
  readonly before?: Instant;
  readonly limit: number;
};

export type DecisionReads = {
  get(id: string): Promise<Decision | null>;
  latest(kind: string): Promise<Decision | null>;
  /** Newest first. */
  list(query: DecisionQuery): Promise<DecisionSummary[]>;
};

export type Decisions = DecisionReads & {
  /** Keeps a decision and returns its id. Throws a {@link ConflictError} when the id is taken. */
  save(draft: DecisionDraft): Promise<string>;
};

export function decisionReads(db: Database): DecisionReads {
  return {
    async get(id) {
      const row = await db.selectFrom('decision').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : decisionOf(row);
    },
    async latest(kind) {
      const row = await db.selectFrom('decision').selectAll().where('kind', '=', kind).orderBy('seq', 'desc').limit(1).executeTakeFirst();
      return row === undefined ? null : decisionOf(row);
    },
    async list({ kind, before, limit }) {
      const rows = await db
        .selectFrom('decision')
        .select(['id', 'kind', 'at', 'inputs_hash', 'outcome'])
        .where((is) =>
          is.and([...(kind === undefined ? [] : [is('kind', '=', kind)]), ...(before === undefined ? [] : [is('at', '<', before)])]),
        )
        .orderBy('seq', 'desc')
        .limit(limit)
        .execute();
      return rows.map(summaryOf);
    },
  };
}

export function decisions(db: Database, randomBytes: (size: number) => Uint8Array): Decisions {
  return {
    ...decisionReads(db),
    async save({ id = Buffer.from(randomBytes(12)).toString('hex'), kind, at, inputsHash, inputs, outcome }) {
      const row = await db
        .insertInto('decision')
        .values({ id, kind, at, inputs_hash: inputsHash, inputs: gzipSync(JSON.stringify(inputs)), outcome: JSON.stringify(outcome) })
        .onConflict((conflict) => conflict.doNothing())
        .returning('id')
        .executeTakeFirst();
      if (row === undefined) throw new ConflictError(`decision ${id} is already kept`);
      return id;
    },
  };
}

function summaryOf(row: Pick<Selectable<Tables['decision']>, 'id' | 'kind' | 'at' | 'inputs_hash' | 'outcome'>): DecisionSummary {
  return { id: row.id, kind: row.kind, at: row.at, inputsHash: row.inputs_hash, outcome: parseJson(row.outcome) };
}

function decisionOf(row: Selectable<Tables['decision']>): Decision {
  return { ...summaryOf(row), inputs: parseJson(gunzipSync(row.inputs).toString('utf8')) };
}
