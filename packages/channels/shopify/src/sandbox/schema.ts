import { buildSchema } from 'graphql';
import { operationTypes } from './schema-operations.ts';

/** Shop, stock, orders, and how they ship. */
const coreTypes = /* GraphQL */ `
  directive @idempotent(key: String!) on FIELD

  scalar DateTime
  scalar Decimal
  scalar Money
  scalar URL
  scalar UnsignedInt64

  schema {
    query: QueryRoot
    mutation: Mutation
  }

  interface Node {
    id: ID!
  }

  type QueryRoot {
    shop: Shop!
    currentAppInstallation: AppInstallation!
    publicApiVersions: [ApiVersion!]!
    node(id: ID!): Node
    nodes(ids: [ID!]!): [Node]!
    order(id: ID!): Order
    orders(
      first: Int
      last: Int
      after: String
      before: String
      reverse: Boolean = false
      query: String
      sortKey: OrderSortKeys = PROCESSED_AT
    ): OrderConnection!
    location(id: ID): Location
    locations(first: Int, last: Int, after: String, before: String, reverse: Boolean = false): LocationConnection!
    inventoryItem(id: ID!): InventoryItem
    inventoryItems(first: Int, last: Int, after: String, before: String, reverse: Boolean = false, query: String): InventoryItemConnection!
    productVariants(
      first: Int
      last: Int
      after: String
      before: String
      reverse: Boolean = false
      query: String
    ): ProductVariantConnection!
    fulfillmentOrder(id: ID!): FulfillmentOrder
    fulfillment(id: ID!): Fulfillment
  }

  type Mutation {
    inventorySetQuantities(input: InventorySetQuantitiesInput!): InventorySetQuantitiesPayload
    inventoryActivate(inventoryItemId: ID!, locationId: ID!, available: Int, onHand: Int): InventoryActivatePayload
    fulfillmentCreate(fulfillment: FulfillmentInput!, message: String): FulfillmentCreatePayload
    fulfillmentOrderMove(
      id: ID!
      newLocationId: ID!
      fulfillmentOrderLineItems: [FulfillmentOrderLineItemInput!]
    ): FulfillmentOrderMovePayload
    fulfillmentOrderSplit(fulfillmentOrderSplits: [FulfillmentOrderSplitInput!]!): FulfillmentOrderSplitPayload
  }

  type PageInfo {
    hasNextPage: Boolean!
    hasPreviousPage: Boolean!
    startCursor: String
    endCursor: String
  }

  scalar CurrencyCode
  scalar CountryCode

  type MoneyV2 {
    amount: Decimal!
    currencyCode: CurrencyCode!
  }
  type MoneyBag {
    shopMoney: MoneyV2!
    presentmentMoney: MoneyV2!
  }

  type Shop implements Node {
    id: ID!
    name: String!
    myshopifyDomain: String!
    currencyCode: CurrencyCode!
    taxesIncluded: Boolean!
    ianaTimezone: String!
  }
  type AppInstallation implements Node {
    id: ID!
    accessScopes: [AccessScope!]!
  }
  type AccessScope {
    handle: String!
    description: String!
  }
  type ApiVersion {
    handle: String!
    displayName: String!
    supported: Boolean!
  }

  type Location implements Node {
    id: ID!
    legacyResourceId: UnsignedInt64!
    name: String!
    isActive: Boolean!
    shipsInventory: Boolean!
    fulfillsOnlineOrders: Boolean!
  }
  type LocationConnection {
    nodes: [Location!]!
    edges: [LocationEdge!]!
    pageInfo: PageInfo!
  }
  type LocationEdge {
    cursor: String!
    node: Location!
  }

  type ProductVariant implements Node {
    id: ID!
    legacyResourceId: UnsignedInt64!
    sku: String
    title: String!
    displayName: String!
    price: Money!
    inventoryQuantity: Int
    inventoryItem: InventoryItem!
  }
  type ProductVariantConnection {
    nodes: [ProductVariant!]!
    edges: [ProductVariantEdge!]!
    pageInfo: PageInfo!
  }
  type ProductVariantEdge {
    cursor: String!
    node: ProductVariant!
  }

  enum WeightUnit {
    GRAMS
    KILOGRAMS
    OUNCES
    POUNDS
  }
  type Weight {
    unit: WeightUnit!
    value: Float!
  }
  type InventoryItemMeasurement implements Node {
    id: ID!
    weight: Weight
  }
  type InventoryItem implements Node {
    id: ID!
    legacyResourceId: UnsignedInt64!
    sku: String
    tracked: Boolean!
    requiresShipping: Boolean!
    duplicateSkuCount: Int!
    measurement: InventoryItemMeasurement!
    inventoryLevel(locationId: ID!, includeInactive: Boolean = false): InventoryLevel
    inventoryLevels(
      first: Int
      last: Int
      after: String
      before: String
      reverse: Boolean = false
      includeInactive: Boolean = false
    ): InventoryLevelConnection!
  }
  type InventoryItemConnection {
    nodes: [InventoryItem!]!
    edges: [InventoryItemEdge!]!
    pageInfo: PageInfo!
  }
  type InventoryItemEdge {
    cursor: String!
    node: InventoryItem!
  }
  type InventoryLevel implements Node {
    id: ID!
    isActive: Boolean!
    item: InventoryItem!
    location: Location!
    quantities(names: [String!]!): [InventoryQuantity!]!
  }
  type InventoryLevelConnection {
    nodes: [InventoryLevel!]!
    edges: [InventoryLevelEdge!]!
    pageInfo: PageInfo!
  }
  type InventoryLevelEdge {
    cursor: String!
    node: InventoryLevel!
  }
  type InventoryQuantity {
    name: String!
    quantity: Int!
  }

  enum OrderSortKeys {
    CREATED_AT
    ID
    ORDER_NUMBER
    PROCESSED_AT
    UPDATED_AT
  }
  enum OrderDisplayFinancialStatus {
    AUTHORIZED
    EXPIRED
    PAID
    PARTIALLY_PAID
    PARTIALLY_REFUNDED
    PENDING
    REFUNDED
    VOIDED
  }
  enum OrderDisplayFulfillmentStatus {
    FULFILLED
    FULFILLMENT_NOT_REQUIRED
    IN_PROGRESS
    ON_HOLD
    OPEN
    PARTIALLY_FULFILLED
    PENDING_FULFILLMENT
    REQUEST_DECLINED
    RESTOCKED
    SCHEDULED
    UNFULFILLED
  }
  enum RiskAssessmentResult {
    HIGH
    LOW
    MEDIUM
    NONE
    PENDING
  }
  enum OrderRiskRecommendationResult {
    ACCEPT
    CANCEL
    INVESTIGATE
    NONE
  }

  type Order implements Node {
    id: ID!
    legacyResourceId: UnsignedInt64!
    name: String!
    number: Int!
    test: Boolean!
    confirmed: Boolean!
    createdAt: DateTime!
    processedAt: DateTime!
    updatedAt: DateTime!
    cancelledAt: DateTime
    closedAt: DateTime
    closed: Boolean!
    email: String
    phone: String
    note: String
    tags: [String!]!
    poNumber: String
    paymentTerms: PaymentTerms
    purchasingEntity: PurchasingEntity
    customer: Customer
    shippingAddress: MailingAddress
    billingAddress: MailingAddress
    currencyCode: CurrencyCode!
    presentmentCurrencyCode: CurrencyCode!
    taxesIncluded: Boolean!
    displayFinancialStatus: OrderDisplayFinancialStatus
    displayFulfillmentStatus: OrderDisplayFulfillmentStatus!
    risk: OrderRiskSummary!
    totalPriceSet: MoneyBag!
    currentTotalPriceSet: MoneyBag!
    subtotalPriceSet: MoneyBag
    totalTaxSet: MoneyBag
    currentTotalTaxSet: MoneyBag!
    totalDiscountsSet: MoneyBag
    totalShippingPriceSet: MoneyBag!
    currentShippingPriceSet: MoneyBag!
    currentTotalDutiesSet: MoneyBag
    currentTotalAdditionalFeesSet: MoneyBag
    totalReceivedSet: MoneyBag!
    totalRefundedSet: MoneyBag!
    netPaymentSet: MoneyBag!
    totalCapturableSet: MoneyBag!
    totalOutstandingSet: MoneyBag!
    shippingLines(
      first: Int
      last: Int
      after: String
      before: String
      reverse: Boolean = false
      includeRemovals: Boolean = false
    ): ShippingLineConnection!
    lineItems(first: Int, last: Int, after: String, before: String, reverse: Boolean = false): LineItemConnection!
    fulfillmentOrders(
      first: Int
      last: Int
      after: String
      before: String
      reverse: Boolean = false
      displayable: Boolean = false
    ): FulfillmentOrderConnection!
    fulfillments(first: Int): [Fulfillment!]!
  }
  type OrderConnection {
    nodes: [Order!]!
    edges: [OrderEdge!]!
    pageInfo: PageInfo!
  }
  type OrderEdge {
    cursor: String!
    node: Order!
  }

  type PaymentTerms implements Node {
    id: ID!
    paymentTermsName: String!
  }
  type Customer implements Node {
    id: ID!
    legacyResourceId: UnsignedInt64!
  }
  type PurchasingCompany {
    company: Company!
  }
  type Company implements Node {
    id: ID!
    name: String!
  }
  union PurchasingEntity = Customer | PurchasingCompany

  type MailingAddress implements Node {
    id: ID!
    name: String
    firstName: String
    lastName: String
    company: String
    address1: String
    address2: String
    city: String
    province: String
    provinceCode: String
    zip: String
    country: String
    countryCodeV2: CountryCode
    phone: String
  }

  type OrderRiskSummary {
    assessments: [OrderRiskAssessment!]!
    recommendation: OrderRiskRecommendationResult!
  }
  type OrderRiskAssessment {
    riskLevel: RiskAssessmentResult!
  }

  type TaxLine {
    title: String!
    priceSet: MoneyBag!
  }
  type DiscountAllocation {
    allocatedAmountSet: MoneyBag!
  }

  type LineItem implements Node {
    id: ID!
    sku: String
    title: String!
    name: String!
    quantity: Int!
    currentQuantity: Int!
    unfulfilledQuantity: Int!
    requiresShipping: Boolean!
    taxable: Boolean!
    variant: ProductVariant
    originalUnitPriceSet: MoneyBag!
    originalTotalSet: MoneyBag!
    discountAllocations: [DiscountAllocation!]!
    taxLines(first: Int): [TaxLine!]!
  }
  type LineItemConnection {
    nodes: [LineItem!]!
    edges: [LineItemEdge!]!
    pageInfo: PageInfo!
  }
  type LineItemEdge {
    cursor: String!
    node: LineItem!
  }

  type ShippingLine {
    id: ID
    title: String!
    code: String
    isRemoved: Boolean!
    originalPriceSet: MoneyBag!
    discountedPriceSet: MoneyBag!
    currentDiscountedPriceSet: MoneyBag!
    discountAllocations: [DiscountAllocation!]!
    taxLines: [TaxLine!]!
  }
  type ShippingLineConnection {
    nodes: [ShippingLine!]!
    edges: [ShippingLineEdge!]!
    pageInfo: PageInfo!
  }
  type ShippingLineEdge {
    cursor: String!
    node: ShippingLine!
  }

  enum FulfillmentOrderStatus {
    CANCELLED
    CLOSED
    INCOMPLETE
    IN_PROGRESS
    ON_HOLD
    OPEN
    SCHEDULED
  }
  enum DeliveryMethodType {
    LOCAL
    NONE
    PICKUP_POINT
    PICK_UP
    RETAIL
    SHIPPING
  }
  enum FulfillmentOrderAction {
    CANCEL_FULFILLMENT_ORDER
    CREATE_FULFILLMENT
    EXTERNAL
    HOLD
    MARK_AS_OPEN
    MERGE
    MOVE
    RELEASE_HOLD
    REPORT_PROGRESS
    REQUEST_CANCELLATION
    REQUEST_FULFILLMENT
    SPLIT
  }
  type FulfillmentOrderSupportedAction {
    action: FulfillmentOrderAction!
  }
  type DeliveryMethod implements Node {
    id: ID!
    methodType: DeliveryMethodType!
  }
  type FulfillmentOrderAssignedLocation {
    name: String!
    location: Location
  }
  type FulfillmentOrder implements Node {
    id: ID!
    orderId: ID!
    orderName: String!
    status: FulfillmentOrderStatus!
    createdAt: DateTime!
    updatedAt: DateTime!
    fulfillAt: DateTime
    deliveryMethod: DeliveryMethod
    assignedLocation: FulfillmentOrderAssignedLocation!
    supportedActions: [FulfillmentOrderSupportedAction!]!
    lineItems(first: Int, last: Int, after: String, before: String, reverse: Boolean = false): FulfillmentOrderLineItemConnection!
  }
  type FulfillmentOrderConnection {
    nodes: [FulfillmentOrder!]!
    edges: [FulfillmentOrderEdge!]!
    pageInfo: PageInfo!
  }
  type FulfillmentOrderEdge {
    cursor: String!
    node: FulfillmentOrder!
  }
  type FulfillmentOrderLineItem implements Node {
    id: ID!
    sku: String
    totalQuantity: Int!
    remainingQuantity: Int!
    requiresShipping: Boolean!
    inventoryItemId: ID
    lineItem: LineItem!
  }
  type FulfillmentOrderLineItemConnection {
    nodes: [FulfillmentOrderLineItem!]!
    edges: [FulfillmentOrderLineItemEdge!]!
    pageInfo: PageInfo!
  }
  type FulfillmentOrderLineItemEdge {
    cursor: String!
    node: FulfillmentOrderLineItem!
  }

  enum FulfillmentStatus {
    CANCELLED
    ERROR
    FAILURE
    OPEN
    PENDING
    SUCCESS
  }
  type FulfillmentTrackingInfo {
    company: String
    number: String
    url: URL
  }
  type FulfillmentLineItem implements Node {
    id: ID!
    quantity: Int
    lineItem: LineItem!
  }
  type FulfillmentLineItemConnection {
    nodes: [FulfillmentLineItem!]!
    edges: [FulfillmentLineItemEdge!]!
    pageInfo: PageInfo!
  }
  type FulfillmentLineItemEdge {
    cursor: String!
    node: FulfillmentLineItem!
  }
  type Fulfillment implements Node {
    id: ID!
    legacyResourceId: UnsignedInt64!
    name: String!
    status: FulfillmentStatus!
    createdAt: DateTime!
    updatedAt: DateTime!
    totalQuantity: Int!
    location: Location
    order: Order!
    trackingInfo(first: Int): [FulfillmentTrackingInfo!]!
    fulfillmentLineItems(first: Int, last: Int, after: String, before: String, reverse: Boolean = false): FulfillmentLineItemConnection!
  }

  type UserError {
    field: [String!]
    message: String!
  }

  input InventorySetQuantitiesInput {
    name: String!
    reason: String!
    referenceDocumentUri: String
    quantities: [InventoryQuantityInput!]!
  }
  input InventoryQuantityInput {
    inventoryItemId: ID!
    locationId: ID!
    quantity: Int!
    changeFromQuantity: Int
  }
  enum InventorySetQuantitiesUserErrorCode {
    CHANGE_FROM_QUANTITY_STALE
    COMPARE_QUANTITY_REQUIRED
    COMPARE_QUANTITY_STALE
    IDEMPOTENCY_CONCURRENT_REQUEST
    IDEMPOTENCY_KEY_PARAMETER_MISMATCH
    IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED
    INVALID_INVENTORY_ITEM
    INVALID_LOCATION
    INVALID_NAME
    INVALID_QUANTITY_NEGATIVE
    INVALID_QUANTITY_TOO_HIGH
    INVALID_QUANTITY_TOO_LOW
    INVALID_REASON
    INVALID_REFERENCE_DOCUMENT
    ITEM_NOT_STOCKED_AT_LOCATION
    NON_MUTABLE_INVENTORY_ITEM
    NO_DUPLICATE_INVENTORY_ITEM_ID_GROUP_ID_PAIR
  }
  type InventorySetQuantitiesUserError {
    code: InventorySetQuantitiesUserErrorCode
    field: [String!]
    message: String!
  }
  type InventoryChange {
    name: String!
    delta: Int!
    quantityAfterChange: Int
    item: InventoryItem
    location: Location
  }
  type InventoryAdjustmentGroup implements Node {
    id: ID!
    createdAt: DateTime!
    reason: String!
    referenceDocumentUri: String
    changes: [InventoryChange!]!
  }
  type InventorySetQuantitiesPayload {
    inventoryAdjustmentGroup: InventoryAdjustmentGroup
    userErrors: [InventorySetQuantitiesUserError!]!
  }
  type InventoryActivatePayload {
    inventoryLevel: InventoryLevel
    userErrors: [UserError!]!
  }

  input FulfillmentOrderLineItemInput {
    id: ID!
    quantity: Int!
  }
  input FulfillmentOrderLineItemsInput {
    fulfillmentOrderId: ID!
    fulfillmentOrderLineItems: [FulfillmentOrderLineItemInput!]
  }
  input FulfillmentTrackingInput {
    company: String
    number: String
    numbers: [String!]
    url: URL
    urls: [URL!]
  }
  input FulfillmentInput {
    lineItemsByFulfillmentOrder: [FulfillmentOrderLineItemsInput!]!
    notifyCustomer: Boolean = false
    trackingInfo: FulfillmentTrackingInput
  }
  type FulfillmentCreatePayload {
    fulfillment: Fulfillment
    userErrors: [UserError!]!
  }

  enum FulfillmentOrderMoveFulfillmentOrderMoveUserErrorCode {
    CANNOT_MOVE_FULFILLMENT_ORDER_WITH_REPORTED_PROGRESS
  }
  type FulfillmentOrderMoveFulfillmentOrderMoveUserError {
    code: FulfillmentOrderMoveFulfillmentOrderMoveUserErrorCode
    field: [String!]
    message: String!
  }
  type FulfillmentOrderMovePayload {
    movedFulfillmentOrder: FulfillmentOrder
    originalFulfillmentOrder: FulfillmentOrder
    remainingFulfillmentOrder: FulfillmentOrder
    userErrors: [FulfillmentOrderMoveFulfillmentOrderMoveUserError!]!
  }

  input FulfillmentOrderSplitInput {
    fulfillmentOrderId: ID!
    fulfillmentOrderLineItems: [FulfillmentOrderLineItemInput!]!
  }
  type FulfillmentOrderSplitResult {
    fulfillmentOrder: FulfillmentOrder!
    remainingFulfillmentOrder: FulfillmentOrder!
    replacementFulfillmentOrder: FulfillmentOrder
  }
  type FulfillmentOrderSplitUserError {
    field: [String!]
    message: String!
  }
  type FulfillmentOrderSplitPayload {
    fulfillmentOrderSplits: [FulfillmentOrderSplitResult!]
    userErrors: [FulfillmentOrderSplitUserError!]!
  }
`;

/**
 * The part of Shopify's Admin GraphQL schema that this sandbox plays, in the vendor's words and with its nullability (versions 2026-04 to 2026-10). A query on this part
 * runs here as it does there; anything else is refused as an unknown field. Codes of currencies and countries are scalars here.
 */
export const sandboxSchema = buildSchema(coreTypes + operationTypes);
