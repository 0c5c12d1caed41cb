export {
  createShipEngineSandbox,
  type SandboxLabel,
  type SandboxWebhook,
  type ShipEngineSandbox,
  type ShipEngineSandboxOptions,
  type ShipEngineSnapshot,
} from './sandbox.ts';
export type { SandboxTrouble, SandboxWarehouse } from './state.ts';
export type { SandboxTariff } from './tariff.ts';
