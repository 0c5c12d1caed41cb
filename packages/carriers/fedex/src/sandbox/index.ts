export { createFedexSandbox, type FedexSandbox, type FedexSandboxOptions, type SandboxLabel } from './sandbox.ts';
export type { PurchaseTrouble } from './state.ts';
export type { SandboxService } from './tariff.ts';
