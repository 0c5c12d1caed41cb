export type { AskedCancellation, AskedRefund, RefundParts } from './asked-by-people.ts';
export { commandKinds, type CommandKind } from './command-kind.ts';
export { approvalPolicySchema, holdsForTwo, releaseStep, type ApprovalPolicy, type ReleaseStep } from './approvals.ts';
export type { OrderCommand } from './commands.ts';
export { compareRevisions } from './revisions.ts';
export { contentDifferences } from './content.ts';
export { decide, receive, type Decision, type ReceivedOrder } from './decide.ts';
export type { OrderEvent, OrderEventKind, RevisionChange, ShipmentEventKind, WrittenDelivery } from './events.ts';
export { exceptionKinds, type ExceptionCode, type ExceptionKind } from './exceptions.ts';
export { holdCodes, holdCodeSchema, placedHoldSchema, type Hold, type HoldCode, type PlacedHold, type Waiver } from './hold.ts';
export { moneyToTake } from './money-to-take.ts';
export type { ReturnFact } from './return-fact.ts';
export { orderLifecycle, shipmentLifecycle, type Step } from './lifecycle.ts';
export {
  allHasLeft,
  openLines,
  orderCaseSchema,
  orderStates,
  physicalLines,
  wantsSourcing,
  type OrderCase,
  type OrderState,
} from './order-case.ts';
export {
  hasLeft,
  isLive,
  packedBySchema,
  shipmentDraftSchema,
  shipmentSchema,
  shipmentStates,
  unlabelledParcels,
  type ParcelLabel,
  type Shipment,
  type ShipmentDraft,
  shipmentLineSchema,
  type ShipmentLine,
  type ShipmentState,
  type WithdrawnLabel,
  type PackedBy,
} from './shipment.ts';
export { avoidedNodeSchema, takenBackReasons, type AvoidedNode, type TakenBackReason } from './avoided-node.ts';
export { whyNotTakenBack, type TakenBack } from './taking-back.ts';
export { counts, orderOverrideSchema, overridableChecks, type OrderOverride } from './override.ts';
export type { KnownAddress } from './carrier-address.ts';
export { checkOrder, type CheckedOrder } from './checks.ts';
export { checkPolicySchema, type CheckPolicy } from './check-policy.ts';
export { isWithin, limitOf, limitsSchema, type Limits } from './limits.ts';
export { isMeant, orderConditionSchema, type ConditionedOrder, type OrderCondition } from './order-condition.ts';
export { pastOrderOf, pastOrderSchema, type PastOrder } from './past-order.ts';
export { similarSkus, spellingsOf } from './similar-skus.ts';
export { fitsSku, hasTag, skuTagsSchema, type SkuTags } from './sku-tags.ts';
export { figureClasses, figures, type FigureClass } from './figures.ts';
export { lifecycleMarkdown } from './lifecycle-markdown.ts';
export { checkPacking, packPolicySchema, type PackedShipment, type PackPolicy } from './pack-check.ts';
export { dispatchDateAt, dispatchDay, waveScheduleSchema, waveSlots, type WaveNode, type WaveSchedule, type WorkingDays } from './wave.ts';
export {
  followedParcelSchema,
  keptScans,
  parcelScanSchema,
  scanOf,
  stepParcel,
  type FollowedParcel,
  type ParcelNews,
  type ParcelScan,
  type ParcelStep,
} from './followed-parcel.ts';
export { parcelConcernCodes, parcelConcernMeanings, type ParcelConcern, type ParcelConcernCode } from './parcel-concerns.ts';
export {
  isTrackingOver,
  trackAgainInMs,
  trackingAlarms,
  trackingStanding,
  usualTrackingWatch,
  type TrackingAlarm,
  type TrackingStanding,
  type TrackingWatch,
} from './tracking.ts';
export { crewSchema, readCrewFile, type Crew, type CrewFile, type Shift } from './crew.ts';
export { groupings, releasePolicySchema, type Grouping, type ReleasePolicy } from './release-policy.ts';
export { planRelease, type Later, type ReleaseGiven, type ReleasePlan } from './release-plan.ts';
export type { CutoffBacklog, NodeBacklog } from './release-backlog.ts';
export type { PickGroup } from './release-groups.ts';
export type { ReleaseNode, ReleaseShipment } from './release-shipment.ts';
export { agingOf, type AgeBucket, type Aging, type AgingOrder, type EndangeredPromise } from './aging.ts';
export { comparePacked, type PackedParcel } from './pack-comparison.ts';
