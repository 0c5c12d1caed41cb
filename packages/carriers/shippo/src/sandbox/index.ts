export { createShippoSandbox, type SandboxLabel, type ShippoSandbox, type ShippoSandboxOptions, type ShippoSnapshot } from './sandbox.ts';
export type { SandboxScan, SandboxWebhook } from './parcels.ts';
export type { PurchaseTrouble } from './state.ts';
export type { SandboxTariff } from './tariff.ts';
