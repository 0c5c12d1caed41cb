export { createExampleVendorSandbox, type ExampleVendorSandbox, type ExampleVendorSandboxOptions, type NewOrder } from './sandbox.ts';
