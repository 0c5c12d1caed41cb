export { createMiraklSandbox, type MiraklSandbox, type MiraklSandboxOptions, type NewOrder, type OrderSnapshot } from './sandbox.ts';
export type { SandboxAddress } from './state.ts';
