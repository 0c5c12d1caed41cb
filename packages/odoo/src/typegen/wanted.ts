/** What to generate: models by name, each with the names of its fields, or `all` of them. A field that a server does not have is left out, so one list serves all versions. */
export type WantedModels = Readonly<Record<string, readonly string[] | 'all'>>;

/** The models and fields that ship with this package: what the connector uses, and what people who sell and ship with Odoo ask for. */
export const curatedModels: WantedModels = {
  'res.company': fields('name partner_id currency_id'),
  'res.users': fields('login name email company_id company_ids partner_id tz lang groups_id group_ids active'),
  'res.partner': fields(
    'name company_name is_company type parent_id child_ids street street2 zip city state_id country_id phone mobile email vat ref lang',
    'comment category_id active create_date write_date',
  ),
  'res.partner.category': fields('name'),
  'res.country': fields('name code'),
  'res.country.state': fields('name code country_id'),
  'res.currency': fields('name symbol decimal_places active'),
  'product.product': fields(
    'name default_code barcode type detailed_type is_storable tracking is_kits uom_id categ_id product_tmpl_id product_template_attribute_value_ids list_price standard_price',
    'weight volume weight_uom_name volume_uom_name taxes_id sale_ok purchase_ok qty_available free_qty virtual_available incoming_qty',
    'outgoing_qty active create_date write_date',
  ),
  'product.template': fields('name default_code product_variant_ids seller_ids categ_id active write_date'),
  'product.template.attribute.value': fields('name attribute_id product_tmpl_id'),
  'product.category': fields('name complete_name parent_id property_cost_method property_valuation'),
  'product.supplierinfo': fields(
    'partner_id product_tmpl_id product_id min_qty price currency_id delay product_code product_name product_uom product_uom_id company_id',
  ),
  'product.pricelist': fields('name currency_id company_id active'),
  'uom.uom': fields('name factor active'),
  'account.tax': fields('name amount amount_type type_tax_use company_id active'),
  'stock.warehouse': fields(
    'name code company_id partner_id view_location_id lot_stock_id wh_input_stock_loc_id wh_output_stock_loc_id in_type_id int_type_id',
    'pick_type_id pack_type_id out_type_id reception_steps delivery_steps delivery_route_id active',
  ),
  'stock.location': fields(
    'name complete_name usage location_id parent_path barcode company_id warehouse_id scrap_location return_location active',
  ),
  'stock.picking.type': fields(
    'name code sequence_code warehouse_id company_id default_location_src_id default_location_dest_id reservation_method create_backorder',
    'use_create_lots use_existing_lots return_picking_type_id auto_batch active',
  ),
  'stock.route': fields('name sale_selectable product_selectable warehouse_selectable company_id rule_ids active'),
  'stock.rule': fields(
    'name route_id action location_src_id location_dest_id picking_type_id procure_method warehouse_id company_id propagate_carrier',
    'group_propagation_option auto active',
  ),
  'stock.quant': fields(
    'product_id location_id warehouse_id lot_id package_id owner_id quantity reserved_quantity available_quantity inventory_quantity',
    'inventory_quantity_set inventory_quantity_auto_apply inventory_date company_id in_date write_date',
  ),
  'stock.lot': fields('name ref product_id company_id product_qty write_date'),
  'stock.quant.package': fields('name package_type_id shipping_weight location_id quant_ids company_id'),
  'stock.package': fields('name package_type_id shipping_weight location_id quant_ids company_id'),
  'stock.package.type': fields('name barcode base_weight max_weight packaging_length width height package_carrier_type'),
  'stock.picking': fields(
    'name state origin note partner_id location_id location_dest_id picking_type_id picking_type_code move_type priority owner_id user_id',
    'scheduled_date date_deadline date_done products_availability_state company_id sale_id purchase_id group_id reference_ids backorder_id',
    'backorder_ids return_id return_ids batch_id move_ids move_line_ids carrier_id carrier_tracking_ref carrier_tracking_url carrier_price',
    'weight shipping_weight is_locked create_date write_date',
  ),
  'stock.move': fields(
    'name product_id product_uom product_uom_qty product_qty quantity picked is_inventory state date date_deadline location_id location_dest_id',
    'location_final_id picking_id picking_type_id warehouse_id company_id partner_id procure_method sale_line_id purchase_line_id bom_line_id group_id',
    'reference_ids move_line_ids move_orig_ids move_dest_ids origin_returned_move_id returned_move_ids to_refund lot_ids scrapped scrap_id write_date',
  ),
  'stock.move.line': fields(
    'move_id picking_id product_id quantity picked state lot_id lot_name package_id result_package_id owner_id location_id location_dest_id',
    'company_id write_date',
  ),
  'stock.picking.batch': fields('name state is_wave picking_ids picking_type_id user_id scheduled_date company_id move_line_ids'),
  'stock.scrap': fields(
    'name state product_id scrap_qty product_uom_id lot_id package_id owner_id location_id scrap_location_id picking_id origin date_done company_id',
  ),
  'stock.return.picking': fields('picking_id product_return_moves'),
  'stock.return.picking.line': fields('product_id quantity move_id wizard_id to_refund'),
  'stock.warehouse.orderpoint': fields(
    'name product_id warehouse_id location_id product_min_qty product_max_qty trigger qty_to_order qty_forecast qty_on_hand qty_multiple',
    'replenishment_uom_id lead_days_date lead_horizon_date company_id active',
  ),
  'stock.landed.cost': fields('name state date picking_ids cost_lines amount_total account_move_id valuation_adjustment_lines company_id'),
  'stock.landed.cost.lines': fields('name cost_id product_id price_unit split_method'),
  'stock.valuation.adjustment.lines': fields('cost_id product_id quantity former_cost additional_landed_cost final_cost'),
  'sale.order': fields(
    'name state locked partner_id partner_invoice_id partner_shipping_id client_order_ref origin note date_order commitment_date pricelist_id',
    'currency_id warehouse_id company_id user_id team_id tag_ids amount_untaxed amount_tax amount_total order_line picking_policy picking_ids',
    'delivery_status invoice_ids invoice_status procurement_group_id stock_reference_ids carrier_id create_date write_date',
  ),
  'sale.order.line': fields(
    'order_id sequence display_type product_id name product_uom_qty product_uom product_uom_id price_unit discount price_subtotal price_tax',
    'price_total tax_id tax_ids route_id route_ids warehouse_id customer_lead qty_delivered qty_invoiced qty_to_invoice move_ids is_delivery state write_date',
  ),
  'sale.advance.payment.inv': fields('advance_payment_method sale_order_ids'),
  'delivery.carrier': fields('name delivery_type product_id company_id active'),
  'account.journal': fields('name code type company_id active'),
  'account.move': fields(
    'name move_type state payment_state partner_id invoice_date invoice_date_due ref invoice_origin currency_id journal_id amount_untaxed',
    'amount_tax amount_total amount_residual invoice_line_ids reversed_entry_id reversal_move_id reversal_move_ids company_id create_date write_date',
  ),
  'account.move.line': fields(
    'move_id product_id name quantity price_unit discount price_subtotal price_total tax_ids display_type sale_line_ids purchase_line_id',
  ),
  'account.move.reversal': fields('move_ids journal_id reason date'),
  'account.payment': fields('name payment_type partner_type partner_id amount currency_id journal_id date state ref memo company_id'),
  'account.payment.register': fields('amount payment_date journal_id communication'),
  'purchase.order': fields(
    'name state partner_id partner_ref origin date_order date_planned date_approve currency_id picking_type_id company_id order_line picking_ids',
    'receipt_status invoice_ids invoice_status amount_untaxed amount_tax amount_total write_date',
  ),
  'purchase.order.line': fields(
    'order_id sequence product_id name product_qty product_uom product_uom_id price_unit taxes_id tax_ids date_planned qty_received qty_invoiced',
    'price_subtotal move_ids state',
  ),
  'mrp.bom': fields('product_tmpl_id product_id type sequence product_qty product_uom_id bom_line_ids company_id active write_date'),
  'mrp.bom.line': fields('bom_id product_id product_qty product_uom_id bom_product_template_attribute_value_ids'),
  'procurement.group': fields('name sale_id'),
  'stock.reference': fields('name sale_ids'),
  'mail.message': fields('model res_id body message_type subtype_id author_id date attachment_ids'),
  'mail.activity': fields('res_model res_model_id res_id activity_type_id summary note user_id date_deadline'),
  'mail.activity.type': fields('name res_model active'),
  'ir.attachment': fields('name res_model res_id type datas mimetype checksum file_size'),
  'ir.model': fields('model name'),
  'ir.model.fields': fields('model name ttype modules state'),
  'ir.model.data': fields('module name model res_id'),
  'ir.module.module': fields('name state'),
  'ir.config_parameter': fields('key value'),
  'decimal.precision': fields('name digits'),
};

function fields(...lists: readonly string[]): readonly string[] {
  return lists.join(' ').split(' ');
}
