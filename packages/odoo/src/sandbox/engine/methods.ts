import { curatedOf } from '../../models/curated-of.ts';
import type { ModelField } from '../../models/field.ts';
import { readField } from './computed.ts';
import { numberOf, textOf, type Row, type Value } from './database.ts';
import { search } from './domain.ts';
import type { Field } from './field.ts';
import { accessError, PythonError, typeError, userError } from './errors.ts';
import { load } from './import.ts';
import { createRecord, deleteRecords, labelOf, unknownField, writeRecords, type Incoming } from './records.ts';
import { mayDo } from './rights.ts';
import type { Method, MethodCall } from './topic.ts';
import type { Context, World } from './world.ts';

/** The method of a model. Throws what Odoo raises for an unknown model, an unknown method and a private one. */
export function methodOf(world: World, model: string, name: string): Method {
  if (world.db.schema[model] === undefined) throw userError(`Object ${model} doesn't exist`);
  if (name.startsWith('_')) {
    throw accessError(
      world.version === 19
        ? `Private methods (such as '${model}.${name}') cannot be called remotely.`
        : `Private methods (such as ${name}) cannot be called remotely.`,
    );
  }
  const method = world.topics.method(model, name) ?? everywhere[name];
  if (method === undefined) {
    throw new PythonError(
      'builtins.AttributeError',
      world.version === 19 ? `The method '${model}.${name}' does not exist` : `The method '${name}' does not exist on the model '${model}'`,
    );
  }
  return method;
}

/** What every model has. */
const everywhere: Readonly<Record<string, Method>> = {
  search_read: {
    right: 'read',
    onRecords: false,
    parameters: ['domain', 'fields', 'offset', 'limit', 'order'],
    run(world, { model, args, context }) {
      const rows = find(world, model, args['domain'], context);
      const ordered = inOrder(world, model, rows, args['order']);
      const offset = typeof args['offset'] === 'number' ? args['offset'] : 0;
      const limit = typeof args['limit'] === 'number' && args['limit'] > 0 ? args['limit'] : ordered.length;
      const fields = fieldNames(args['fields']) ?? Object.keys(world.db.schema[model] ?? {});
      return ordered.slice(offset, offset + limit).map((row) => readRow(world, model, row, fields, args['load'] === '', context));
    },
  },
  search_count: {
    right: 'read',
    onRecords: false,
    parameters: ['domain'],
    required: ['domain'],
    run: (world, { model, args, context }) => find(world, model, args['domain'], context).length,
  },
  search: {
    right: 'read',
    onRecords: false,
    parameters: ['domain', 'offset', 'limit', 'order'],
    required: ['domain'],
    run(world, { model, args, context }) {
      const rows = inOrder(world, model, find(world, model, args['domain'], context), args['order']);
      const offset = typeof args['offset'] === 'number' ? args['offset'] : 0;
      const limit = typeof args['limit'] === 'number' && args['limit'] > 0 ? args['limit'] : rows.length;
      return rows.slice(offset, offset + limit).map((row) => row.id);
    },
  },
  read: {
    right: 'read',
    onRecords: true,
    parameters: ['fields', 'load'],
    run(world, { model, ids, args, context }) {
      const fields = fieldNames(args['fields']) ?? Object.keys(world.db.schema[model] ?? {});
      return existing(world, model, ids).map((row) => readRow(world, model, row, fields, args['load'] === '', context));
    },
  },
  web_read: {
    right: 'read',
    onRecords: true,
    parameters: ['specification'],
    required: ['specification'],
    run: (world, { model, ids, args }) =>
      existing(world, model, ids).map((row) => readBySpecification(world, model, row, args['specification'])),
  },
  fields_get: {
    onRecords: false,
    parameters: ['allfields', 'attributes'],
    run(world, { model, args }) {
      const names = fieldNames(args['allfields']);
      const fields = Object.entries(world.db.schema[model] ?? {}).filter(
        ([name]) => names === undefined || names.length === 0 || names.includes(name),
      );
      const attributes = fieldNames(args['attributes']);
      return Object.fromEntries(
        fields.map(([name, field]) => {
          const described = Object.entries(describe(name, field, curatedOf(world.version)?.[model]?.[name]));
          return [name, Object.fromEntries(described.filter(([key]) => attributes === undefined || attributes.includes(key)))];
        }),
      );
    },
  },
  default_get: {
    onRecords: false,
    parameters: ['fields'],
    required: ['fields'],
    run(world, { model, args }) {
      const dated = (fieldNames(args['fields']) ?? []).filter(
        (name) => name === 'date' && world.db.field(model, name)?.type === 'datetime',
      );
      return Object.fromEntries(dated.map((name) => [name, world.clock.now().slice(0, 19).replace('T', ' ')]));
    },
  },
  get_metadata: {
    onRecords: true,
    parameters: [],
    run: (world, { model, ids }) =>
      existing(world, model, ids).map((row) => {
        const names = world.db.externalIdsOf(model, row.id);
        const user = [world.userId, 'Administrator'];
        return {
          id: row.id,
          create_uid: user,
          create_date: row['create_date'],
          write_uid: user,
          write_date: row['write_date'],
          xmlid: names[0] ?? false,
          noupdate: false,
          xmlids: names.map((xmlid) => ({ xmlid, noupdate: false })),
        };
      }),
  },
  check_access_rights: {
    onRecords: false,
    parameters: ['operation', 'raise_exception'],
    required: ['operation'],
    run: (world, { model, args }) => mayDo(world, model, String(args['operation'])),
  },
  create: {
    right: 'create',
    onRecords: false,
    parameters: ['vals_list'],
    required: ['vals_list'],
    run(world, { model, args, context }) {
      const values = args['vals_list'];
      if (Array.isArray(values)) return values.map((each) => createRecord(world, model, asIncoming(each), context).id);
      return createRecord(world, model, asIncoming(values), context).id;
    },
  },
  write: {
    right: 'write',
    onRecords: true,
    parameters: ['vals'],
    required: ['vals'],
    run(world, { model, ids, args, context }) {
      writeRecords(world, model, ids, asIncoming(args['vals']), context);
      return true;
    },
  },
  unlink: {
    right: 'unlink',
    onRecords: true,
    parameters: [],
    run(world, { model, ids }) {
      deleteRecords(world, model, ids);
      return true;
    },
  },
  load: {
    right: 'create',
    onRecords: false,
    parameters: ['fields', 'data'],
    required: ['fields', 'data'],
    run(world, { model, args, context }) {
      const fields = fieldNames(args['fields']) ?? [];
      const data = Array.isArray(args['data']) ? args['data'].filter((row) => Array.isArray(row)) : [];
      return load(world, model, fields, data, context);
    },
  },
};

/** Puts arguments by position and by name together. Throws a TypeError for one that the method does not have. */
export function bind(
  model: string,
  name: string,
  method: Method,
  positional: readonly unknown[],
  named: Readonly<Record<string, unknown>>,
): Pick<MethodCall, 'ids' | 'args'> {
  const [first, ...others] = positional;
  const ids = method.onRecords ? (Array.isArray(first) ? first : [first]).filter((id) => typeof id === 'number') : [];
  const byPosition = (method.onRecords ? others : positional).map((value, index) => [method.parameters[index] ?? '', value] as const);
  const args = { ...Object.fromEntries(byPosition), ...named };
  for (const key of Object.keys(args)) {
    const known = method.parameters.includes(key) || (name === 'search_read' && key === 'load');
    if (!known) throw typeError(`${model}.${name}() got an unexpected keyword argument '${key}'`);
  }
  return { ids, args };
}

/** A field as `fields_get` describes it. What the real one is (required, stored, its values) is said of it, also where the sandbox takes it easier. */
function describe(name: string, field: Field, real: ModelField | undefined): Record<string, unknown> {
  const values = real?.values ?? field.values ?? [];
  return {
    type: field.type,
    string: labelOf(name, field),
    required: real === undefined ? field.required === true : real.required === true,
    readonly: field.computed === true,
    store: real === undefined ? field.computed !== true : real.stored !== false,
    ...(field.model === undefined ? {} : { relation: field.model }),
    ...(field.inverse === undefined ? {} : { relation_field: field.inverse }),
    ...(field.type === 'selection' ? { selection: values.map((value) => [value, value]) } : {}),
  };
}

function find(world: World, model: string, domain: unknown, context: Context): Row[] {
  const activeOnly = context['active_test'] !== false;
  return search(world.db, (each, row, field) => readField(world, each, row, field), world.version, model, domain, activeOnly);
}

function existing(world: World, model: string, ids: readonly number[]): Row[] {
  return ids.flatMap((id) => world.db.get(model, id) ?? []);
}

function inOrder(world: World, model: string, rows: readonly Row[], order: unknown): Row[] {
  if (typeof order !== 'string' || order === '' || order === 'id') return [...rows];
  const [name = 'id', direction = 'asc'] = order.split(',')[0]?.trim().split(/\s+/) ?? [];
  if (world.db.field(model, name) === undefined) throw unknownField(world, model, name, 'read');
  const value = (row: Row) => (name === 'id' ? row.id : readField(world, model, row, name));
  const sign = direction.toLowerCase() === 'desc' ? -1 : 1;
  return [...rows].sort((a, b) => sign * (value(a) < value(b) ? -1 : value(a) > value(b) ? 1 : a.id - b.id));
}

/** A row as `read` gives it: a many2one as id and name, or as the plain id. */
function readRow(
  world: World,
  model: string,
  row: Row,
  fields: readonly string[],
  plain: boolean,
  context: Context,
): Record<string, unknown> {
  const read: Record<string, unknown> = { id: row.id };
  for (const name of fields) {
    const field = world.db.field(model, name);
    if (field === undefined) throw unknownField(world, model, name, 'read');
    const value = name === 'id' ? row.id : readField(world, model, row, name, context);
    read[name] =
      field.type === 'many2one' && typeof value === 'number' && !plain ? [value, displayName(world, field.model ?? '', value)] : value;
  }
  return read;
}

/** A row as `web_read` gives it: relations as deep as the specification goes. */
function readBySpecification(world: World, model: string, row: Row, specification: unknown): Record<string, unknown> {
  const read: Record<string, unknown> = { id: row.id };
  for (const [name, wanted] of Object.entries(asIncoming(specification))) {
    const field = world.db.field(model, name);
    if (field === undefined) throw unknownField(world, model, name, 'read');
    const value: Value = name === 'id' ? row.id : readField(world, model, row, name);
    const inner = asIncoming(wanted)['fields'];
    const related = (id: number) =>
      existing(world, field.model ?? '', [id]).map((each) => readBySpecification(world, field.model ?? '', each, inner));
    if (inner === undefined) read[name] = value;
    else if (field.type === 'many2one') read[name] = typeof value === 'number' ? (related(value)[0] ?? false) : false;
    else read[name] = Array.isArray(value) ? value.flatMap((id: number) => related(id)) : [];
  }
  return read;
}

function displayName(world: World, model: string, id: number): string {
  const row = world.db.get(model, id);
  if (row === undefined) return '';
  const code = textOf(row, 'default_code');
  if (code !== '') return `[${code}] ${textOf(row, 'name')}`;
  return model === 'stock.location'
    ? String(readField(world, model, row, 'complete_name'))
    : textOf(row, 'name') || `${model},${numberOf(row, 'id')}`;
}

function fieldNames(value: unknown): string[] | undefined {
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : undefined;
}

function asIncoming(value: unknown): Incoming {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
