export {
  createVendureSandbox,
  type NewOrder as VendureNewOrder,
  type OrderSnapshot as VendureOrderSnapshot,
  type VendureSandbox,
  type VendureSandboxOptions,
} from './sandbox.ts';
