export { createUpsSandbox, type SandboxLabel, type UpsSandbox, type UpsSandboxOptions } from './sandbox.ts';
export type { PurchaseTrouble } from './state.ts';
export type { SandboxService } from './tariff.ts';
