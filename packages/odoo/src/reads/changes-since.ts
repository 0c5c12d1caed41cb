import type { Instant } from '@quartermaster/domain';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { RowIssue, type Json, type OdooClient, type RowReader } from '../client/client.ts';
import { rowsPerPage } from '../client/limits.ts';
import type { CheckedDomain } from '../models/domain.ts';
import type { Models } from '../models/field.ts';
import type { TypedOdoo } from '../models/typed-odoo.ts';
import type { FieldName, ModelName, Row } from '../models/types.ts';
import { encodeDomain, instantFromOdoo, odooTime, rowsOfFields } from '../models/values.ts';
import { beginPoll, endPoll, fromTheBeginning, sinceOf, takePage, type ChangeCursor, type StampedRecord } from './change-cursor.ts';

export type ChangesOptions = {
  /**
   * Longer than any transaction that writes to the model, in milliseconds; default 5 minutes. Batches of confirmed orders were seen to take 149 s.
   */
  readonly overlapMs?: number;
  /** Default true: archiving is a change like others. */
  readonly archived?: boolean;
  readonly pageSize?: number;
  readonly signal?: AbortSignal;
};

/** Some changed records, and the cursor to keep once they are dealt with. */
export type Changes<Record> = { readonly rows: readonly Record[]; readonly cursor: ChangeCursor };

const fiveMinutesMs = 300_000;

/**
 * Records that changed since the cursor, page by page by ascending id, each in the state in which it is now. Every change is seen by one poll or the next, also of a transaction that
 * began before the last poll and ended after it, as long as it took less than the overlap; a record that did not change is not given twice.
 *
 * The last answer of a poll has the cursor of the next one and may be without rows. A poll that was broken off goes on from the cursor of any page. `write_date` comes along.
 *
 * What it cannot see: a record that was deleted (see `sweep`), or that left the domain; and an order does not count as changed when only the text of its lines was, so poll
 * `sale.order.line` too where that matters.
 */
export async function* changesSince<
  M extends Models,
  N extends ModelName<M>,
  const D extends readonly unknown[],
  const F extends FieldName<M, N>,
>(
  odoo: TypedOdoo<M>,
  model: N,
  cursor: ChangeCursor,
  domain: D & CheckedDomain<M, N, D>,
  fields: readonly F[],
  options: ChangesOptions = {},
): AsyncGenerator<Changes<Row<M, N, F> & { readonly write_date: Instant | null }>, void> {
  const read = changeReader(odoo, { model, domain, fields }, options);
  const typed = ({ row, stamp }: FoundRecord) =>
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the row was read by these very fields
    ({ ...row, write_date: stamp === neverStamped ? null : stamp }) as Row<M, N, F> & { readonly write_date: Instant | null };
  for await (const page of poll(read, cursor, options)) yield { cursor: page.cursor, rows: page.fresh.map(typed) };
}

/** The cursor of everything that changes from now on. No clock is asked: what is stamped in the newest overlap is taken as known. */
export async function startingNow<M extends Models, N extends ModelName<M>, const D extends readonly unknown[]>(
  odoo: TypedOdoo<M>,
  model: N,
  domain: D & CheckedDomain<M, N, D>,
  fields: readonly FieldName<M, N>[],
  options: ChangesOptions = {},
): Promise<ChangeCursor> {
  const read = changeReader(odoo, { model, domain, fields }, options);
  const watermark = await read.newest(null);
  if (watermark === null) return fromTheBeginning;
  let cursor: ChangeCursor = { watermark, seen: {}, unfinished: null };
  for await (const page of poll(read, cursor, options)) cursor = page.cursor;
  return cursor;
}

/** What a poll asks the server; records by ascending id. */
export type ChangeReader = {
  /** The newest stamp of a record stamped at or after `since`. */
  newest(since: Instant | null): Promise<Instant | null>;
  page(since: Instant | null, after: number): Promise<{ readonly records: readonly FoundRecord[]; readonly last: boolean }>;
  /** The server's clock, as far as it can be asked. */
  now(): Promise<Instant | null>;
};

export type FoundRecord = StampedRecord & { readonly row: Readonly<Record<string, unknown>> };

/** One poll of any source. */
export async function* poll(
  read: ChangeReader,
  start: ChangeCursor,
  { overlapMs = fiveMinutesMs }: Pick<ChangesOptions, 'overlapMs'>,
): AsyncGenerator<{ readonly fresh: readonly FoundRecord[]; readonly cursor: ChangeCursor }, void> {
  const since = sinceOf(start, overlapMs);
  let cursor = start;
  if (start.unfinished === null) {
    const newest = await read.newest(since);
    // Only for a table where nothing new happens the clock is worth a call, and only while something is remembered.
    const quiet = newest !== null && start.watermark !== null && newest <= start.watermark;
    cursor = beginPoll(start, { newest, serverTime: quiet ? await read.now() : null }, overlapMs);
    if (newest === null) {
      yield { fresh: [], cursor: endPoll(cursor, overlapMs) };
      return;
    }
  }
  for (;;) {
    const { records, last } = await read.page(since, cursor.unfinished?.after ?? 0);
    const taken = takePage(cursor, records, overlapMs);
    cursor = last ? endPoll(taken.cursor, overlapMs) : taken.cursor;
    yield { fresh: records.filter(({ id }) => taken.fresh.has(id)), cursor };
    if (last) return;
  }
}

/** Rows that something wrote past Odoo have no stamp. They are there from the beginning, and never change. */
const stampSchema = z.looseObject({ id: z.int(), write_date: z.union([z.string(), z.literal(false)]) });

const neverStamped: Instant = '1970-01-01T00:00:00.000Z';

function stampOf(row: z.infer<typeof stampSchema>): Instant {
  return row.write_date === false ? neverStamped : instantFromOdoo(row.write_date);
}

type Query = { readonly model: string; readonly domain: readonly unknown[]; readonly fields: readonly string[] };

function changeReader(
  { client, models }: { readonly client: OdooClient; readonly models: Models },
  { model, domain: asked, fields }: Query,
  options: ChangesOptions,
): ChangeReader {
  const domain: readonly Json[] = encodeDomain(models, model, asked);
  const reader = recordReader(rowsOfFields(models, model, fields));
  const { archived = true, pageSize = rowsPerPage, signal } = options;
  const from = (since: Instant | null) => (since === null ? [] : [['write_date', '>=', odooTime(since)]]);
  const signalled = signal === undefined ? {} : { signal };
  return {
    async newest(since) {
      const args = {
        domain: [...(since === null ? [['write_date', '!=', false]] : from(since)), ...domain],
        fields: ['write_date'],
        order: 'write_date desc, id desc',
        limit: 1,
      };
      const context = archived ? { active_test: false } : {};
      const call = { model, method: 'search_read', args, context, ...signalled, repeat: 'always', timeout: 'read' } as const;
      const [row] = await client.call(call, z.array(stampSchema));
      return row === undefined ? null : stampOf(row);
    },
    async page(since, after) {
      const query = {
        domain: [['id', '>', after], ...from(since), ...domain],
        fields: [...fields, 'write_date'],
        limit: pageSize,
        archived,
      };
      const records = await client.searchRead(model, { ...query, ...signalled }, reader);
      return { records, last: records.length < pageSize };
    },
    now: () => serverTime(client),
  };
}

/** Stamp and mark of the rows as Odoo sent them, then the rows in our form. */
function recordReader(reader: RowReader<Record<string, unknown>>): RowReader<FoundRecord> {
  return {
    rows(given) {
      const stamped = given.map((row, index) => {
        const parsed = stampSchema.safeParse(row);
        if (!parsed.success) throw new RowIssue([index], 'has no id or no write_date');
        return { id: parsed.data.id, stamp: stampOf(parsed.data), mark: markOf(row) };
      });
      const rows = reader.rows(given);
      return stamped.flatMap((record, index) => (rows[index] === undefined ? [] : [{ ...record, row: rows[index] }]));
    },
  };
}

/** The clock of the Odoo server in whole seconds: what it would date a message with. Null where it does not say. */
export async function serverTime(client: OdooClient): Promise<Instant | null> {
  const call = { model: 'mail.message', method: 'default_get', args: { fields: ['date'] }, repeat: 'always', timeout: 'read' } as const;
  const answer = await client.call(call, z.object({ date: z.string().optional() }));
  return answer.date === undefined ? null : instantFromOdoo(answer.date);
}

/** A short mark of a row's content. */
function markOf(row: unknown): string {
  return createHash('sha256').update(JSON.stringify(row)).digest('base64url').slice(0, 16);
}
