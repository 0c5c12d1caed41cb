import { z } from 'zod';
import type { CallOptions, Json, OdooClient, RowReader } from '../client/client.ts';
import { idsPerCall } from '../client/limits.ts';
import { commandsOf, type Commands } from './commands.ts';
import type { CheckedDomain } from './domain.ts';
import type { Models } from './field.ts';
import type { FieldName, ModelName, ReadValue, Row, Values } from './types.ts';
import { encodeDomain, encodeValues, rowsOfFields } from './values.ts';

export type ReadOptions = {
  /** Archived records too; default only active ones. */
  readonly archived?: boolean;
  readonly context?: Readonly<Record<string, Json>>;
  readonly signal?: AbortSignal;
};

/** Reads and writes by generated models: names are checked when compiling, values when they arrive and before they are sent. */
export type TypedOdoo<M extends Models> = {
  readonly client: OdooClient;
  readonly models: M;
  /** Changes of relations to many, as values to write. */
  readonly command: Commands<M>;
  /** Rows by ascending id. `limit` cuts off; without it all rows come in one answer, so for big tables use {@link TypedOdoo.pages}. */
  searchRead<N extends ModelName<M>, const D extends readonly unknown[], const F extends FieldName<M, N>>(
    model: N,
    domain: D & CheckedDomain<M, N, D>,
    fields: readonly F[],
    options?: ReadOptions & { readonly limit?: number },
  ): Promise<Row<M, N, F>[]>;
  /** The same page by page along the id, so that rows that others write meanwhile shift nothing. */
  pages<N extends ModelName<M>, const D extends readonly unknown[], const F extends FieldName<M, N>>(
    model: N,
    domain: D & CheckedDomain<M, N, D>,
    fields: readonly F[],
    options?: ReadOptions & { readonly pageSize?: number },
  ): AsyncGenerator<Row<M, N, F>[], void>;
  /** Records by id, read in batches; archived ones too. Those that are not there any more are left out. */
  read<N extends ModelName<M>, const F extends FieldName<M, N>>(
    model: N,
    ids: readonly number[],
    fields: readonly F[],
    options?: Omit<ReadOptions, 'archived'>,
  ): Promise<Row<M, N, F>[]>;
  /** Records whose field has one of these values, such as products by SKU, read in batches. None, one or several per value, by ascending id within a batch. */
  readBy<N extends ModelName<M>, K extends FieldName<M, N>, const F extends FieldName<M, N>>(
    model: N,
    key: K,
    values: readonly NonNullable<ReadValue<M[N][K]>>[],
    fields: readonly F[],
    options?: ReadOptions,
  ): Promise<Row<M, N, F>[]>;
  count<N extends ModelName<M>, const D extends readonly unknown[]>(model: N, domain: D & CheckedDomain<M, N, D>): Promise<number>;
  /** Makes records, all or none, and gives their ids. It is not safe to repeat: claim an external id (`load`) where that matters. `dialect` adds fields by names that only this server has. */
  create<N extends ModelName<M>>(model: N, records: readonly Values<M, N>[], options?: WriteOptions): Promise<number[]>;
  write<N extends ModelName<M>>(model: N, ids: readonly number[], values: Values<M, N>, options?: WriteOptions): Promise<void>;
  unlink(model: ModelName<M>, ids: readonly number[]): Promise<void>;
};

export type WriteOptions = CallOptions & {
  readonly context?: Readonly<Record<string, Json>>;
  /** Fields whose names `everyVersion` does not have, in Odoo's own form; they go to every record. */
  readonly also?: Readonly<Record<string, Json>>;
};

/** Makes a client typed by models: the curated ones (`odoo17`, `odoo18`, `odoo19`, `everyVersion`) or those that `qm typegen` wrote for your database. */
export function typedOdoo<const M extends Models>(client: OdooClient, models: M): TypedOdoo<M> {
  const readers = new Map<string, RowReader<Record<string, unknown>>>();

  /** Reads rows of these fields. What it gives is a row of them by construction: both come from the same fields. */
  function rowsOf<N extends ModelName<M>, F extends FieldName<M, N>>(model: N, names: readonly F[]): RowReader<Row<M, N, F>> {
    const key = `${model} ${names.join(' ')}`;
    const reader = readers.get(key) ?? rowsOfFields(models, model, names);
    readers.set(key, reader);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the type is computed from the very fields that the reader is built from
    return reader as unknown as RowReader<Row<M, N, F>>;
  }

  async function readIn<N extends ModelName<M>, F extends FieldName<M, N>>(
    model: N,
    key: string,
    values: readonly unknown[],
    fields: readonly F[],
    options: ReadOptions,
  ): Promise<Row<M, N, F>[]> {
    const wanted = [...new Set(values)];
    const rows = [];
    for (let at = 0; at < wanted.length; at += idsPerCall) {
      const domain = encodeDomain(models, model, [[key, 'in', wanted.slice(at, at + idsPerCall)]]);
      rows.push(...(await client.searchRead(model, { ...options, domain, fields }, rowsOf(model, fields))));
    }
    return rows;
  }

  return {
    client,
    models,
    command: commandsOf<M>(),
    searchRead: async (model, domain, fields, options = {}) =>
      client.searchRead(model, { ...options, domain: encodeDomain(models, model, domain), fields }, rowsOf(model, fields)),
    async *pages(model, domain, fields, options = {}) {
      yield* client.pages(model, { ...options, domain: encodeDomain(models, model, domain), fields }, rowsOf(model, fields));
    },
    read: (model, ids, fields, options = {}) => readIn(model, 'id', ids, fields, { ...options, archived: true }),
    readBy: (model, key, values, fields, options = {}) => readIn(model, key, values, fields, options),
    count: async (model, domain) =>
      client.call(
        { model, method: 'search_count', args: { domain: encodeDomain(models, model, domain) }, repeat: 'always', timeout: 'read' },
        z.int(),
      ),
    create: async (model, records, { context, also, ...how } = {}) =>
      client.create(
        model,
        records.map((record) => ({ ...encodeValues(models, model, record), ...also })),
        context,
        how,
      ),
    write: async (model, ids, values, { context, also, ...how } = {}) =>
      client.write(model, ids, { ...encodeValues(models, model, values), ...also }, context, how),
    async unlink(model, ids) {
      await client.call({ model, method: 'unlink', ids, repeat: 'always', timeout: 'write' }, z.literal(true));
    },
  };
}
