export { carrierConformance, carrierRules, type CarrierRule } from './carriers/carrier.ts';
export { carrierRecord, type CarrierRecord } from './carriers/record.ts';
export {
  carrierFeatures,
  type CarrierBench,
  type CarrierDesk,
  type CarrierFeature,
  type CarrierSubject,
  type DeskLabel,
  type DeskTrouble,
} from './carriers/subject.ts';
export { channelConformance, channelRules, type ChannelRule } from './channel.ts';
export type { ConformanceCase } from './rule.ts';
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
