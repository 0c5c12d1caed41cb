export { createShipEngineSandbox, type SandboxWebhook, type ShipEngineSandbox, type ShipEngineSandboxOptions } from './sandbox.ts';
export type { SandboxTrouble, SandboxWarehouse } from './state.ts';
export type { SandboxTariff } from './tariff.ts';
export type { SandboxLabel, ShipEngineSnapshot } from './snapshot.ts';
