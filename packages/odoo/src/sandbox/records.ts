import { numberOf, referenceOf, textOf, type Row, type Value, type Values } from './database.ts';
import { missingError, PythonError, userError, validationError, valueError } from './errors.ts';
import { changeDemand, launchLines, lineDefaults, orderDefaults } from './sales.ts';
import type { Field } from './schema.ts';
import { createPicking, isOpen, pickingState, quantAt, reserveWaiting, rowsBy, setQuantity, unreserve } from './stock.ts';
import { createWarehouse } from './warehouses.ts';
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
  if (model === 'sale.order.line') launchIfConfirmed(world, row);
  return required(world.db.get(model, row.id), model);
}

/** Writes the same values to records. Throws a MissingError for one that is not there. */
export function writeRecords(world: World, model: string, ids: readonly number[], incoming: Incoming, context: Context = {}): void {
  const { own, nested } = split(world, model, incoming, 'write');
  for (const id of ids) {
    const before = world.db.get(model, id);
    if (before === undefined) throw missingError(model, id);
    update(world, model, before, own);
    for (const [name, commands] of nested) applyCommands(world, model, id, name, commands, context);
  }
}

export function deleteRecords(world: World, model: string, ids: readonly number[]): void {
  for (const id of ids) {
    const row = world.db.get(model, id);
    if (row === undefined) throw missingError(model, id);
    if (model === 'sale.order') {
      if (row['state'] === 'sale')
        throw userError('You can not delete a sent quotation or a confirmed sales order. You must first cancel it.');
      for (const line of rowsBy(world, 'sale.order.line', 'order_id', id)) {
        for (const move of rowsBy(world, 'stock.move', 'sale_line_id', line.id))
          world.db.update('stock.move', move.id, { sale_line_id: false });
        world.db.remove('sale.order.line', line.id);
      }
    }
    world.db.remove(model, id);
  }
}

export function missingValueText(world: World, model: string, name: string, field: Field): string {
  const label = `'${labelOf(name, field)}' (${name})`;
  if (world.version < 19) return `Missing required value for the field ${label}`;
  const what = modelLabels[model] ?? model;
  return `Missing required value for the field ${label}.\nModel: '${what}' (${model})\n- create/update: a mandatory field is not set\n- delete: another model requires the record being deleted, you can archive it instead\n`;
}

export function labelOf(name: string, field: Field): string {
  if (field.label !== undefined) return field.label;
  const words = name.replace(/_ids?$/, '').split('_');
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ');
}

const modelLabels: Readonly<Record<string, string>> = {
  'sale.order': 'Sales Order',
  'res.partner': 'Contact',
  'stock.picking': 'Transfer',
};

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
      own[name] = field.type === 'html' && typeof value === 'string' && value !== '' ? htmlOf(value) : stored(world, name, value);
  }
  return { own, nested };
}

/** Weights, volumes and prices are rounded to the precision that the database has for them. */
function stored(world: World, name: string, value: unknown): Value {
  if (typeof value === 'number' && name in precisions) return rounded(value, digitsOf(world, precisions[name] ?? ''));
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value === '' ? false : value;
  return false;
}

function htmlOf(text: string): string {
  return text.startsWith('<') ? text : `<p>${text}</p>`;
}

const precisions: Readonly<Record<string, string>> = {
  weight: 'Stock Weight',
  volume: 'Volume',
  list_price: 'Product Price',
  price_unit: 'Product Price',
};

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
  switch (model) {
    case 'sale.order':
      return world.db.insert(model, orderDefaults(world, values));
    case 'sale.order.line':
      return world.db.insert(model, lineDefaults(world, values));
    case 'stock.warehouse':
      return createWarehouse(world, values);
    case 'stock.picking':
      return createPicking(world, values);
    case 'stock.quant':
      return countedQuant(world, values, context);
    case 'product.product':
      return world.db.insert(model, {
        active: true,
        weight: 0,
        volume: 0,
        list_price: 1,
        default_code: false,
        ...productDefaults(world),
        ...values,
        ...productType(world, values),
      });
    case 'stock.picking.type':
      return world.db.insert(model, { active: true, auto_batch: false, reservation_method: 'at_confirm', ...values });
    case 'res.partner':
      return world.db.insert(model, { active: true, type: 'contact', phone: false, email: false, parent_id: false, ...values });
    default:
      return world.db.insert(model, { ...(world.db.field(model, 'active') === undefined ? {} : { active: true }), ...values });
  }
}

function update(world: World, model: string, before: Row, values: Values): void {
  if (model === 'stock.picking') forbidRetyping(world, before, values);
  if (model === 'sale.order' && before['state'] === 'cancel' && values['state'] === 'sale') {
    // Odoo falls over its own feet here, and the order stays cancelled.
    throw new PythonError(
      'builtins.UnboundLocalError',
      "Unknown error during import: <class 'UnboundLocalError'>: cannot access local variable 'pre_order_line_qty' where it is not associated with a value",
    );
  }
  if (model === 'stock.move') {
    updateMove(world, before, values);
    return;
  }
  world.db.update(model, before.id, values);
  if (model === 'sale.order.line' && values['product_uom_qty'] !== undefined) {
    const line = required(world.db.get(model, before.id), model);
    if (orderOfLine(world, line)['state'] === 'sale') changeDemand(world, line, numberOf(before, 'product_uom_qty'));
  }
}

function updateMove(world: World, before: Row, values: Values): void {
  const { quantity, ...others } = values;
  const moved = others['location_id'] !== undefined && others['location_id'] !== before['location_id'];
  const left = moved && isOpen(before) ? unreserve(world, before) : before;
  const changed = world.db.update('stock.move', left.id, others);
  if (typeof quantity === 'number' && isOpen(changed)) setQuantity(world, changed, quantity);
}

/** The kind of a delivery may change until it is done or cancelled; until Odoo 17 only of a draft, and even the same kind may not be written again. */
function forbidRetyping(world: World, picking: Row, values: Values): void {
  const type = values['picking_type_id'];
  const state = pickingState(world, picking);
  if (type === undefined || (world.version > 17 && type === picking['picking_type_id'])) return;
  const forbidden = world.version === 17 ? state !== 'draft' : state === 'done' || state === 'cancel';
  if (forbidden) throw userError('Changing the operation type of this record is forbidden at this point.');
}

/** In inventory mode a count goes to the quant that is there; it takes effect when it is applied. */
function countedQuant(world: World, values: Values, context: Context): Row {
  const quant = quantAt(world, numberOf(values, 'product_id'), numberOf(values, 'location_id'));
  if (context['inventory_mode'] !== true) throw userError('The requested operation cannot be processed because of a programming error.');
  return world.db.update('stock.quant', quant.id, {
    inventory_quantity: numberOf(values, 'inventory_quantity'),
    inventory_quantity_set: true,
  });
}

/** `action_apply_inventory`. Only Odoo 19 then reserves for what waits. */
export function applyInventory(world: World, ids: readonly number[]): void {
  for (const id of ids) {
    const quant = required(world.db.get('stock.quant', id), `quant ${id}`);
    world.db.update('stock.quant', id, {
      quantity: numberOf(quant, 'inventory_quantity'),
      inventory_quantity: 0,
      inventory_quantity_set: false,
    });
    if (world.version === 19) reserveWaiting(world, numberOf(quant, 'product_id'), numberOf(quant, 'location_id'));
  }
}

function productDefaults(world: World): Values {
  const [tax] = world.db.all('account.tax');
  return { taxes_id: tax === undefined ? [] : [tax.id] };
}

/** Odoo 17 keeps the kind of a product in two fields. */
function productType(world: World, values: Values): Values {
  if (world.version > 17) return { type: values['type'] ?? 'consu', is_storable: values['is_storable'] ?? false };
  const kind = textOf(values, 'detailed_type') || 'consu';
  return { detailed_type: kind, type: kind };
}

function orderOfLine(world: World, line: Row): Row {
  return required(world.db.get('sale.order', referenceOf(line, 'order_id') ?? 0), 'order of the line');
}

function launchIfConfirmed(world: World, line: Row): void {
  if (orderOfLine(world, line)['state'] === 'sale') launchLines(world, [line]);
}
