/** Versions that the sandbox speaks like. */
export type OdooVersion = 17 | 18 | 19;

export type FieldType =
  | 'char'
  | 'html'
  | 'float'
  | 'integer'
  | 'boolean'
  | 'datetime'
  | 'selection'
  | 'many2one'
  | 'one2many'
  | 'many2many';

export type Field = {
  readonly type: FieldType;
  /** Model that a relation leads to. */
  readonly model?: string;
  /** Field of that model that leads back, of a one2many. */
  readonly inverse?: string;
  readonly required?: true;
  /** Values of a selection. */
  readonly values?: readonly string[];
  /** Kept as an index, so that it can be searched at once. Every many2one is. */
  readonly indexed?: true;
  /** Not stored: computed when it is read. */
  readonly computed?: true;
  /** What people read. */
  readonly label?: string;
};

export type Model = Readonly<Record<string, Field>>;

const char: Field = { type: 'char' };
const code: Field = { type: 'char', indexed: true };
const html: Field = { type: 'html' };
const float: Field = { type: 'float' };
const integer: Field = { type: 'integer' };
const boolean: Field = { type: 'boolean' };
const datetime: Field = { type: 'datetime' };
const computed = (type: FieldType, model?: string): Field => ({ type, computed: true, ...(model === undefined ? {} : { model }) });
const one = (model: string, more: Partial<Field> = {}): Field => ({ type: 'many2one', model, ...more });
const many = (model: string, inverse: string, more: Partial<Field> = {}): Field => ({ type: 'one2many', model, inverse, ...more });
const set = (model: string): Field => ({ type: 'many2many', model });
const selection = (...values: readonly string[]): Field => ({ type: 'selection', values });

/** The models and fields that the connector works with, as a version has them. `id`, `create_date` and `write_date` are everywhere. */
export function schemaOf(version: OdooVersion, deliveryApp: boolean): Readonly<Record<string, Model>> {
  const grouped = version < 19;
  const group = grouped
    ? { group_id: computed('many2one', 'procurement.group') }
    : { reference_ids: computed('many2many', 'stock.reference') };
  const storable: Model =
    version === 17
      ? { detailed_type: selection('consu', 'service', 'product'), type: selection('consu', 'service', 'product') }
      : { type: selection('consu', 'service', 'combo'), is_storable: boolean };
  const product: Model = {
    name: { ...char, required: true, label: 'Name' },
    default_code: { ...code, label: 'Internal Reference' },
    weight: float,
    volume: float,
    weight_uom_name: computed('char'),
    volume_uom_name: computed('char'),
    list_price: float,
    taxes_id: set('account.tax'),
    active: boolean,
    ...storable,
  };
  return {
    'res.company': { name: char, currency_id: one('res.currency'), partner_id: one('res.partner') },
    'res.users': { login: char, name: char, email: char, company_id: one('res.company'), tz: char },
    'res.currency': { name: code, active: boolean },
    'res.country': { name: char, code },
    'res.country.state': { name: char, code: char, country_id: one('res.country') },
    'res.partner': {
      name: { ...char, label: 'Name' },
      type: selection('contact', 'invoice', 'delivery', 'other'),
      parent_id: one('res.partner', { label: 'Related Company' }),
      company_name: char,
      street: char,
      street2: char,
      zip: char,
      city: char,
      state_id: one('res.country.state', { label: 'State' }),
      country_id: one('res.country', { label: 'Country' }),
      phone: char,
      email: char,
      active: boolean,
    },
    'account.tax': { name: char, amount: float },
    'decimal.precision': { name: char, digits: integer },
    'ir.config_parameter': { key: char, value: char },
    'product.pricelist': {
      name: char,
      currency_id: one('res.currency', { required: true }),
      company_id: one('res.company'),
      active: boolean,
    },
    'product.product': product,
    'stock.location': {
      name: { ...char, required: true },
      complete_name: computed('char'),
      usage: selection('view', 'internal', 'customer', 'supplier', 'inventory', 'production', 'transit'),
      location_id: one('stock.location', { label: 'Parent Location' }),
      parent_path: computed('char'),
      barcode: code,
      company_id: one('res.company'),
      active: boolean,
    },
    'stock.warehouse': {
      name: { ...char, required: true },
      code: { ...code, required: true },
      company_id: one('res.company'),
      view_location_id: one('stock.location'),
      lot_stock_id: one('stock.location'),
      out_type_id: one('stock.picking.type'),
      in_type_id: one('stock.picking.type'),
      delivery_route_id: one('stock.route'),
      active: boolean,
    },
    'stock.picking.type': {
      name: { ...char, required: true },
      code: selection('incoming', 'outgoing', 'internal'),
      sequence_code: char,
      warehouse_id: one('stock.warehouse'),
      company_id: one('res.company'),
      default_location_src_id: one('stock.location'),
      default_location_dest_id: one('stock.location'),
      reservation_method: selection('at_confirm', 'manual', 'by_date'),
      auto_batch: boolean,
      active: boolean,
    },
    'stock.route': {
      name: { ...char, required: true },
      sale_selectable: boolean,
      product_selectable: boolean,
      company_id: one('res.company'),
      rule_ids: many('stock.rule', 'route_id'),
      active: boolean,
    },
    'stock.rule': {
      name: { ...char, required: true },
      route_id: one('stock.route', { required: true }),
      action: selection('pull', 'push', 'pull_push'),
      location_src_id: one('stock.location'),
      location_dest_id: one('stock.location', { required: true }),
      picking_type_id: one('stock.picking.type', { required: true }),
      procure_method: selection('make_to_stock', 'make_to_order', 'mts_else_mto'),
      warehouse_id: one('stock.warehouse'),
      company_id: one('res.company'),
      propagate_carrier: boolean,
      ...(grouped ? { group_propagation_option: selection('none', 'propagate', 'fixed') } : {}),
      active: boolean,
    },
    'stock.quant': {
      product_id: one('product.product', { required: true }),
      location_id: one('stock.location', { required: true }),
      quantity: float,
      reserved_quantity: float,
      available_quantity: computed('float'),
      inventory_quantity: float,
      inventory_quantity_set: boolean,
    },
    'sale.order': {
      name: char,
      partner_id: one('res.partner', { required: true, label: 'Customer' }),
      partner_invoice_id: one('res.partner', { label: 'Invoice Address' }),
      partner_shipping_id: one('res.partner', { label: 'Delivery Address' }),
      client_order_ref: char,
      origin: char,
      date_order: { ...datetime, label: 'Order Date' },
      pricelist_id: one('product.pricelist', { label: 'Pricelist' }),
      currency_id: computed('many2one', 'res.currency'),
      warehouse_id: one('stock.warehouse', { label: 'Warehouse' }),
      company_id: one('res.company'),
      state: { ...selection('draft', 'sent', 'sale', 'cancel'), label: 'Status' },
      locked: boolean,
      amount_untaxed: computed('float'),
      amount_tax: computed('float'),
      amount_total: computed('float'),
      order_line: many('sale.order.line', 'order_id', { label: 'Order Lines' }),
      picking_ids: computed('one2many', 'stock.picking'),
      delivery_status: computed('selection'),
      ...(grouped ? { procurement_group_id: one('procurement.group') } : { stock_reference_ids: set('stock.reference') }),
    },
    'sale.order.line': {
      order_id: one('sale.order', { required: true }),
      sequence: integer,
      product_id: one('product.product', { label: 'Product' }),
      name: { ...char, label: 'Description' },
      product_uom_qty: { ...float, label: 'Quantity' },
      price_unit: { ...float, label: 'Unit Price' },
      discount: { ...float, label: 'Discount (%)' },
      price_subtotal: computed('float'),
      qty_delivered: computed('float'),
      [version === 19 ? 'tax_ids' : 'tax_id']: set('account.tax'),
      ...(version === 19 ? { route_ids: set('stock.route') } : { route_id: one('stock.route') }),
    },
    'stock.picking': {
      name: char,
      state: computed('selection'),
      origin: char,
      note: html,
      partner_id: one('res.partner', { label: 'Contact' }),
      location_id: one('stock.location', { required: true, label: 'Source Location' }),
      location_dest_id: one('stock.location', { required: true, label: 'Destination Location' }),
      picking_type_id: one('stock.picking.type', { required: true, label: 'Operation Type' }),
      ...(deliveryApp ? { carrier_tracking_ref: char } : {}),
      backorder_id: one('stock.picking'),
      sale_id: computed('many2one', 'sale.order'),
      company_id: one('res.company'),
      date_done: datetime,
      is_cancelled: boolean,
      move_ids: many('stock.move', 'picking_id', { label: 'Stock Moves' }),
      ...group,
    },
    'stock.move': {
      ...(grouped ? { name: char, group_id: one('procurement.group') } : { reference_ids: set('stock.reference') }),
      product_id: one('product.product', { required: true }),
      product_uom_qty: float,
      quantity: float,
      picked: boolean,
      state: selection('draft', 'waiting', 'confirmed', 'partially_available', 'assigned', 'done', 'cancel'),
      location_id: one('stock.location', { required: true }),
      location_dest_id: one('stock.location', { required: true }),
      picking_id: one('stock.picking'),
      picking_type_id: one('stock.picking.type'),
      warehouse_id: one('stock.warehouse'),
      sale_line_id: one('sale.order.line'),
      move_line_ids: many('stock.move.line', 'move_id'),
    },
    'stock.move.line': {
      move_id: one('stock.move', { required: true }),
      product_id: one('product.product'),
      location_id: one('stock.location'),
      quantity: float,
      /** How much of the quantity is set aside in the quant; the rest was forced. */
      reserved: float,
    },
    [grouped ? 'procurement.group' : 'stock.reference']: { name: char, sale_id: one('sale.order') },
    'ir.model.data': { module: char, name: code, model: char, res_id: { type: 'integer', indexed: true } },
  };
}
