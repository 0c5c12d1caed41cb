export { createUspsSandbox, type SandboxLabel, type UspsSandbox, type UspsSandboxOptions } from './sandbox.ts';
export type { PurchaseTrouble } from './state.ts';
export type { SandboxService } from './tariff.ts';
