import { idsOf, numberOf, textOf, type Row } from '../engine/database.ts';
import { userError } from '../engine/errors.ts';
import { boolean, char, computed, date, float, many, monetary, one, selection, set } from '../engine/field.ts';
import { action, type Topic } from '../engine/topic.ts';
import { required, rounded, rowsBy, type World } from '../engine/world.ts';
import { receivedOn } from './purchasing.ts';

/** Freight and duty on the value of goods, without journal entries. */
export const landedCosts: Topic = {
  models: () => ({
    'product.category': { name: { ...char, required: true }, property_cost_method: selection('standard', 'fifo', 'average') },
    'product.product': { categ_id: one('product.category'), cost_method: computed('selection'), landed_cost_ok: boolean },
    'stock.landed.cost': {
      name: char,
      state: selection('draft', 'done', 'cancel'),
      date,
      company_id: one('res.company'),
      picking_ids: set('stock.picking'),
      cost_lines: many('stock.landed.cost.lines', 'cost_id'),
      valuation_adjustment_lines: many('stock.valuation.adjustment.lines', 'cost_id'),
      amount_total: computed('monetary'),
    },
    'stock.landed.cost.lines': {
      cost_id: one('stock.landed.cost', { required: true }),
      product_id: one('product.product', { required: true }),
      name: char,
      price_unit: monetary,
      split_method: selection('equal', 'by_quantity', 'by_current_cost_price', 'by_weight', 'by_volume'),
    },
    'stock.valuation.adjustment.lines': {
      cost_id: one('stock.landed.cost', { required: true }),
      product_id: one('product.product', { required: true }),
      quantity: float,
      former_cost: monetary,
      additional_landed_cost: monetary,
      final_cost: computed('monetary'),
    },
  }),
  labels: { 'stock.landed.cost': 'Stock Landed Cost' },
  rights: { 'stock.landed.cost': [], 'product.category': ['read'] },
  methods: {
    'stock.landed.cost': {
      compute_landed_cost: action((world, { ids }) => compute(world, ids)),
      button_validate: action((world, { ids }) => validate(world, ids)),
    },
  },
  computed: {
    'product.product.cost_method': (world, row) =>
      textOf(world.db.get('product.category', numberOf(row, 'categ_id')) ?? {}, 'property_cost_method') || 'standard',
    'stock.landed.cost.amount_total': (world, row) =>
      rounded(
        rowsBy(world, 'stock.landed.cost.lines', 'cost_id', row.id).reduce((sum, line) => sum + numberOf(line, 'price_unit'), 0),
        2,
      ),
    'stock.valuation.adjustment.lines.final_cost': (_world, row) =>
      rounded(numberOf(row, 'former_cost') + numberOf(row, 'additional_landed_cost'), 2),
  },
  create: {
    'stock.landed.cost': (world, values) =>
      world.db.insert('stock.landed.cost', {
        date: world.clock.now().slice(0, 10),
        company_id: world.companyId,
        picking_ids: [],
        ...values,
        state: 'draft',
        name: `LC/${world.clock.now().slice(0, 4)}/${String(world.db.next('landed cost')).padStart(4, '0')}`,
      }),
  },
};

/** `compute_landed_cost`: splits each cost over the goods, rounded to cents; the last bears what rounding left. */
function compute(world: World, ids: readonly number[]): true {
  for (const id of ids) {
    const cost = required(world.db.get('stock.landed.cost', id), `landed cost ${id}`);
    for (const line of rowsBy(world, 'stock.valuation.adjustment.lines', 'cost_id', id))
      world.db.remove('stock.valuation.adjustment.lines', line.id);
    const goods = valuedGoods(world, cost);
    if (goods.length === 0) {
      throw userError(
        'You cannot apply landed costs on the chosen Transfers(s). Landed costs can only be applied for products with FIFO or average costing method.',
      );
    }
    for (const line of rowsBy(world, 'stock.landed.cost.lines', 'cost_id', id)) split(world, cost, line, goods);
  }
  return true;
}

type Good = { readonly product: Row; readonly quantity: number; readonly value: number };

function split(world: World, cost: Row, line: Row, goods: readonly Good[]): void {
  const weightOf = (good: Good) => {
    switch (line['split_method']) {
      case 'by_quantity':
        return good.quantity;
      case 'by_weight':
        return good.quantity * numberOf(good.product, 'weight');
      case 'by_volume':
        return good.quantity * numberOf(good.product, 'volume');
      case 'by_current_cost_price':
        return good.value;
      default:
        return 1;
    }
  };
  const all = goods.reduce((sum, good) => sum + weightOf(good), 0);
  let left = numberOf(line, 'price_unit');
  for (const [index, good] of goods.entries()) {
    const share = index === goods.length - 1 ? rounded(left, 2) : rounded((numberOf(line, 'price_unit') * weightOf(good)) / all, 2);
    left -= share;
    world.db.insert('stock.valuation.adjustment.lines', {
      cost_id: cost.id,
      product_id: good.product.id,
      quantity: good.quantity,
      former_cost: good.value,
      additional_landed_cost: share,
    });
  }
}

function validate(world: World, ids: readonly number[]): true {
  for (const id of ids) {
    const cost = required(world.db.get('stock.landed.cost', id), `landed cost ${id}`);
    if (cost['state'] !== 'draft') throw userError('Only draft landed costs can be validated');
    compute(world, [id]);
    world.db.update('stock.landed.cost', id, { state: 'done' });
  }
  return true;
}

/** Goods of the receipts that are valued by what they cost. */
function valuedGoods(world: World, cost: Row): Good[] {
  return idsOf(cost, 'picking_ids').flatMap((receipt) =>
    [...receivedOn(world, receipt)].flatMap(([id, moves]) => {
      const product = required(world.db.get('product.product', id), `product ${id}`);
      const method = textOf(world.db.get('product.category', numberOf(product, 'categ_id')) ?? {}, 'property_cost_method');
      if (method !== 'fifo' && method !== 'average') return [];
      const quantity = moves.reduce((sum, move) => sum + numberOf(move, 'quantity'), 0);
      const value = moves.reduce((sum, move) => {
        const line = world.db.get('purchase.order.line', numberOf(move, 'purchase_line_id'));
        return sum + numberOf(move, 'quantity') * numberOf(line ?? {}, 'price_unit');
      }, 0);
      return [{ product, quantity, value: rounded(value, 2) }];
    }),
  );
}
