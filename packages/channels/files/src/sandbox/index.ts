export { withDirectoryFaults } from './faulty-directory.ts';
export { memoryDirectory, type MemoryDirectory } from './memory-directory.ts';
export { csvOfOrders, jsonOfOrders } from './order-text.ts';
export { createFilesSandbox, type FilesSandbox, type FilesSandboxOptions, type NewPartnerOrder } from './partner.ts';
export type { PartnerOrder } from './partner-state.ts';
