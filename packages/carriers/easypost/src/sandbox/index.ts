export {
  createEasyPostSandbox,
  type EasyPostSandbox,
  type EasyPostSandboxOptions,
  type EasyPostSnapshot,
  type SandboxLabel,
} from './sandbox.ts';
export type { PurchaseTrouble } from './state.ts';
export type { SandboxTariff } from './tariff.ts';
export type { SandboxScan, SandboxWebhook } from './trackers.ts';
