import { epochMs, instantAt } from '@quartermaster/domain';
import { accessError, PythonError } from './errors.ts';
import { createRecord, externalIdKey, labelOf, writeRecords, type Incoming } from './records.ts';
import type { Field } from './field.ts';
import type { Context, World } from './world.ts';

/** Answer of `load`: the ids of all records, or false and why none was written. */
export type LoadReply = { readonly ids: readonly number[] | false; readonly messages: readonly LoadMessage[]; readonly nextrow: 0 };

export type LoadMessage = {
  readonly rows: { readonly from: number; readonly to: number };
  readonly record: number;
  readonly type: 'error';
  readonly field?: string;
  readonly message: string;
};

/**
 * Odoo's import: an upsert by external id (`id`) or database id (`.id`), all rows or none. It raises nothing for a bad value but reports it. Nested rows without an id are new every
 * time. Times are read in the time zone of the context, else of the user.
 */
export function load(
  world: World,
  model: string,
  fields: readonly string[],
  data: readonly (readonly unknown[])[],
  context: Context,
): LoadReply {
  const paths = fields.map((field) => field.split('/'));
  refuseUnknownFields(world, model, paths);
  const messages: LoadMessage[] = [];
  try {
    const ids = world.db.atomically(() => {
      const written: number[] = [];
      for (const [index, record] of recordsOf(world, model, paths, data).entries()) {
        const report = (field: string | undefined, message: string) =>
          messages.push({ rows: record.rows, record: index, type: 'error', message, ...(field === undefined ? {} : { field }) });
        written.push(importRecord(world, model, record, context, report));
      }
      if (messages.length > 0) throw new Rejected();
      return written;
    });
    return { ids, messages: [], nextrow: 0 };
  } catch (error) {
    if (!(error instanceof Rejected)) throw error;
    return { ids: false, messages, nextrow: 0 };
  }
}

/** Ends an import whose messages say why. */
class Rejected extends Error {}

type Report = (field: string | undefined, message: string) => void;

/** One record of an import: the cells of its own fields, and the rows of its nested ones by field. */
type Draft = {
  readonly rows: { readonly from: number; readonly to: number };
  readonly cells: ReadonlyMap<string, { readonly path: readonly string[]; readonly text: string }>;
  readonly nested: ReadonlyMap<string, readonly Draft[]>;
};

function importRecord(world: World, model: string, draft: Draft, context: Context, report: Report): number {
  const externalId = draft.cells.get('id')?.text ?? '';
  const values = convert(world, model, draft, '', context, report);
  try {
    if (model === 'res.partner' && typeof values['parent_id'] === 'number') demandCreditLimit(world);
    const databaseId = Number(draft.cells.get('.id')?.text ?? 0);
    const named = externalId === '' ? undefined : world.db.recordOf(externalId);
    const existing = externalId === '' ? databaseId : (named?.id ?? 0);
    if (existing > 0) {
      if (named?.noupdate === true && context['mode'] === 'update') return existing;
      writeRecords(world, model, [existing], values, context);
      return existing;
    }
    const made = createRecord(world, model, values, context);
    if (externalId !== '') world.db.nameRecord(externalId, model, made.id, context['noupdate'] === true);
    return made.id;
  } catch (error) {
    if (!(error instanceof PythonError)) throw error;
    const field = /\((\w+)\)/.exec(error.message)?.[1];
    report(error.message.startsWith('Missing required') ? field : undefined, error.message);
    return 0;
  }
}

/** From Odoo 18 on an import of a contact below another reads its credit limit, which only accounting may. (Creating it does not.) */
function demandCreditLimit(world: World): void {
  if (world.administrator || world.version === 17) return;
  throw accessError(
    'You do not have enough rights to access the field "credit_limit" on Contact (res.partner). Please contact your system administrator.',
  );
}

/** Rows of a table as records: one begins where a cell of its own is filled, and the rows below with none add to its nested records. */
function recordsOf(world: World, model: string, paths: readonly (readonly string[])[], data: readonly (readonly unknown[])[]): Draft[] {
  const isNested = (path: readonly string[]) => path.length > 1 && world.db.field(model, path[0] ?? '')?.type === 'one2many';
  const starts = data.flatMap((row, index) =>
    index === 0 || paths.some((path, column) => !isNested(path) && textOfCell(row[column]) !== '') ? [index] : [],
  );
  return starts.map((from, which) => {
    const to = (starts[which + 1] ?? data.length) - 1;
    const rows = data.slice(from, to + 1);
    const cells = new Map(
      paths.flatMap((path, column) =>
        isNested(path) ? [] : [[path[0] ?? '', { path: path.slice(1), text: textOfCell(rows[0]?.[column]) }] as const],
      ),
    );
    const nested = new Map<string, Draft[]>();
    for (const name of new Set(paths.filter(isNested).map((path) => path[0] ?? ''))) {
      const columns = paths.flatMap((path, column) => (path[0] === name && path.length > 1 ? [column] : []));
      const target = world.db.field(model, name)?.model ?? '';
      const below = rows.map((row) => columns.map((column) => row[column])).filter((row) => row.some((cell) => textOfCell(cell) !== ''));
      const drafts = recordsOf(
        world,
        target,
        columns.map((column) => (paths[column] ?? []).slice(1)),
        below,
      );
      nested.set(name, below.length === 0 ? [] : drafts);
    }
    return { rows: { from, to }, cells, nested };
  });
}

function convert(world: World, model: string, draft: Draft, above: string, context: Context, report: Report): Incoming {
  const values: Record<string, unknown> = {};
  for (const [name, { path, text }] of draft.cells) {
    if (name === 'id' || name === '.id') continue;
    const field = world.db.field(model, name);
    if (field === undefined) continue;
    const label = `${above}${labelOf(name, field)}`;
    const converted = convertCell(world, field, path[0], text, context);
    if (converted.kind === 'value') values[name] = converted.value;
    else report(above === '' ? name : nestedFieldName(above), `${converted.problem} '${label}'`);
  }
  for (const [name, drafts] of draft.nested) {
    const field = world.db.field(model, name);
    const target = field?.model ?? '';
    const commands: unknown[] = [];
    for (const each of drafts) {
      const under: Report = (_field, message) => report(name, message);
      const inner = convert(world, target, each, `${above}${labelOf(name, field ?? { type: 'one2many' })}/`, context, under);
      const externalId = each.cells.get('id')?.text ?? '';
      const databaseId = Number(each.cells.get('.id')?.text ?? 0);
      const existing = externalId === '' ? databaseId : (world.db.recordOf(externalId)?.id ?? 0);
      if (existing > 0) commands.push([4, existing, 0], [1, existing, inner]);
      else commands.push([0, 0, externalId === '' ? inner : { ...inner, [externalIdKey]: externalId }]);
    }
    values[name] = commands;
  }
  return values;
}

function nestedFieldName(above: string): string {
  return above.split('/')[0] ?? above;
}

type Converted = { readonly kind: 'value'; readonly value: unknown } | { readonly kind: 'problem'; readonly problem: string };

function convertCell(world: World, field: Field, by: string | undefined, text: string, context: Context): Converted {
  const value = (converted: unknown): Converted => ({ kind: 'value', value: converted });
  const problem = (what: string): Converted => ({ kind: 'problem', problem: what });
  switch (field.type) {
    case 'many2one': {
      if (text === '') return value(false);
      const id = recordBy(world, field.model ?? '', by, text);
      return id === null ? problem(`No matching record found for ${byText(by)} '${text}' in field`) : value(id);
    }
    case 'many2many': {
      if (text === '') return value([[6, 0, []]]);
      const ids = text.split(',').map((part) => recordBy(world, field.model ?? '', by, part));
      const found = ids.filter((id) => id !== null);
      return found.length === ids.length
        ? value([[6, 0, found]])
        : problem(`No matching record found for ${byText(by)} '${text}' in field`);
    }
    case 'float':
    case 'monetary':
    case 'integer':
    case 'many2one_reference': {
      if (text === '') return value(0);
      const number = Number(text);
      return Number.isFinite(number) ? value(number) : problem(`'${text}' does not seem to be a number for field`);
    }
    case 'boolean':
      return value(['1', 'true', 'yes', 'True', 'TRUE'].includes(text));
    case 'datetime': {
      if (text === '') return value(false);
      if (!/^(?!0000)\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text))
        return problem(`'${text}' does not seem to be a valid datetime for field`);
      return value(utc(world, text, context));
    }
    case 'json':
      return text === '' || isJson(text)
        ? value(text === '' ? false : text)
        : problem(`'${text}' does not seem to be a valid JSON for field`);
    case 'selection':
      if (text === '') return value(false);
      return field.values?.includes(text) === true ? value(text) : problem(`Value '${text}' not found in selection field`);
    default:
      return value(text === '' ? false : text);
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** A local time of the context's zone, else of the user's, as UTC. */
function utc(world: World, text: string, context: Context): string {
  const ofUser = world.db.get('res.users', world.userId)?.['tz'];
  const zone = typeof context['tz'] === 'string' ? context['tz'] : typeof ofUser === 'string' ? ofUser : 'UTC';
  const [date = '', time = ''] = text.split(' ');
  const minute = epochMs(instantAt(date, time.slice(0, 5), zone));
  return new Date(minute + Number(time.slice(6)) * 1_000).toISOString().slice(0, 19).replace('T', ' ');
}

function recordBy(world: World, model: string, by: string | undefined, text: string): number | null {
  if (by === '.id') return world.db.get(model, Number(text)) === undefined ? null : Number(text);
  if (by === 'id') {
    const record = world.db.recordOf(text);
    return record?.model === model ? record.id : null;
  }
  for (const row of world.db.all(model)) if (row['name'] === text) return row.id;
  return null;
}

function byText(by: string | undefined): string {
  return by === '.id' ? 'database id' : by === 'id' ? 'external id' : 'name';
}

function refuseUnknownFields(world: World, model: string, paths: readonly (readonly string[])[]): void {
  for (const [head = '', ...rest] of paths) {
    if (head === '.id' || head === 'id') continue;
    const field = world.db.field(model, head);
    if (field === undefined) {
      throw world.version === 17
        ? new PythonError('builtins.KeyError', head)
        : new PythonError('builtins.ValueError', `Invalid field name '${head}'`);
    }
    if (rest.length > 0 && rest[0] !== 'id' && rest[0] !== '.id') refuseUnknownFields(world, field.model ?? '', [rest]);
  }
}

function textOfCell(cell: unknown): string {
  return typeof cell === 'string' ? cell : typeof cell === 'number' || cell === true ? String(cell) : '';
}
