export { jitteredDelayMs } from './backoff.ts';
export type { AddressVerdict } from './address-verdict.ts';
export {
  carrierEffects,
  labelDocumentSchema,
  labelFormats,
  labelSchema,
  plainDelivery,
  type Arrival,
  type ArrivalPercentile,
  type Carrier,
  type CarrierCapabilities,
  type CarrierEffect,
  type CarrierProbe,
  type DeliveryTerms,
  type FoundLabel,
  type Label,
  type LabelDocument,
  type LabelFormat,
  type LabelRef,
  type LabelRequest,
  type Rate,
  type RateAnswer,
  type RateRequest,
  type VoidOutcome,
} from './carrier.ts';
export type { BookedPickup, Manifested, ManifestRequest, PickupRequest } from './carrier-handover.ts';
export {
  trackingEventSchema,
  trackingReasons,
  trackingStates,
  type CarrierWebhookVerdict,
  type TrackingAnswer,
  type TrackingEvent,
  type TrackingReading,
  type TrackingReason,
  type TrackingState,
  type TrackingSubscribed,
  type TrackingSubscription,
} from './carrier-tracking.ts';
export { centsProof, type CentsProof, type CentsStep } from './cents-proof.ts';
export {
  channelEffects,
  everyNode,
  type Channel,
  type ChannelCapabilities,
  type ChannelCursor,
  type ChannelEffect,
  type ChannelProbe,
  type ConfirmedShipment,
  type OrderPage,
  type OrderStanding,
  type PulledOrder,
  type StandingsQuery,
  type UnreadableOrder,
  type PushedLevel,
  type ShipmentConfirmation,
  type StockLevel,
  type WebhookVerdict,
} from './channel.ts';
export {
  cancelReasons,
  refundReasons,
  type Acknowledged,
  type Acknowledgement,
  type Cancellation,
  type CancelReason,
  type Cancelled,
  type Capture,
  type Captured,
  type Refund,
  type Refunded,
  type RefundReason,
} from './channel-effect.ts';
export type { ChannelReturn, ChannelReturnLine, ReturnPage, ReturnReading } from './channel-return.ts';
export { chargeSchema, chargeTypes, type Charge, type ChargeType } from './charge.ts';
export type { Clock } from './clock.ts';
export { compareText } from './compare-text.ts';
export type { Customs, CustomsItem, CustomsTaxId } from './customs.ts';
export {
  erpEffects,
  type Erp,
  type ErpAdjustment,
  type ErpAllocation,
  type ErpBill,
  type ErpBillDraft,
  type ErpBillKey,
  type ErpBillLine,
  type ErpDelivery,
  type ErpDeliveryLine,
  type ErpBatch,
  type ErpBatchDraft,
  type ErpBatches,
  type ErpBatchKey,
  type ErpBatchMember,
  type ErpEffect,
  type ErpHistory,
  type ErpLeftOut,
  type ErpLineDraft,
  type ErpNode,
  type ErpOrder,
  type ErpOrderDraft,
  type ErpOrderKey,
  type ErpPast,
  type ErpProbe,
  type ErpProduct,
  type ErpReceipt,
  type ErpShipment,
  type ErpTodo,
  type ErpTodoDraft,
  type ErpTodoKey,
  type ErpTodos,
  type ErpVendorBills,
} from './erp.ts';
export {
  ConnectorFault,
  InvariantError,
  faultCodes,
  isFault,
  type FaultCode,
  type FaultFacts,
  type FaultOutcome,
  type FaultRetry,
} from './fault.ts';
export {
  keyText,
  orderKey,
  parseKey,
  scopeSchema,
  type ConnectionId,
  type NodeId,
  type Scope,
  type Sku,
  type SubjectId,
} from './identity.ts';
export {
  addDays,
  dayOfWeek,
  daysBetween,
  epochMs,
  instantAt,
  instantOf,
  instantSchema,
  localDate,
  localMinute,
  type Instant,
} from './instant.ts';
export { mapListings, type Listing, type ListingMap } from './listing.ts';
export {
  addMoney,
  currencyExponent,
  currencySchema,
  decimalOf,
  decimalSchema,
  formatMoney,
  money,
  moneyFromDecimal,
  moneySchema,
  multiplyPrice,
  sameMoney,
  shareMoney,
  shareUnits,
  subtractMoney,
  sumMoney,
  zero,
  type Money,
} from './money.ts';
export { fulfilmentNodeSchema, type FulfilmentNode } from './node.ts';
export type { Notice, Notifier } from './notifier.ts';
export { channelOrderSchema, orderLineSchema, paymentSchema, type ChannelOrder, type OrderLine, type Payment } from './order.ts';
export { parcelSchema, type Parcel } from './parcel.ts';
export { addressSchema, destinationOf, destinationSchema, personSchema, type Address, type Destination, type Person } from './person.ts';
export { provedAbsentRef, type ConnectorOperation, type EffectMemo, type EffectRefs, type Reconciled, type Safety } from './safety.ts';
export { kitComponentSchema, stockPositionSchema, type KitComponent, type StockPosition } from './stock.ts';
export { warehouseEffects, type Warehouse, type WarehouseEffect, type WarehouseReport, type WarehouseRequest } from './warehouse.ts';
export { webhooksAreSilent, type WebhookSubscription, type WebhookSubscriptions } from './webhook-subscriptions.ts';
export { typedLabelIn, typedLabelRefs, typedLabelSchema, type TypedLabel } from './typed-label.ts';
