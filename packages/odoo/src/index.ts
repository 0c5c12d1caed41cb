export {
  connectOdoo,
  type Json,
  type Loaded,
  type OdooCall,
  type OdooClient,
  type OdooOptions,
  type SearchRead,
  type TransportName,
} from './client.ts';
export { odooErp, type OdooErpOptions } from './erp.ts';
export { prepareOdoo, type OdooSetup, type SetupCounts, type SetupProduct, type SetupReport } from './prepare.ts';
export { discountSku, shippingSku, taxSku } from './service-products.ts';
