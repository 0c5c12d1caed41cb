/**
 * What is done to orders beyond shipping them: cancelling, editing, refunding, capturing, returning, holding; and metafields, webhook subscriptions and bulk operations. Joined to the schema
 * of `schema.ts`.
 */
export const operationTypes = /* GraphQL */ `
  extend type QueryRoot {
    job(id: ID!): Job
    return(id: ID!): Return
    refund(id: ID!): Refund
    bulkOperation(id: ID!): BulkOperation
    webhookSubscriptions(
      first: Int
      last: Int
      after: String
      before: String
      reverse: Boolean = false
      topics: [WebhookSubscriptionTopic!]
      uri: String
    ): WebhookSubscriptionConnection!
  }

  extend type Mutation {
    orderCancel(
      orderId: ID!
      reason: OrderCancelReason!
      restock: Boolean!
      refundMethod: OrderCancelRefundMethodInput
      notifyCustomer: Boolean = false
      staffNote: String = null
    ): OrderCancelPayload
    orderEditBegin(id: ID!): OrderEditBeginPayload
    orderEditSetQuantity(id: ID!, lineItemId: ID!, quantity: Int!, restock: Boolean): OrderEditSetQuantityPayload
    orderEditCommit(id: ID!, notifyCustomer: Boolean, staffNote: String): OrderEditCommitPayload
    refundCreate(input: RefundInput!): RefundCreatePayload
    orderCapture(input: OrderCaptureInput!): OrderCapturePayload
    metafieldsSet(metafields: [MetafieldsSetInput!]!): MetafieldsSetPayload
    fulfillmentOrderHold(id: ID!, fulfillmentHold: FulfillmentOrderHoldInput!): FulfillmentOrderHoldPayload
    fulfillmentOrderReleaseHold(id: ID!, holdIds: [ID!], externalId: String): FulfillmentOrderReleaseHoldPayload
    webhookSubscriptionCreate(
      topic: WebhookSubscriptionTopic!
      webhookSubscription: WebhookSubscriptionInput!
    ): WebhookSubscriptionCreatePayload
    webhookSubscriptionUpdate(id: ID!, webhookSubscription: WebhookSubscriptionInput!): WebhookSubscriptionUpdatePayload
    bulkOperationRunQuery(query: String!, groupObjects: Boolean! = false): BulkOperationRunQueryPayload
  }

  type Job {
    id: ID!
    done: Boolean!
  }

  enum OrderCancelReason {
    CUSTOMER
    DECLINED
    FRAUD
    INVENTORY
    OTHER
    STAFF
  }
  input OrderCancelRefundMethodInput @oneOf {
    originalPaymentMethodsRefund: Boolean
  }
  enum OrderCancelUserErrorCode {
    INTERNAL_ERROR
    INVALID
    NOT_FOUND
    NO_REFUND_PERMISSION
  }
  type OrderCancelUserError {
    code: OrderCancelUserErrorCode
    field: [String!]
    message: String!
  }
  type OrderCancelPayload {
    job: Job
    orderCancelUserErrors: [OrderCancelUserError!]!
  }
  type OrderCancellation {
    staffNote: String
  }

  type CalculatedLineItem {
    id: ID!
    quantity: Int!
    editableQuantity: Int!
    sku: String
    title: String!
  }
  type CalculatedLineItemConnection {
    nodes: [CalculatedLineItem!]!
    edges: [CalculatedLineItemEdge!]!
    pageInfo: PageInfo!
  }
  type CalculatedLineItemEdge {
    cursor: String!
    node: CalculatedLineItem!
  }
  type CalculatedOrder implements Node {
    id: ID!
    lineItems(first: Int, last: Int, after: String, before: String, reverse: Boolean = false): CalculatedLineItemConnection!
  }
  type OrderEditBeginPayload {
    calculatedOrder: CalculatedOrder
    userErrors: [UserError!]!
  }
  type OrderEditSetQuantityPayload {
    calculatedLineItem: CalculatedLineItem
    userErrors: [UserError!]!
  }
  type OrderEditCommitPayload {
    order: Order
    userErrors: [UserError!]!
  }

  enum OrderTransactionKind {
    AUTHORIZATION
    CAPTURE
    CHANGE
    EMV_AUTHORIZATION
    REFUND
    SALE
    SUGGESTED_REFUND
    VOID
  }
  enum OrderTransactionStatus {
    AWAITING_RESPONSE
    ERROR
    FAILURE
    PENDING
    SUCCESS
    UNKNOWN
  }
  type OrderTransaction implements Node {
    id: ID!
    kind: OrderTransactionKind!
    status: OrderTransactionStatus!
    gateway: String
    amountSet: MoneyBag!
    totalUnsettledSet: MoneyBag
    createdAt: DateTime!
    parentTransaction: OrderTransaction
  }
  type OrderTransactionConnection {
    nodes: [OrderTransaction!]!
    edges: [OrderTransactionEdge!]!
    pageInfo: PageInfo!
  }
  type OrderTransactionEdge {
    cursor: String!
    node: OrderTransaction!
  }
  input OrderTransactionInput {
    amount: Money!
    gateway: String!
    kind: OrderTransactionKind!
    orderId: ID!
    parentId: ID
  }

  enum RefundLineItemRestockType {
    CANCEL
    LEGACY_RESTOCK
    NO_RESTOCK
    RETURN
  }
  input RefundLineItemInput {
    lineItemId: ID!
    locationId: ID
    quantity: Int!
    restockType: RefundLineItemRestockType
  }
  input ShippingRefundInput {
    amount: Money
    fullRefund: Boolean
  }
  enum OrderAdjustmentInputDiscrepancyReason {
    CUSTOMER
    DAMAGE
    OTHER
    RESTOCK
  }
  input RefundInput {
    allowOverRefunding: Boolean = false
    currency: CurrencyCode
    discrepancyReason: OrderAdjustmentInputDiscrepancyReason
    note: String
    notify: Boolean
    orderId: ID!
    refundLineItems: [RefundLineItemInput!]
    shipping: ShippingRefundInput
    transactions: [OrderTransactionInput!]
  }
  type Refund implements Node {
    id: ID!
    legacyResourceId: UnsignedInt64!
    note: String
    createdAt: DateTime
    totalRefundedSet: MoneyBag!
    transactions(first: Int, last: Int, after: String, before: String, reverse: Boolean = false): OrderTransactionConnection!
  }
  type RefundConnection {
    nodes: [Refund!]!
    edges: [RefundEdge!]!
    pageInfo: PageInfo!
  }
  type RefundEdge {
    cursor: String!
    node: Refund!
  }
  type RefundCreatePayload {
    refund: Refund
    order: Order
    userErrors: [UserError!]!
  }
  enum SuggestedOrderTransactionKind {
    SUGGESTED_REFUND
  }
  type SuggestedOrderTransaction {
    amountSet: MoneyBag!
    gateway: String
    kind: SuggestedOrderTransactionKind!
    maximumRefundableSet: MoneyBag
    parentTransaction: OrderTransaction
  }
  type ShippingRefund {
    amountSet: MoneyBag!
    maximumRefundableSet: MoneyBag!
    taxSet: MoneyBag!
  }
  type SuggestedRefund {
    amountSet: MoneyBag!
    maximumRefundableSet: MoneyBag!
    shipping: ShippingRefund!
    suggestedTransactions: [SuggestedOrderTransaction!]!
  }

  input OrderCaptureInput {
    amount: Money!
    currency: CurrencyCode
    finalCapture: Boolean
    id: ID!
    parentTransactionId: ID!
  }
  type OrderCapturePayload {
    transaction: OrderTransaction
    userErrors: [UserError!]!
  }

  type Metafield implements Node {
    id: ID!
    namespace: String!
    key: String!
    type: String!
    value: String!
  }
  input MetafieldsSetInput {
    compareDigest: String
    key: String!
    namespace: String
    ownerId: ID!
    type: String
    value: String!
  }
  enum MetafieldsSetUserErrorCode {
    BLANK
    INVALID
    INVALID_TYPE
    INVALID_VALUE
    TOO_LONG
    TOO_SHORT
  }
  type MetafieldsSetUserError {
    code: MetafieldsSetUserErrorCode
    elementIndex: Int
    field: [String!]
    message: String!
  }
  type MetafieldsSetPayload {
    metafields: [Metafield!]
    userErrors: [MetafieldsSetUserError!]!
  }

  enum OrderReturnStatus {
    INSPECTION_COMPLETE
    IN_PROGRESS
    NO_RETURN
    RETURNED
    RETURN_FAILED
    RETURN_REQUESTED
  }
  extend type Order {
    cancelReason: OrderCancelReason
    cancellation: OrderCancellation
    returnStatus: OrderReturnStatus!
    metafield(namespace: String, key: String!): Metafield
    refunds(first: Int): [Refund!]!
    transactions(capturable: Boolean, first: Int): [OrderTransaction!]!
    suggestedRefund(
      refundLineItems: [RefundLineItemInput!]
      refundShipping: Boolean
      shippingAmount: Money
      suggestFullRefund: Boolean = false
    ): SuggestedRefund
    returns(first: Int, last: Int, after: String, before: String, reverse: Boolean = false): ReturnConnection!
  }
  extend type LineItem {
    refundableQuantity: Int!
  }

  enum ReturnStatus {
    CANCELED
    CLOSED
    DECLINED
    OPEN
    REQUESTED
  }
  type ReturnReasonDefinition implements Node {
    id: ID!
    handle: String!
    name: String!
  }
  interface ReturnLineItemType implements Node {
    id: ID!
    quantity: Int!
    processedQuantity: Int!
    returnReasonDefinition: ReturnReasonDefinition
  }
  type ReturnLineItem implements Node & ReturnLineItemType {
    id: ID!
    quantity: Int!
    processedQuantity: Int!
    returnReasonDefinition: ReturnReasonDefinition
    fulfillmentLineItem: FulfillmentLineItem!
  }
  type ReturnLineItemTypeConnection {
    nodes: [ReturnLineItemType!]!
    edges: [ReturnLineItemTypeEdge!]!
    pageInfo: PageInfo!
  }
  type ReturnLineItemTypeEdge {
    cursor: String!
    node: ReturnLineItemType!
  }
  type ReverseDeliveryTrackingV2 {
    carrierName: String
    number: String
  }
  type ReverseDeliveryShippingDeliverable {
    tracking: ReverseDeliveryTrackingV2
  }
  union ReverseDeliveryDeliverable = ReverseDeliveryShippingDeliverable
  type ReverseDelivery implements Node {
    id: ID!
    deliverable: ReverseDeliveryDeliverable
  }
  type ReverseDeliveryConnection {
    nodes: [ReverseDelivery!]!
    edges: [ReverseDeliveryEdge!]!
    pageInfo: PageInfo!
  }
  type ReverseDeliveryEdge {
    cursor: String!
    node: ReverseDelivery!
  }
  type ReverseFulfillmentOrder implements Node {
    id: ID!
    reverseDeliveries(first: Int, last: Int, after: String, before: String, reverse: Boolean = false): ReverseDeliveryConnection!
  }
  type ReverseFulfillmentOrderConnection {
    nodes: [ReverseFulfillmentOrder!]!
    edges: [ReverseFulfillmentOrderEdge!]!
    pageInfo: PageInfo!
  }
  type ReverseFulfillmentOrderEdge {
    cursor: String!
    node: ReverseFulfillmentOrder!
  }
  type Return implements Node {
    id: ID!
    name: String!
    status: ReturnStatus!
    createdAt: DateTime!
    order: Order!
    refunds(first: Int, last: Int, after: String, before: String, reverse: Boolean = false): RefundConnection!
    returnLineItems(first: Int, last: Int, after: String, before: String, reverse: Boolean = false): ReturnLineItemTypeConnection!
    reverseFulfillmentOrders(
      first: Int
      last: Int
      after: String
      before: String
      reverse: Boolean = false
    ): ReverseFulfillmentOrderConnection!
  }
  type ReturnConnection {
    nodes: [Return!]!
    edges: [ReturnEdge!]!
    pageInfo: PageInfo!
  }
  type ReturnEdge {
    cursor: String!
    node: Return!
  }

  enum ProductStatus {
    ACTIVE
    ARCHIVED
    DRAFT
    UNLISTED
  }
  type Product implements Node {
    id: ID!
    title: String!
    status: ProductStatus!
  }
  extend type ProductVariant {
    product: Product!
  }

  enum FulfillmentHoldReason {
    AWAITING_PAYMENT
    AWAITING_RETURN_ITEMS
    HIGH_RISK_OF_FRAUD
    INCORRECT_ADDRESS
    INVENTORY_OUT_OF_STOCK
    ONLINE_STORE_POST_PURCHASE_CROSS_SELL
    OTHER
    UNKNOWN_DELIVERY_DATE
  }
  type FulfillmentHold implements Node {
    id: ID!
    handle: String
    reason: FulfillmentHoldReason!
    reasonNotes: String
    heldByRequestingApp: Boolean!
  }
  extend type FulfillmentOrder {
    fulfillmentHolds: [FulfillmentHold!]!
  }
  input FulfillmentOrderHoldInput {
    externalId: String
    fulfillmentOrderLineItems: [FulfillmentOrderLineItemInput!] = []
    handle: String = ""
    notifyMerchant: Boolean = false
    reason: FulfillmentHoldReason!
    reasonNotes: String
  }
  enum FulfillmentOrderHoldUserErrorCode {
    DUPLICATED_FULFILLMENT_ORDER_LINE_ITEMS
    DUPLICATE_FULFILLMENT_HOLD_HANDLE
    FULFILLMENT_ORDER_HOLD_LIMIT_REACHED
    FULFILLMENT_ORDER_NOT_FOUND
    FULFILLMENT_ORDER_NOT_SPLITTABLE
    GREATER_THAN_ZERO
    INVALID_LINE_ITEM_QUANTITY
    TAKEN
  }
  type FulfillmentOrderHoldUserError {
    code: FulfillmentOrderHoldUserErrorCode
    field: [String!]
    message: String!
  }
  type FulfillmentOrderHoldPayload {
    fulfillmentHold: FulfillmentHold
    fulfillmentOrder: FulfillmentOrder
    remainingFulfillmentOrder: FulfillmentOrder
    userErrors: [FulfillmentOrderHoldUserError!]!
  }
  enum FulfillmentOrderReleaseHoldUserErrorCode {
    FULFILLMENT_ORDER_NOT_FOUND
    INVALID_ACCESS
  }
  type FulfillmentOrderReleaseHoldUserError {
    code: FulfillmentOrderReleaseHoldUserErrorCode
    field: [String!]
    message: String!
  }
  type FulfillmentOrderReleaseHoldPayload {
    fulfillmentOrder: FulfillmentOrder
    userErrors: [FulfillmentOrderReleaseHoldUserError!]!
  }

  enum WebhookSubscriptionTopic {
    APP_UNINSTALLED
    BULK_OPERATIONS_FINISH
    FULFILLMENTS_CREATE
    FULFILLMENT_ORDERS_HOLD_RELEASED
    FULFILLMENT_ORDERS_MOVED
    FULFILLMENT_ORDERS_PLACED_ON_HOLD
    INVENTORY_LEVELS_UPDATE
    ORDERS_CANCELLED
    ORDERS_CREATE
    ORDERS_EDITED
    ORDERS_PAID
    ORDERS_RISK_ASSESSMENT_CHANGED
    ORDERS_UPDATED
    PRODUCTS_UPDATE
    REFUNDS_CREATE
    RETURNS_APPROVE
    RETURNS_CANCEL
    RETURNS_CLOSE
    RETURNS_DECLINE
    RETURNS_PROCESS
    RETURNS_REOPEN
    RETURNS_REQUEST
    RETURNS_UPDATE
  }
  enum WebhookSubscriptionFormat {
    JSON
    XML
  }
  type WebhookSubscription implements Node {
    id: ID!
    topic: WebhookSubscriptionTopic!
    uri: String!
    format: WebhookSubscriptionFormat!
    filter: String
    includeFields: [String!]!
  }
  type WebhookSubscriptionConnection {
    nodes: [WebhookSubscription!]!
    edges: [WebhookSubscriptionEdge!]!
    pageInfo: PageInfo!
  }
  type WebhookSubscriptionEdge {
    cursor: String!
    node: WebhookSubscription!
  }
  input WebhookSubscriptionInput {
    filter: String
    format: WebhookSubscriptionFormat
    includeFields: [String!]
    uri: String
  }
  type WebhookSubscriptionCreatePayload {
    webhookSubscription: WebhookSubscription
    userErrors: [UserError!]!
  }
  type WebhookSubscriptionUpdatePayload {
    webhookSubscription: WebhookSubscription
    userErrors: [UserError!]!
  }

  enum BulkOperationStatus {
    CANCELED
    CANCELING
    COMPLETED
    CREATED
    EXPIRED
    FAILED
    RUNNING
  }
  enum BulkOperationErrorCode {
    ACCESS_DENIED
    INTERNAL_SERVER_ERROR
    TIMEOUT
  }
  type BulkOperation implements Node {
    id: ID!
    status: BulkOperationStatus!
    errorCode: BulkOperationErrorCode
    query: String!
    createdAt: DateTime!
    completedAt: DateTime
    objectCount: UnsignedInt64!
    rootObjectCount: UnsignedInt64!
    fileSize: UnsignedInt64
    url: URL
    partialDataUrl: URL
  }
  enum BulkOperationUserErrorCode {
    INVALID
    LIMIT_REACHED
    OPERATION_IN_PROGRESS
  }
  type BulkOperationUserError {
    code: BulkOperationUserErrorCode
    field: [String!]
    message: String!
  }
  type BulkOperationRunQueryPayload {
    bulkOperation: BulkOperation
    userErrors: [BulkOperationUserError!]!
  }
`;
