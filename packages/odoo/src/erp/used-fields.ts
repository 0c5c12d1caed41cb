import type { WantedModels } from '../typegen/wanted.ts';

/**
 * Every field that the port of the ERP reads, searches by or writes, under all the names that versions have for it: where drift is looked for before anything is written. A test
 * compares it with what goes over the wire, both ways.
 */
export const fieldsInUse: WantedModels = {
  'ir.model.data': fields('model module name res_id'),
  'mail.activity': fields('note res_id res_model'),
  'mail.message': fields('body model res_id'),
  'mrp.bom': fields('company_id product_id product_qty product_tmpl_id product_uom_id sequence type'),
  'mrp.bom.line': fields('bom_id bom_product_template_attribute_value_ids product_id product_qty product_uom_id'),
  'product.pricelist': fields('company_id currency_id'),
  'product.product': fields(
    'active default_code is_kits is_storable list_price name product_template_attribute_value_ids product_tmpl_id type uom_id volume volume_uom_name weight',
    'weight_uom_name',
  ),
  'product.template.attribute.value': fields('attribute_id'),
  'res.company': fields('currency_id name partner_id'),
  'res.country': fields('code'),
  'res.country.state': fields('code country_id name'),
  'res.currency': fields('name'),
  'res.partner': fields('child_ids city company_name country_id email name parent_id phone state_id street street2 type zip'),
  'res.users': fields('company_id company_ids email login'),
  'sale.order': fields(
    'amount_total client_order_ref currency_id date_order name order_line partner_id partner_invoice_id partner_shipping_id picking_ids',
    'pricelist_id procurement_group_id state stock_reference_ids warehouse_id',
  ),
  'sale.order.line': fields('discount name price_unit product_id product_uom_qty route_id route_ids sequence tax_id tax_ids'),
  'stock.location': fields('barcode company_id parent_path usage'),
  'stock.move': fields(
    'date date_deadline is_inventory location_dest_id location_id origin_returned_move_id picked picking_id picking_type_id product_id product_qty',
    'product_uom_qty purchase_line_id quantity sale_line_id state warehouse_id',
  ),
  'stock.picking': fields(
    'batch_id carrier_tracking_ref group_id location_dest_id location_id move_ids name note origin partner_id picking_type_id reference_ids state',
  ),
  'stock.picking.batch': fields('company_id name picking_ids picking_type_id scheduled_date state'),
  'stock.picking.type': fields('code warehouse_id'),
  'stock.quant': fields('location_id owner_id product_id quantity reserved_quantity'),
  'stock.route': fields('sale_selectable'),
  'stock.rule': fields('action company_id location_dest_id location_src_id picking_type_id procure_method route_id warehouse_id'),
  'stock.warehouse': fields('code company_id lot_stock_id name out_type_id view_location_id'),
  'uom.uom': fields('factor'),
};

/** Whether the connector fails when this field, or a whole model, is not there any more. */
export function isInUse(model: string, field: string | null): boolean {
  const names = fieldsInUse[model] ?? [];
  return field === null || names === 'all' ? names.length > 0 : names.includes(field);
}

function fields(...lists: readonly string[]): readonly string[] {
  return lists.join(' ').split(' ');
}
