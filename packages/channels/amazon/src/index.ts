export { amazonChannel, type AmazonChannel, type AmazonChannelOptions } from './channel.ts';
export { amazonBucketName, amazonBuckets, usagePlans, type AmazonOperation } from './limits.ts';
export type { LoginCredentials } from './login.ts';
export { marketplaces, regionOrigins, type AmazonRegion, type Marketplace } from './marketplaces.ts';
export {
  readNotification,
  takeNotifications,
  type AmazonNotification,
  type NotificationQueue,
  type QueueMessage,
} from './notifications.ts';
export { amazonRetentionDays, subjectsToErase, type KeptPerson } from './purge.ts';
export type { AmazonSettlement, SettlementLine } from './settlements.ts';
export type { NotificationDestination } from './subscriptions.ts';
