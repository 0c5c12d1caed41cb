export type { NewOrder } from './placing.ts';
export { createWalmartSandbox, type WalmartOrderSnapshot, type WalmartSandbox, type WalmartSandboxOptions } from './sandbox.ts';
export type { SandboxAddress } from './state.ts';
export type { NotificationDelivery, SignedNotification } from './webhooks.ts';
