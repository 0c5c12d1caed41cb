export { miraklChannel, type MiraklChannelOptions } from './channel.ts';
export { miraklBucketName, miraklBuckets, type MiraklLimit } from './limits.ts';
export type { ReasonCodes } from './reasons.ts';
