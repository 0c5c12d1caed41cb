import { numberOf, referenceOf, textOf, type Row, type Values } from '../engine/database.ts';
import { boolean, char, computed, float, integer, many, one, selection, set } from '../engine/field.ts';
import type { Topic } from '../engine/topic.ts';
import { required, rowsBy, type World } from '../engine/world.ts';
import { isStorable } from './quants.ts';

/** Kits: products that are sold as one and delivered as their parts, by bills of materials of the type `phantom`; and the units and templates that these need. */
export const kits: Topic = {
  models: (version) => ({
    'uom.uom': { name: { ...char, required: true }, factor: float, active: boolean },
    'product.template': { name: char, active: boolean, product_variant_ids: many('product.product', 'product_tmpl_id') },
    'product.template.attribute.value': { name: char, attribute_id: one('product.attribute') },
    'product.attribute': { name: char },
    'product.product': {
      product_tmpl_id: one('product.template'),
      uom_id: one('uom.uom'),
      // What it is bought in, and from 19 on what it is packed in.
      ...(version < 19 ? { uom_po_id: one('uom.uom') } : { uom_ids: set('uom.uom') }),
      is_kits: computed('boolean'),
      product_template_attribute_value_ids: set('product.template.attribute.value'),
    },
    'mrp.bom': {
      product_tmpl_id: one('product.template', { required: true }),
      product_id: one('product.product'),
      product_qty: float,
      product_uom_id: one('uom.uom'),
      type: selection('normal', 'phantom'),
      sequence: integer,
      company_id: one('res.company'),
      bom_line_ids: many('mrp.bom.line', 'bom_id'),
      active: boolean,
    },
    'mrp.bom.line': {
      bom_id: one('mrp.bom', { required: true }),
      product_id: one('product.product', { required: true }),
      product_qty: float,
      product_uom_id: one('uom.uom'),
      bom_product_template_attribute_value_ids: set('product.template.attribute.value'),
    },
    'stock.move': { bom_line_id: one('mrp.bom.line') },
  }),
  computed: { 'product.product.is_kits': (world, row) => kitBom(world, row) !== undefined },
  create: {
    'mrp.bom': (world, values) =>
      world.db.insert('mrp.bom', {
        active: true,
        product_qty: 1,
        type: 'normal',
        sequence: 0,
        company_id: world.companyId,
        product_uom_id: unitId(world),
        ...values,
      }),
    'mrp.bom.line': (world, values) => {
      const product = world.db.get('product.product', numberOf(values, 'product_id'));
      return world.db.insert('mrp.bom.line', { product_qty: 1, product_uom_id: unitOf(world, product ?? { id: 0 }), ...values });
    },
  },
  created: {
    'product.product': (world, product) => {
      const template =
        referenceOf(product, 'product_tmpl_id') ?? world.db.insert('product.template', { name: textOf(product, 'name'), active: true }).id;
      world.db.update('product.product', product.id, { product_tmpl_id: template, uom_id: unitOf(world, product) });
    },
  },
  install(world) {
    const add = (name: string, xmlid: string, size: number) => {
      const unit = world.db.insert('uom.uom', { name, factor: world.version < 19 ? 1 / size : size, active: true });
      world.db.nameRecord(`uom.${xmlid}`, 'uom.uom', unit.id);
    };
    add('Units', 'product_uom_unit', 1);
    add('Dozens', 'product_uom_dozen', 12);
  },
};

/** One component that a kit is delivered as. */
export type KitPart = { readonly product: Row; readonly units: number; readonly bomLine: number };

/** What so many units of a product are delivered as; undefined of one that is no kit. Each part is rounded up to hundredths of its line's unit, as Odoo does. */
export function partsOfKit(world: World, product: Row, units: number): KitPart[] | undefined {
  const bom = kitBom(world, product);
  if (bom === undefined) return undefined;
  const times =
    (units * sizeOf(world, unitOf(world, product))) / sizeOf(world, numberOf(bom, 'product_uom_id')) / numberOf(bom, 'product_qty');
  return rowsBy(world, 'mrp.bom.line', 'bom_id', bom.id).flatMap((line) => {
    const component = required(world.db.get('product.product', numberOf(line, 'product_id')), 'component');
    const ofLine = times * numberOf(line, 'product_qty');
    const inItsUnit = (quantity: number) =>
      (quantity * sizeOf(world, numberOf(line, 'product_uom_id'))) / sizeOf(world, unitOf(world, component));
    const nested = partsOfKit(world, component, inItsUnit(ofLine));
    if (nested !== undefined) return nested;
    const rounded = Math.ceil(ofLine * 100 - 1e-7) / 100;
    return component['type'] === 'service' ? [] : [{ product: component, units: inItsUnit(rounded), bomLine: line.id }];
  });
}

/** Storable components of one bill of materials, added up, and how many kits the bill makes; undefined of a product that is no kit. */
export function componentsOfKit(
  world: World,
  product: Row,
): { readonly makes: number; readonly needed: ReadonlyMap<number, number> } | undefined {
  const bom = kitBom(world, product);
  if (bom === undefined) return undefined;
  const makes = numberOf(bom, 'product_qty');
  const needed = new Map<number, number>();
  for (const part of partsOfKit(world, product, makes) ?? [])
    if (part.units > 0 && isStorable(world, part.product.id)) needed.set(part.product.id, (needed.get(part.product.id) ?? 0) + part.units);
  return { makes, needed };
}

/** Complete kits among the units that were delivered of a line, by product. Null for a line that is delivered as it is. */
export function kitsDelivered(world: World, line: Row, delivered: ReadonlyMap<number, number>): number | null {
  const product = world.db.get('product.product', numberOf(line, 'product_id'));
  const kit = product && !delivered.has(product.id) ? componentsOfKit(world, product) : undefined;
  if (kit === undefined || kit.needed.size === 0) return null;
  const complete = [...kit.needed].map(([component, units]) => ((delivered.get(component) ?? 0) / units) * kit.makes);
  return Math.floor(Math.min(...complete) + 1e-6);
}

/** The bill of materials of a kit: of the lowest sequence, of the variant before the template. */
function kitBom(world: World, product: Row): Row | undefined {
  return rowsBy(world, 'mrp.bom', 'product_tmpl_id', numberOf(product, 'product_tmpl_id'))
    .filter((bom) => bom['active'] === true && bom['type'] === 'phantom' && (referenceOf(bom, 'product_id') ?? product.id) === product.id)
    .sort(
      (a, b) =>
        numberOf(a, 'sequence') - numberOf(b, 'sequence') ||
        Number(a['product_id'] === false) - Number(b['product_id'] === false) ||
        a.id - b.id,
    )[0];
}

function unitId(world: World): number {
  return world.db.recordOf('uom.product_uom_unit')?.id ?? 0;
}

function unitOf(world: World, product: Values): number {
  return referenceOf(product, 'uom_id') ?? unitId(world);
}

/** How many of the reference unit a unit is. */
function sizeOf(world: World, unit: number): number {
  const factor = numberOf(world.db.get('uom.uom', unit) ?? {}, 'factor') || 1;
  return world.version < 19 ? 1 / factor : factor;
}
