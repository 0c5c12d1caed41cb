export {
  createWooCommerceSandbox,
  type NewProduct,
  type OrderSnapshot,
  type WooCommerceSandbox,
  type WooCommerceSandboxOptions,
} from './sandbox.ts';
export type { DeliveryOptions, SandboxDelivery } from './deliveries.ts';
export type { NewOrder } from './placing.ts';
export type { SandboxAddress } from './state.ts';
