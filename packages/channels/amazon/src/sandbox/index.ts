export {
  createAmazonSandbox,
  type AmazonSandbox,
  type AmazonSandboxOptions,
  type NewListing,
  type NewOrder,
  type OrderSnapshot,
} from './sandbox.ts';
export type { SandboxAddress, SandboxMarketplace } from './state.ts';
