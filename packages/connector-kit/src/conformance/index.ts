export { channelConformance, channelRules, type ChannelRule, type ConformanceCase } from './channel.ts';
export { conformanceRecord, type ConformanceRecord } from './record.ts';
export {
  channelFeatures,
  type BenchOrder,
  type BenchOrderState,
  type BenchShop,
  type BenchWebhook,
  type ChannelBench,
  type ChannelFeature,
  type ChannelSubject,
  type Later,
  type SubjectGiven,
} from './subject.ts';
