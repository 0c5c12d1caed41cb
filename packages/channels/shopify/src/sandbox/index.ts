export type { NewVariant } from './inventory.ts';
export type { Refund } from './orders.ts';
export type { NewLine, NewOrder } from './placing.ts';
export {
  createShopifySandbox,
  type FulfillmentSnapshot,
  type OrderSnapshot,
  type ShopifySandbox,
  type ShopifySandboxOptions,
  type ShopifySnapshot,
  type StockSnapshot,
} from './sandbox.ts';
export type { FinancialStatus, ProductStatus, ReturnStatus, RiskLevel, SandboxAddress } from './state.ts';
export type { SandboxOauthApp } from './tokens.ts';
export type { SignedWebhook, WebhookDelivery } from './webhooks.ts';
