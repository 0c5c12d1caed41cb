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
export type { HoldLocation } from './products.ts';
export { prepareOdoo } from './prepare.ts';
export { discountSku, otherSku, shippingSku, taxSku } from './service-products.ts';
export type { OdooSetup, SetupCounts, SetupProduct, SetupReport } from './setup.ts';
