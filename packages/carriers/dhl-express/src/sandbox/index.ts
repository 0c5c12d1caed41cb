export { createDhlExpressSandbox, type DhlExpressSandbox, type DhlExpressSandboxOptions, type SandboxShipment } from './sandbox.ts';
export type { SandboxPlace } from './lookup-routes.ts';
export type { PurchaseTrouble } from './state.ts';
export type { SandboxProduct } from './tariff.ts';
