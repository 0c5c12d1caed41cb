import { isFault } from '@quartermaster/domain';
import type { Json, OdooClient } from '../client/client.ts';

/** Names that differ between versions, as this database has them: one word of ours for each. Asked of the server where it can be, because modules and patches differ, too. */
export type Vocabulary = {
  readonly saleLineTaxes: 'tax_id' | 'tax_ids';
  readonly saleLineRoute: 'route_id' | 'route_ids';
  readonly saleLineUnit: 'product_uom' | 'product_uom_id';
  readonly purchaseLineTaxes: 'taxes_id' | 'tax_ids';
  readonly purchaseLineUnit: 'product_uom' | 'product_uom_id';
  readonly supplierUnit: 'product_uom' | 'product_uom_id';
  /** What ties deliveries to their order. */
  readonly groupModel: 'procurement.group' | 'stock.reference';
  readonly orderGroup: 'procurement_group_id' | 'stock_reference_ids';
  readonly pickingGroup: 'group_id' | 'reference_ids';
  readonly moveHasName: boolean;
  readonly packageModel: 'stock.quant.package' | 'stock.package';
  readonly userGroups: 'groups_id' | 'group_ids';
  readonly paymentReference: 'ref' | 'memo';
  readonly createReturns: 'create_returns' | 'action_create_returns';
  /** Key of the context by which stock is read of one warehouse; the other one is ignored in silence. */
  readonly warehouseContext: 'warehouse' | 'warehouse_id';
  /** Whether a product that is kept in stock says so by `is_storable`; else by `detailed_type = product`. */
  readonly storableFlag: boolean;
  /** Whether deliveries can hold tracking numbers: only with the app "Delivery Costs" (`delivery`). */
  readonly tracking: boolean;
  /** Whether deliveries can be put into batches: only with the app "Batch Transfers" (`stock_picking_batch`). */
  readonly batches: boolean;
};

/** Reads the vocabulary of a database. Where an app is not installed its words are those of the version. */
export async function readVocabulary(client: OdooClient): Promise<Vocabulary> {
  const version = client.version;
  const has = async (model: string, field: string, since: number) =>
    (await fieldsOrNull(client, model, [field]))?.has(field) ?? version >= since;
  const [saleLine, order, picking, move] = await Promise.all([
    client.knownFields('sale.order.line', ['tax_ids', 'route_ids', 'product_uom_id']),
    client.knownFields('sale.order', ['stock_reference_ids']),
    client.knownFields('stock.picking', ['carrier_tracking_ref', 'batch_id']),
    client.knownFields('stock.move', ['name']),
  ]);
  const grouped = !order.has('stock_reference_ids');
  return {
    saleLineTaxes: saleLine.has('tax_ids') ? 'tax_ids' : 'tax_id',
    saleLineRoute: saleLine.has('route_ids') ? 'route_ids' : 'route_id',
    saleLineUnit: saleLine.has('product_uom_id') ? 'product_uom_id' : 'product_uom',
    purchaseLineTaxes: (await has('purchase.order.line', 'tax_ids', 19)) ? 'tax_ids' : 'taxes_id',
    purchaseLineUnit: (await has('purchase.order.line', 'product_uom_id', 19)) ? 'product_uom_id' : 'product_uom',
    supplierUnit: (await has('product.supplierinfo', 'product_uom_id', 19)) ? 'product_uom_id' : 'product_uom',
    groupModel: grouped ? 'procurement.group' : 'stock.reference',
    orderGroup: grouped ? 'procurement_group_id' : 'stock_reference_ids',
    pickingGroup: grouped ? 'group_id' : 'reference_ids',
    moveHasName: move.has('name'),
    packageModel: version >= 19 ? 'stock.package' : 'stock.quant.package',
    userGroups: (await has('res.users', 'group_ids', 19)) ? 'group_ids' : 'groups_id',
    paymentReference: (await has('account.payment', 'memo', 18)) ? 'memo' : 'ref',
    createReturns: version >= 18 ? 'action_create_returns' : 'create_returns',
    warehouseContext: version >= 18 ? 'warehouse_id' : 'warehouse',
    storableFlag: await has('product.product', 'is_storable', 18),
    tracking: picking.has('carrier_tracking_ref'),
    batches: picking.has('batch_id'),
  };
}

/** Values that make a product one that is kept in stock. */
export function storableValues(vocabulary: Vocabulary): Readonly<Record<string, Json>> {
  return vocabulary.storableFlag ? { type: 'consu', is_storable: true } : { detailed_type: 'product' };
}

async function fieldsOrNull(client: OdooClient, model: string, fields: readonly string[]): Promise<ReadonlySet<string> | null> {
  try {
    return await client.knownFields(model, fields);
  } catch (error) {
    if (isFault(error) && ['unsupported', 'not-found', 'forbidden'].includes(error.code)) return null;
    throw error;
  }
}
