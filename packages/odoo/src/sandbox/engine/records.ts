import type { Row, Value, Values } from './database.ts';
import { missingError, validationError, valueError } from './errors.ts';
import type { Field } from './field.ts';
import { digitsOf, required, rounded, type Context, type World } from './world.ts';

/** Values as they come over the wire: a relation to many is a list of commands. */
export type Incoming = Readonly<Record<string, unknown>>;

/** Creates a record with its nested ones. Throws what Odoo raises for unknown fields and missing required ones. */
export function createRecord(world: World, model: string, incoming: Incoming, context: Context = {}): Row {
  const { own, nested } = split(world, model, incoming, 'create');
  const row = insert(world, model, own, context);
  for (const [name, commands] of nested) applyCommands(world, model, row.id, name, commands, context);
  for (const [name, field] of Object.entries(world.db.schema[model] ?? {})) {
    const value = required(world.db.get(model, row.id), model)[name];
    if (field.required === true && (value === undefined || value === false))
      throw validationError(missingValueText(world, model, name, field));
  }
  for (const created of world.topics.created(model)) created(world, required(world.db.get(model, row.id), model), context);
  return required(world.db.get(model, row.id), model);
}

/** Writes the same values to records. Throws a MissingError for one that is not there. */
export function writeRecords(world: World, model: string, ids: readonly number[], incoming: Incoming, context: Context = {}): void {
  const { own, nested } = split(world, model, incoming, 'write');
  for (const id of ids) {
    const before = world.db.get(model, id);
    if (before === undefined) throw missingError(model, id);
    update(world, model, before, own, context);
    for (const [name, commands] of nested) applyCommands(world, model, id, name, commands, context);
  }
}

export function deleteRecords(world: World, model: string, ids: readonly number[]): void {
  for (const id of ids) {
    const row = world.db.get(model, id);
    if (row === undefined) throw missingError(model, id);
    for (const removing of world.topics.removing(model)) removing(world, row);
    world.db.remove(model, id);
  }
}

export function missingValueText(world: World, model: string, name: string, field: Field): string {
  const label = `'${labelOf(name, field)}' (${name})`;
  if (world.version < 19) return `Missing required value for the field ${label}`;
  return `Missing required value for the field ${label}.\nModel: '${world.topics.label(model)}' (${model})\n- create/update: a mandatory field is not set\n- delete: another model requires the record being deleted, you can archive it instead\n`;
}

export function labelOf(name: string, field: Field): string {
  if (field.label !== undefined) return field.label;
  const words = name.replace(/_ids?$/, '').split('_');
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ');
}

type Split = { readonly own: Values; readonly nested: readonly (readonly [string, readonly unknown[]])[] };

function split(world: World, model: string, incoming: Incoming, what: 'create' | 'write'): Split {
  const own: Record<string, Value> = {};
  const nested: [string, readonly unknown[]][] = [];
  for (const [name, value] of Object.entries(incoming)) {
    const field = world.db.field(model, name);
    if (field === undefined) throw unknownField(world, model, name, what);
    if (field.type === 'one2many') {
      if (field.computed !== true) nested.push([name, Array.isArray(value) ? value : []]);
    } else if (field.type === 'many2many') own[name] = idsOfCommands(value);
    // Computed from the moves: what is written is overruled at once.
    else if (field.computed !== true)
      own[name] = field.type === 'html' && typeof value === 'string' && value !== '' ? htmlOf(value) : stored(world, field, value);
  }
  return { own, nested };
}

/** Weights, volumes and prices are rounded to the precision that the database has for them. */
function stored(world: World, field: Field, value: unknown): Value {
  if (typeof value === 'number' && field.precision !== undefined) return rounded(value, digitsOf(world, field.precision));
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value === '' ? false : value;
  return false;
}

function htmlOf(text: string): string {
  return text.startsWith('<') ? text : `<p>${text}</p>`;
}

export function unknownField(world: World, model: string, name: string, what: 'create' | 'write' | 'read'): Error {
  if (world.version < 19) return valueError(`Invalid field '${name}' on model '${model}'`);
  return valueError(`Invalid field '${name}' ${what === 'create' ? 'in' : 'on'} '${model}'`);
}

function idsOfCommands(value: unknown): readonly number[] {
  if (!Array.isArray(value)) return [];
  let ids: number[] = [];
  for (const command of value) {
    if (typeof command === 'number') ids.push(command);
    if (!Array.isArray(command)) continue;
    const [kind, id, more] = command;
    if (kind === 5) ids = [];
    if (kind === 4 && typeof id === 'number') ids.push(id);
    if (kind === 3) ids = ids.filter((each) => each !== id);
    if (kind === 6 && Array.isArray(more)) ids = more.filter((each) => typeof each === 'number');
  }
  return ids;
}

function applyCommands(world: World, model: string, id: number, name: string, commands: readonly unknown[], context: Context): void {
  const field = world.db.field(model, name);
  const target = field?.model ?? '';
  const inverse = field?.inverse ?? '';
  for (const command of commands) {
    if (!Array.isArray(command)) continue;
    const [kind, other, values] = command;
    if (kind === 0) {
      const { [externalIdKey]: externalId, ...rest } = isIncoming(values) ? values : {};
      const made = createRecord(world, target, { ...rest, [inverse]: id }, context);
      if (typeof externalId === 'string') world.db.nameRecord(externalId, target, made.id);
    }
    if (kind === 1 && typeof other === 'number') writeRecords(world, target, [other], isIncoming(values) ? values : {}, context);
    if (kind === 2 && typeof other === 'number') deleteRecords(world, target, [other]);
    if (kind === 4 && typeof other === 'number') writeRecords(world, target, [other], { [inverse]: id }, context);
  }
}

/** Under this key an import hands a nested record's external id to its creation. */
export const externalIdKey = '@external id';

function isIncoming(value: unknown): value is Incoming {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function insert(world: World, model: string, values: Values, context: Context): Row {
  const create = world.topics.create(model);
  if (create !== undefined) return create(world, values, context);
  return world.db.insert(model, { ...(world.db.field(model, 'active') === undefined ? {} : { active: true }), ...values });
}

function update(world: World, model: string, before: Row, asked: Values, context: Context): void {
  let values = asked;
  for (const writing of world.topics.writing(model)) values = writing(world, before, values, context);
  // A hook may have changed the record itself.
  const after = world.db.update(model, before.id, values);
  for (const written of world.topics.written(model)) written(world, { before, after, asked }, context);
}
