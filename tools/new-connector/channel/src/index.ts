export { exampleVendorChannel, type ExampleVendorChannelOptions } from './channel.ts';
export { exampleVendorBucket, exampleVendorBucketName } from './limits.ts';
