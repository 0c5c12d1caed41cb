export { createDhlParcelDeSandbox, type DhlParcelDeSandbox, type DhlParcelDeSandboxOptions, type SandboxLabel } from './sandbox.ts';
export type { OrderTrouble } from './state.ts';
