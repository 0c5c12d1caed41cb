export type { Endpoint, NotificationDelivery, SignedNotification } from './notifications.ts';
export type { NewItem, NewOrder } from './placing.ts';
export { createEbaySandbox, type EbayOrderSnapshot, type EbaySandbox, type EbaySandboxOptions } from './sandbox.ts';
export type { SandboxAddress } from './state.ts';
