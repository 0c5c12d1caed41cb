export {
  connectOdoo,
  type Json,
  type Loaded,
  type OdooCall,
  type OdooClient,
  type OdooOptions,
  type SearchRead,
  type TransportName,
} from './client/client.ts';
export { odooErp, type OdooErpOptions } from './erp/erp.ts';
export type { HoldLocation } from './erp/products.ts';
export { prepareOdoo } from './setup/prepare.ts';
export { discountSku, otherSku, shippingSku, taxSku } from './erp/service-products.ts';
export type { OdooSetup, SetupCounts, SetupProduct, SetupReport } from './setup/setup.ts';
